"""The layout of a drawing for a narrow screen: panels below each other, letters large enough."""

import io
import re
from itertools import pairwise

import numpy as np
import vl_convert
from PIL import Image

from .axis_labels import moved_away
from .drawings import BOX, Layout, box, wide
from .shared_axes import borrowed
from .text_lines import ANCHORS, SIZE, middles

SMALLEST = 9.0
"""Pixels that a letter has at least on the narrowest screen."""
NARROW = 326
"""Pixels that a drawing has there."""
NARROW_LOOKS_WELL = 1.06
LEAST_WIDTH = 235
"""Points of a narrow drawing, so that a small panel is not blown up."""

AXES = re.compile(r'<g id="axes_\d+">')
PAPER = re.compile(r'\s*<g id="patch_\d+">\s*<path d="([^"]*)" style="fill: none')
WORDS = re.compile(r"(?P<place>(?:<g [^>]*>\s*)?<text[^>]*>)(?P<letters>.*?)</text>", re.DOTALL)
PLACE = re.compile(r'<text[^>]* x="([\d.-]+)"|translate\(([\d.-]+)')
DEFINED = re.compile(r"<defs>.*?</defs>", re.DOTALL)
PART = re.compile(r'<tspan x="(?P<xs>[^"]+)"[^>]*>')
TEXT = re.compile(
    r'<text style="(?P<style>[^"]*)" x="(?P<x>[^"]+)" y="(?P<y>[^"]+)"(?P<rest>[^>]*)>'
    r"|<text(?P<other>[^>]*)>"
)


def narrow(svg):
    """Return the layout of a drawing for a narrow screen.

    Panels that stand side by side stand below each other, and letters grow as far as needed.

    Parameters
    ----------
    svg : str
        From `slimmed`.

    Returns
    -------
    Layout or None
        None where the drawing is fit for it as it is.
    """
    panels = _panels(svg)
    if len(panels) == 1 and wide(svg).letter * NARROW >= SMALLEST:
        return None
    width = _width(svg, panels)
    grown = svg
    for _ in range(3):  # larger letters reach further, and make the drawing wider
        least = SMALLEST * NARROW_LOOKS_WELL / NARROW * width
        grown = _with_letters(svg, least)
        if len(panels) == 1:  # beside another panel there may be no room
            grown = moved_away(grown)
        panels = _panels(grown)
        needed = _width(grown, panels)
        if needed <= width * 1.01:
            break
        width = needed
    width = _width(grown, panels)
    body = grown[grown.index(">", grown.index("<svg")) + 1 : grown.rindex("</svg>")]
    parts, top = [], 0.0
    axes = borrowed(grown, panels)
    for (left, upper, wide_, high), (more, axis) in zip(panels, axes, strict=True):
        drawn = '<use href="#all"/>'
        if axis:  # what stands at the left of the panel is its neighbour's, and is left out
            drawn = (
                f'<svg x="{left:.1f}" y="{upper:.1f}" width="{wide_:.1f}" height="{high:.1f}"'
                f' viewBox="{left:.1f} {upper:.1f} {wide_:.1f} {high:.1f}">{drawn}</svg>{axis}'
            )
        parts.append(
            f'<svg x="{(width - wide_ - more) / 2:.1f}" y="{top:.1f}" width="{wide_ + more:.1f}"'
            f' height="{high:.1f}"'
            f' viewBox="{left - more:.1f} {upper:.1f} {wide_ + more:.1f} {high:.1f}">{drawn}</svg>'
        )
        top += high + 6
    drawn = (
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="0 0 {width:.1f} {top:.1f}"><defs><g id="all">{body}</g></defs>'
        f"{''.join(parts)}</svg>"
    )
    return Layout(drawn, width, top, _smallest_grown(grown) / width)


def _width(svg, panels):
    """Return the width of the widest panel, with the axis that it borrows."""
    lent = borrowed(svg, panels)
    return max(LEAST_WIDTH, *(p[2] + more for p, (more, _) in zip(panels, lent, strict=True)))


