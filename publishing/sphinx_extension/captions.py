"""Paragraphs that say in bold what they are: captions of figures, worked examples, predictions.

One that begins with ``**Figure 3.**`` looks like a caption and can be linked to, and "Figure 3" in
the text of the page leads there. Where it tells panels apart as left and right, it says top and
bottom on a screen on which they stand below each other.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

CAPTION = re.compile(r"Figure (\d+)(?: \(interactive\))?\.")
KINDS = {
    "worked-example": re.compile(r"(?:A|The) worked example\b[^.]*\."),
    "predict": re.compile(r"Predict, then run\."),
}
SIDE = re.compile(
    r"(?:(?<=[.;] )|(?<=\())"
    r"(?:On the (?:left|right)\b|(?:left|middle|right)(?=[:,)]))",
    re.IGNORECASE,
)
BELOW = {
    **{"Left": "Top", "left": "top", "Right": "Bottom", "right": "bottom"},
    **{"On the left": "At the top", "On the right": "At the bottom"},
}
"""What is said of panels side by side, and of the same ones below each other."""
MENTION = re.compile(r"Figure (\d+)\b")
NO_TEXT = (nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.raw, nodes.title)


def figure_captions(doctree):
    """Find the captions of a page.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page.

    Yields
    ------
    tuple of int and docutils.nodes.paragraph
        The figure's number and its caption.
    """
    for words, paragraph in _beginning_bold(doctree):
        if found := CAPTION.fullmatch(words):
            yield int(found[1]), paragraph


def _beginning_bold(doctree):
    """Yield the bold words that a paragraph begins with, and the paragraph."""
    for paragraph in doctree.findall(nodes.paragraph):
        spoken = [child for child in paragraph if child.astext()]
        if spoken and isinstance(spoken[0], nodes.strong):
            yield spoken[0].astext(), paragraph


class Captions(SphinxTransform):
    """Mark captions, and link what mentions them."""

    default_priority = 610

    def apply(self, **kwargs):
        """Change the page."""
        for words, paragraph in _beginning_bold(self.document):
            paragraph["classes"] += [kind for kind, name in KINDS.items() if name.fullmatch(words)]
        ids = {}
        for number, caption in figure_captions(self.document):
            name = f"figure-{number}"
            if number in ids or name in self.document.ids:
                continue
            ids[number] = name
            caption["classes"].append("figure-caption")
            if "(interactive)" in caption.astext().partition(".")[0]:
                caption["classes"].append("of-moving-figure")
            _say_both(caption)
            caption["ids"].append(name)
            self.document.ids[name] = caption
        if ids:
            for text in list(self.document.findall(nodes.Text)):
                if MENTION.search(text.astext()) and _is_prose(text):
                    text.parent.replace(text, list(_linked(text.astext(), ids)))


def _say_both(caption):
    """Say where the panels of a figure are for both of its layouts; styles show one of the two."""
    if {"left", "right"} <= {said.rpartition(" ")[2].lower() for said in sides(caption.astext())}:
        said = ""
        for text in list(caption.findall(nodes.Text)):
            text.parent.replace(text, list(_with_both(said, text.astext())))
            said += text.astext()


def sides(caption):
    """List what a caption calls the panels of its figure.

    Parameters
    ----------
    caption : str
        Its text.

    Returns
    -------
    list of str
        The words, in their order.

    Examples
    --------
    >>> sides("Figure 2. Left: a neuron. Right: two steps; right is what ends on the right.")
    ['Left', 'Right']
    >>> sides("Figure 7. The curves (left) agree. On the right nothing is left of them.")
    ['left', 'On the right']
    >>> sides("Figure 11. Left: a line. Predictions that are too right, and (right) two more.")
    ['Left', 'right']
    """
    return SIDE.findall(caption)


def _with_both(said, text):
    """Yield a text in pieces; whether a word names a panel also depends on what was said before."""
    whole, end = said + text, len(said)
    for found in SIDE.finditer(whole, end):
        if found[0] in BELOW:
            yield nodes.Text(whole[end : found.start()])
            yield nodes.inline("", found[0], classes=["beside"])
            yield nodes.inline("", BELOW[found[0]], classes=["stacked"])
            end = found.end()
    yield nodes.Text(whole[end:])


def _is_prose(text):
    """Tell whether a text is neither a link or code already, nor the beginning of a caption."""
    above = text.parent
    if isinstance(above, nodes.strong) and CAPTION.fullmatch(above.astext()):
        return False
    while above is not None:
        if isinstance(above, NO_TEXT) or above.tagname == "pending_xref":
            return False
        above = above.parent
    return True


def _linked(text, ids):
    """Yield a text in pieces, with a link for each figure of the page that it mentions."""
    end = 0
    for found in MENTION.finditer(text):
        number = int(found[1])
        if number in ids:
            yield nodes.Text(text[end : found.start()])
            # A non-breaking space: a line does not begin with the number.
            words = f"Figure\N{NO-BREAK SPACE}{number}"
            link = nodes.reference("", words, internal=True, refid=ids[number])
            link["classes"].append("figure-mention")
            yield link
            end = found.end()
    yield nodes.Text(text[end:])


def setup(app):
    """Connect the captions to Sphinx."""
    app.add_transform(Captions)
