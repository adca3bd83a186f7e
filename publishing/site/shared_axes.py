"""Panels that share an axis, one below the other.

Of panels side by side with one scale, matplotlib writes the numbers at the left one only. Below
each other, each panel needs them: it borrows the axis of the left one.
"""

import re
from dataclasses import dataclass

AXES = re.compile(r'<g id="axes_\d+">\s*<g id="patch_\d+">\s*<path d="([^"]*)"')
AXIS = re.compile(r'<g id="(matplotlib\.axis_\d+)">')
GROUP = re.compile(r"<g\b[^>]*(?<!/)>|</g>")
"""Where a group that is not empty begins, or ends."""


@dataclass(frozen=True)
class Frame:
    """The frame of one pair of axes, in points, and its vertical axis.

    Parameters
    ----------
    left, right, top, bottom : float
        Where the frame is.
    axis : str
        The id of its vertical axis.
    is_numbered : bool
        Whether that axis has words or numbers.
    """

    left: float
    right: float
    top: float
    bottom: float
    axis: str
    is_numbered: bool

    def shares_with(self, other):
        """Tell whether two frames stand in one row and are of one size."""
        mine = (self.top, self.bottom, self.right - self.left)
        its = (other.top, other.bottom, other.right - other.left)
        return all(abs(a - b) < 0.5 for a, b in zip(mine, its, strict=True))


def frames(svg):
    """Find the frames of a drawing.

    Parameters
    ----------
    svg : str
        A drawing of matplotlib.

    Returns
    -------
    list of Frame
        Those that have two axes.
    """
    starts = list(AXES.finditer(svg))
    ends = [*(found.start() for found in starts[1:]), len(svg)]
    made = []
    for found, end in zip(starts, ends, strict=False):
        axes = list(AXIS.finditer(svg, found.end(), end))
        if len(axes) >= 2:
            numbers = re.findall(r"[ML] ?(-?[\d.]+) (-?[\d.]+)", found[1])
            xs, ys = zip(*((float(x), float(y)) for x, y in numbers), strict=True)
            content = svg[axes[1].start() : group_end(svg, axes[1].start())]
            made.append(Frame(min(xs), max(xs), min(ys), max(ys), axes[1][1], "<text" in content))
    return made


def group_end(svg, start):
    """Return where the group ends that begins at a place in a drawing."""
    depth = 0
    for found in GROUP.finditer(svg, start):
        depth += -1 if found[0] == "</g>" else 1
        if not depth:
            return found.end()
    return len(svg)


def borrowed(svg, panels):
    """Say which panels borrow an axis, and how.

    Parameters
    ----------
    svg : str
        The drawing.
    panels : list of tuple of float
        Left, top, width and height of each panel, from left to right.

    Returns
    -------
    list of tuple of float and str
        For each panel the width that it needs more at its left, and the axis, moved to its place;
        0 and nothing where it needs none.
    """
    found = frames(svg)
    lent = []
    for left, _, width, _ in panels:
        inside = [frame for frame in found if left <= frame.left and frame.right <= left + width]
        more, uses = 0.0, ""
        for frame in inside:
            lenders = [f for f in found if f.is_numbered and f.left < left and frame.shares_with(f)]
            if frame.is_numbered or frame.left > min(f.left for f in inside) + 1 or not lenders:
                continue
            lender = lenders[-1]
            home = max(panel[0] for panel in panels if panel[0] <= lender.left)
            more = max(more, lender.left - home - (frame.left - left))
            moved = frame.left - lender.left
            uses += f'<use href="#{lender.axis}" x="{moved:.2f}"/>'
        lent.append((max(more, 0.0), uses))
    return lent