def _panels(svg):
    """Return the boxes of panels side by side, cut where nothing is drawn from top to bottom."""
    left, top, width, height = box(svg)
    margin = 60.0
    padded = BOX.sub(
        f'viewBox="{left - margin} {top - margin} {width + 2 * margin} {height + 2 * margin}"',
        svg,
        count=1,
    )
    padded = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", padded, count=1)
    padded = padded.replace(
        "<svg", f'<svg width="{width + 2 * margin}" height="{height + 2 * margin}"', 1
    )
    # In the broadest letters that a reader may have.
    padded = padded.replace("system-ui,sans-serif", "DejaVu Sans,Verdana,sans-serif")
    picture = Image.open(io.BytesIO(vl_convert.svg_to_png(padded, scale=1)))
    inked = np.asarray(picture.convert("RGBA"))[:, :, 3] > 8
    columns = np.flatnonzero(inked.any(axis=0))
    rows = np.flatnonzero(inked.any(axis=1))
    if not len(columns):
        return [(left, top, width, height)]
    edges = [_gutter(inked, *sides) for sides in _between_axes(svg, left - margin)]
    cuts = [columns[0] - 2, *(edge for edge in edges if edge is not None), columns[-1] + 3]
    upper, high = rows[0] - 2, rows[-1] - rows[0] + 5
    return [(left - margin + a, top - margin + upper, b - a, high) for a, b in pairwise(cuts)]


def _between_axes(svg, origin):
    """Yield where one column of axes ends and the next begins, in pixels of the picture."""
    columns = []
    for start, end in sorted(filter(None, map(_span, AXES.split(svg)[1:]))):
        # What is narrow is the scale of colours of its neighbour.
        if columns and (start < columns[-1][1] or end - start < 25):
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    for (_, end), (start, _) in pairwise(columns):
        yield int(end - origin) + 1, int(start - origin) - 1


def _span(axes):
    """Return where axes begin and end: their paper does, or without one what is drawn on it."""
    paper = PAPER.match(axes)
    drawn = DEFINED.sub("", axes)
    paths = [paper[1]] if paper else re.findall(r' d="([^"]*)"', drawn)
    xs = [float(x) for path in paths for x in re.findall(r"[ML] ?(-?[\d.]+)", path)]
    if not paper:
        xs += [x for words in WORDS.finditer(drawn) for x in _sides(words)]
    return (min(xs), max(xs)) if xs else None


def _sides(words):
    """Return about where a text begins and ends; of a formula, the group around it says where."""
    at = PLACE.search(words["place"])
    if not at:
        return []
    size = max(map(float, SIZE.findall(words[0])), default=0.0)
    letters = re.sub(r"<[^>]*>|[\s\u0300-\u036f]", "", words["letters"])  # without accents
    x, width = float(at[1] or at[2]), 0.5 * size * len(letters)
    anchor = re.search(r"text-anchor: (\w+)", words["place"])
    before = ANCHORS[anchor[1]] * width if anchor else 0.0
    return x - before, x - before + width


