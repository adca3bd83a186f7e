"""The lines of a text in a drawing: matplotlib places each where its own font would begin.

In another font, or grown, such lines no longer stand below each other, or run into each other.
"""

import html
import math
import re
from functools import cache
from pathlib import Path

import matplotlib
from PIL import ImageFont

LINES = re.compile(r'<g id="text_\d+">\s*(?:<text [^>]*>[^<]*</text>\s*){2,}</g>')
LINE = re.compile(
    r'<text style="(?P<style>[^"]*?)(?:; text-anchor: \w+)?"'
    r' transform="translate\((?P<x>\S+) (?P<y>\S+)\)(?: rotate\((?P<angle>\S+)\))?">'
    r"(?P<words>[^<]*)</text>"
)
SIZE = re.compile(r"font(?:-size)?: ?(?:\w+ )*?([\d.]+)px")
"""The size of letters; a weight or a slope may stand before it."""
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
HALF_A_LETTER = 0.35
"""How far above its baseline the middle of a line is, in sizes of its letters."""


def anchored(svg):
    """Anchor the lines of each text by what they have in common: a side, or their middle.

    Parameters
    ----------
    svg : str
        As matplotlib writes it.

    Returns
    -------
    str
        It looks the same in matplotlib's font.
    """
    return LINES.sub(lambda text: _anchored(text[0]), svg)


def middles(svg):
    """Find around which places the lines of texts grow.

    Parameters
    ----------
    svg : str
        From `anchored`.

    Returns
    -------
    dict of int to tuple of float
        By the position in `svg` of each line: ``(x, y)``, the same for all lines of a text.
    """
    found = {}
    for text in LINES.finditer(svg):
        lines = list(LINE.finditer(text[0]))
        if len(lines) == text[0].count("<text"):
            up_x, up_y = _up(lines[0])
            size = float(SIZE.search(lines[0]["style"])[1])
            x = sum(float(line["x"]) for line in lines) / len(lines) + HALF_A_LETTER * size * up_x
            y = sum(float(line["y"]) for line in lines) / len(lines) + HALF_A_LETTER * size * up_y
            found |= {text.start() + line.start(): (round(x, 2), round(y, 2)) for line in lines}
    return found


def _anchored(text):
    lines = list(LINE.finditer(text))
    if len(lines) != text.count("<text"):
        return text
    up_x, up_y = _up(lines[0])
    along_x, along_y = -up_y, up_x
    widths = [_width(line) for line in lines]

    def spread(share):
        places = [
            float(line["x"]) * along_x + float(line["y"]) * along_y + share * width
            for line, width in zip(lines, widths, strict=True)
        ]
        return max(places) - min(places)

    anchor = min(ANCHORS, key=lambda name: spread(ANCHORS[name]))
    for line, width in zip(lines, widths, strict=True):
        on = ANCHORS[anchor] * width
        x, y = float(line["x"]) + on * along_x, float(line["y"]) + on * along_y
        turned = f" rotate({line['angle']})" if line["angle"] else ""
        text = text.replace(
            line[0],
            f'<text style="{line["style"]}; text-anchor: {anchor}" transform="translate({x:.6f}'
            f' {y:.6f}){turned}">{line["words"]}</text>',
            1,
        )
    return text


def _up(line):
    """Return the direction from a line's baseline to its letters' tops."""
    angle = math.radians(float(line["angle"] or 0))
    return math.sin(angle), -math.cos(angle)


def _width(line):
    is_bold = re.search(r"font(?:-weight)?: ?(?:bold|[67]00)", line["style"])
    words = html.unescape(line["words"])
    return _font(bool(is_bold)).getlength(words) * float(SIZE.search(line["style"])[1]) / 100


@cache
def _font(is_bold):
    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", name), 100)
