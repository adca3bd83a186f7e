"""The API reference of ``solutions/``, a page of the instructor's edition alone."""

from pathlib import Path

PAGE = "publishing/sphinx_extension/api_reference"

# Not in `_config.yml`: nothing in the student's edition could document the library by accident.
EXTENSIONS = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc"]

SETTINGS = {
    "numpydoc_show_class_members": False,
    "autodoc_member_order": "bysource",
    "autodoc_typehints": "none",
    "autosummary_generate": False,
    # numpydoc writes the references of a docstring below it; not each is cited in its text.
    "suppress_warnings": ["myst.domains", "ref.footnote"],
}

SECTION = """
## {title}

```{{eval-rst}}
.. automodule:: solutions.{module}
   :members:
```
"""


def library_modules(root):
    """Return the names of the public modules of ``solutions/``, sorted."""
    return sorted(path.stem for path in (Path(root) / "solutions").glob("[!_]*.py"))


def write_sections(app, docname, source):
    """Add a section for each module to the page while Sphinx reads it."""
    if docname != PAGE or app.config.publishing_edition != "instructor":
        return
    # A module more or less changes the folder, so the page is read again.
    app.env.note_dependency(str(Path(app.srcdir) / "solutions"))
    for module in library_modules(app.srcdir):
        title = module.replace("_", " ").capitalize()
        source[0] += SECTION.format(title=title, module=module)