def _gutter(inked, start, end):
    """Return the middle of the first run of empty columns between two, or None.

    What follows it, such as the label of an axis, belongs to the panel at the right.
    """
    empty = ~inked[:, start:end].any(axis=0)
    runs, run = [], 0
    for position, is_empty in enumerate([*empty, False]):
        if is_empty:
            run += 1
        elif run:
            runs.append((run, start + position - run // 2 - 1))
            run = 0
    broad = [middle for run, middle in runs if run >= 4]
    return broad[0] if broad else max(runs, default=(0, None))[1]


def _with_letters(svg, least):
    """Enlarge the texts of a drawing, each around its own place, until none is too small."""
    in_axis = [
        (found.start(), svg.find("</text>", found.start()))
        for found in re.finditer(r'<g id="matplotlib\.axis_\d+">', svg)
    ]
    of_lines = middles(svg)
    pieces, end = [], 0
    for found in TEXT.finditer(svg):
        closing = svg.index("</text>", found.end())
        whole = svg[found.start() : closing]
        sizes = list(map(float, SIZE.findall(whole)))
        pieces.append(svg[end : found.start()])
        end = closing
        if not sizes or min(sizes) >= least:
            pieces.append(whole)
            continue
        scale = max(1.0, least / max(sizes))
        # The numbers of a vertical axis end at it; whatever else is a formula keeps its middle.
        is_upright = svg.rfind('<g id="ytick_', 0, end) > svg.rfind('<g id="axes_', 0, end)
        ends_there = is_upright and _is_within_axis(svg, found.start())
        whole = _raised(whole, least / scale, 1.0 if ends_there else 0.5)
        if found.start() in of_lines:
            x, y = of_lines[found.start()]
        elif found["x"]:
            x, y = found["x"], found["y"]
        else:
            x, y = _middle(whole) if in_axis and _is_within_axis(svg, found.start()) else 0, 0
        grown = f"translate({x} {y}) scale({scale:.3f}) translate({-float(x):.2f} {-float(y):.2f})"
        rotated = re.search(r' transform="([^"]*)"', whole[: whole.index(">")])
        if rotated:
            is_placed = found["x"] or found.start() in of_lines
            steps = f"{grown} {rotated[1]}" if is_placed else f"{rotated[1]} {grown}"
            whole = whole.replace(rotated[0], f' transform="{steps}"', 1)
        else:
            whole = whole.replace("<text", f'<text transform="{grown}"', 1)
        pieces.append(whole)
    return "".join([*pieces, svg[end:]])


def _raised(text, least, before):
    """Raise the letters of a text that are too small; those of a formula that follow make room.

    The share `before` of that room is taken from what lies before the formula.
    """
    letters = {}  # of each place in a formula, by how much what stands there becomes larger
    for part in PART.finditer(text):
        size = float(SIZE.search(part[0])[1])
        for x in part["xs"].split():
            letters[float(x)] = max(letters.get(float(x), 1.0), least / size)
    places, moved, far = sorted(letters), {}, 0.0
    for place, following in pairwise([*places, *places[-1:]]):
        moved[place] = place + far
        far += (letters[place] - 1) * (following - place)
    text = PART.sub(
        lambda part: part[0].replace(
            f'x="{part["xs"]}"',
            'x="'
            + " ".join(f"{moved[float(x)] - before * far:.2f}" for x in part["xs"].split())
            + '"',
            1,
        ),
        text,
    )
    return SIZE.sub(lambda size: _at_least(least, size), text)


def _at_least(smallest, size):
    """Write the size of letters anew; a weight that stands before it stays."""
    return f"{size[0][: size.start(1) - size.start()]}{max(float(size[1]), smallest):.2f}px"


def _is_within_axis(svg, position):
    """Tell whether the last group that was opened with such a name is an axis."""
    axis = svg.rfind('<g id="matplotlib.axis_', 0, position)
    other = max(svg.rfind(f'<g id="{kind}', 0, position) for kind in ("patch_", "legend_", "axes_"))
    return axis > other


def _middle(text):
    """Return the middle of a formula, whose letters have places of their own."""
    xs = [float(x) for places in re.findall(r'\bx="([^"]+)"', text) for x in places.split()]
    return round(max(xs, default=0) / 2, 2)


def _smallest_grown(svg):
    """Return the smallest letter of a drawing whose texts may be enlarged."""
    smallest = float("inf")
    for found in TEXT.finditer(svg):
        whole = svg[found.start() : svg.index("</text>", found.end())]
        scale = re.search(r"scale\(([\d.]+)\)", whole[: whole.index(">")])
        sizes = map(float, SIZE.findall(whole))
        smallest = min([smallest, *(size * float(scale[1] if scale else 1) for size in sizes)])
    return smallest
