"""What of MathJax a page loads: component by component.

The combined file also holds a context menu and a speech engine, which make half of its megabyte;
formulas keep their hidden MathML for screen readers.
"""

PATH = "mathjax/startup.js"
CONFIG = {
    "loader": {"load": ["input/tex", "output/chtml", "a11y/assistive-mml"]},
    "options": {"enableAssistiveMml": True},
}
PARTS = (
    "startup.js",
    "core.js",
    "loader.js",
    "input/tex.js",
    "input/tex/extensions/",
    "output/chtml.js",
    "output/chtml/fonts/",
    "a11y/assistive-mml.js",
)
"""The files that these settings may ask for, and the folders of such files."""
