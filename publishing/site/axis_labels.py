"""Where the label of a vertical axis stands when the numbers between it and the axis have grown."""

import re

from .shared_axes import AXIS, group_end
from .text_lines import SIZE

TICK = re.compile(r'<g id="ytick_\d+">')
LABEL = re.compile(r'<g id="text_\d+">')
WORDS = re.compile(r"<text(?P<place>[^>]*)>(?P<letters>.*?)</text>", re.DOTALL)
SCALE = re.compile(r"scale\(([\d.]+)\)")
LETTER = 0.63
"""How wide a digit is, in sizes of its letters."""
BELOW_ITS_LINE = 0.25
ABOVE_ITS_LINE = 0.75
"""How far letters reach from the line on which they stand, in sizes of them."""


def moved_away(svg):
    """Move labels of vertical axes away from their axes, by as much as there has grown.

    Parameters
    ----------
    svg : str
        A drawing whose texts have been enlarged, each around its own place.

    Returns
    -------
    str
        The drawing, in which numbers and label are as far apart as they were.
    """
    pieces, end = [], 0
    for axis in AXIS.finditer(svg):
        close = group_end(svg, axis.start())
        ticks = list(TICK.finditer(svg, axis.end(), close))
        if not ticks:
            continue
        last = group_end(svg, ticks[-1].start())
        label = LABEL.search(svg, last, close)
        if not label:
            continue
        numbers = svg[ticks[0].start() : last]
        is_right = "text-anchor: start" in numbers
        far = max((_growth(words) for words in WORDS.finditer(numbers)), default=0.0)
        far += _own_growth(svg[label.start() : group_end(svg, label.start())], is_right)
        if far > 0.2:
            moved = f'{label[0][:-1]} transform="translate({far if is_right else -far:.2f} 0)">'
            pieces += [svg[end : label.start()], moved]
            end = label.end()
    return "".join([*pieces, svg[end:]])


def _scale(words):
    found = SCALE.search(words["place"])
    return float(found[1]) if found else 1.0


def _growth(words):
    """Return how much farther a number reaches; a formula grows to both sides."""
    letters = re.sub(r"<[^>]*>|\s", "", words["letters"])
    width = LETTER * max(map(float, SIZE.findall(words[0])), default=0.0) * len(letters)
    share = 1.0 if re.search(r"text-anchor: (?:start|end)", words["place"]) else 0.5
    return share * width * (_scale(words) - 1)


def _own_growth(label, is_right):
    """Return how much nearer to the axis a label reaches; lines grow around their middle."""
    lines = list(WORDS.finditer(label))
    size = max(map(float, SIZE.findall(label)), default=0.0)
    reach = ABOVE_ITS_LINE if is_right else BELOW_ITS_LINE
    if len(lines) > 1:
        reach = 0.6 * (len(lines) - 1) + 0.5
    return reach * size * (max(map(_scale, lines)) - 1)
