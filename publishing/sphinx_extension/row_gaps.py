r"""Room between the rows of aligned formulas in which fractions or sums would touch.

MathJax leaves between two rows what suits single letters. An author writes ``\\`` and no length.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

ALIGNED = re.compile(r"(\\begin\{aligned\})(.*?)(\\end\{aligned\})", re.DOTALL)
TALL = re.compile(r"\\(?:[dt]?frac|sum|prod|int|underset|underbrace|overbrace)(?![a-zA-Z])")
INNER = re.compile(r"\\(begin|end)\{")
ROW = re.compile(r"\\\\(?![\[\\])")
GAP = r"\\[0.5em]"


def with_gaps(tex):
    r"""Set apart the rows of aligned formulas that are tall.

    Parameters
    ----------
    tex : str
        A displayed formula.

    Returns
    -------
    str
        The formula; rows of environments within the aligned one stay as they are.

    Examples
    --------
    >>> print(with_gaps(r"\begin{aligned} a &= \frac{1}{2} \\ b &= \frac{1}{3} \end{aligned}"))
    \begin{aligned} a &= \frac{1}{2} \\[0.5em] b &= \frac{1}{3} \end{aligned}
    """

    def spread(found):
        body = found[2]
        if INNER.search(body) or not TALL.search(body):
            return found[0]
        return found[1] + ROW.sub(lambda _: GAP, body) + found[3]

    return ALIGNED.sub(spread, tex)


class RowGaps(SphinxTransform):
    """Set apart the rows of a page's formulas."""

    default_priority = 620

    def apply(self, **kwargs):
        """Change the formulas."""
        for formula in self.document.findall(nodes.math_block):
            spread = with_gaps(formula.astext())
            if spread != formula.astext():
                formula.children = []
                formula += nodes.Text(spread)


def setup(app):
    """Connect the gaps to Sphinx."""
    app.add_transform(RowGaps)
