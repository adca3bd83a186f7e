"""A number and its percent sign stay on one line."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

SPACE = re.compile(r"(?<=\d) (?=%)")
NO_BREAK = "\N{NO-BREAK SPACE}"
AS_WRITTEN = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def join_percent_signs(document):
    """Put a space at which no line ends between a number and its percent sign.

    Parameters
    ----------
    document : docutils.nodes.document
        The page, which is changed. Code and formulas stay as they are.
    """
    for text in list(document.findall(nodes.Text)):
        if isinstance(text.parent, AS_WRITTEN):
            continue
        joined = SPACE.sub(NO_BREAK, text)
        place = text.parent.index(text)
        if joined.startswith(" %") and place and isinstance(text.parent[place - 1], nodes.math):
            joined = NO_BREAK + joined[1:]
        if joined != text:
            text.parent.replace(text, nodes.Text(joined))


class PercentSigns(SphinxPostTransform):
    """Do so on every page."""

    default_priority = 900

    def run(self, **kwargs):
        """Change the page."""
        join_percent_signs(self.document)


def setup(app):
    """Connect it to Sphinx."""
    app.add_post_transform(PercentSigns)
