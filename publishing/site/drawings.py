"""Drawings of matplotlib, made fit for a page.

An SVG of matplotlib is text, so a page can have of it what a bitmap could not give: letters of a
size that is known, the colours of a dark page (`dark_drawings`), and panels one below the other on
a phone, with letters that can be read there (`narrow_drawings`).
"""

import re
from dataclasses import dataclass

from .text_lines import SIZE, anchored

BOX = re.compile(r'viewBox="([\d.eE+-]+) ([\d.eE+-]+) ([\d.eE+-]+) ([\d.eE+-]+)"')
TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
FAMILY = re.compile(r"font-family: [^;\"]*;? ?|(font: (?:\w+ )*[\d.]+px) [^;\"]*")
# The marks of a scatter plot.
MARKERS = re.compile(r'<use [^>]*? style="(?P<style>[^"]*)"/>(?:<use [^>]*? style="(?P=style)"/>)+')


@dataclass(frozen=True)
class Layout:
    """One layout of a drawing.

    Parameters
    ----------
    svg : str
        The drawing.
    width, height : float
        In points.
    letter : float
        The smallest letter, as a share of the width.
    """

    svg: str
    width: float
    height: float
    letter: float


def slimmed(svg):
    """Take out of an SVG what no browser draws; white paper becomes no paper.

    Parameters
    ----------
    svg : str
        As matplotlib writes it.

    Returns
    -------
    str
        It looks the same on a white page.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = anchored(svg)
    svg = TAG.sub(lambda tag: NUMBER.sub(_rounded, tag[0]), svg)
    svg = re.sub(r'(<g id="(?:figure|axes)_\d+">\s*<g id="patch_\d+">\s*<path [^>]*?)fill: #ffffff',
                 r"\1fill: none", svg)  # fmt: skip
    svg = FAMILY.sub(lambda family: f"{family[1]} sans-serif" if family[1] else "", svg)
    svg = svg.replace("</style>", "text{font-family:system-ui,sans-serif}</style>", 1)
    svg = re.sub(r' transform="rotate\(-?0 [^"]*\)"', "", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg).replace("</tspan> <tspan", "</tspan><tspan")
    svg = re.sub(r"> <(?!/?(?:text|tspan))", "><", svg)
    return MARKERS.sub(_dressed_once, _with_short_names(svg))


def _with_short_names(svg):
    """Give what a drawing uses again, thousands of times in a scatter plot, short names."""
    names = dict.fromkeys(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    short = {name: f"z{number}" for number, name in enumerate(names)}
    svg = re.sub(
        r'(\bid="|xlink:href="#|url\(#)([^")]+)',
        lambda found: found[1].removeprefix("xlink:") + short.get(found[2], found[2]),
        svg,
    )
    return svg


def _dressed_once(run):
    """Say once how a run of equal marks looks."""
    bare = run[0].replace(f' style="{run["style"]}"', "")
    bare = re.sub(r'(?<=[xy]=")-?\d+\.\d+', lambda place: f"{float(place[0]):.1f}", bare)
    return f'<g style="{run["style"]}">{bare}</g>'


def _rounded(number):
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def box(svg):
    """Return left, top, width and height of a drawing, in points."""
    found = BOX.search(svg)
    return tuple(map(float, found.groups()))


def wide(svg):
    """Return the layout that a drawing has.

    Parameters
    ----------
    svg : str
        From `slimmed`.

    Returns
    -------
    Layout
        It.
    """
    _, _, width, height = box(svg)
    return Layout(svg, width, height, smallest_letter(svg) / width)


def smallest_letter(svg):
    """Return the size of the smallest letter of a drawing, infinite where there is none."""
    return min(map(float, SIZE.findall(svg)), default=float("inf"))
