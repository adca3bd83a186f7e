"""The lines beside the chapters of the first page: which chapter needs which.

Each chapter is a row with a dot on a line. Lines run down from what is needed to what needs it, as
the history of branches is drawn beside commits.
"""

LANE = 18
"""Pixels between two lines."""
HEIGHT = 100
"""Of a row, in units that the page stretches to the row's own height."""


def lanes(needed):
    """Arrange chapters on lines.

    Parameters
    ----------
    needed : dict of str to list of str
        What each chapter directly needs, in the order of the book.

    Returns
    -------
    list of tuple
        A row for each chapter: the lane of its dot, and pairs of lanes that lines join above the
        dot and below it; a lane that only passes is in both.

    Examples
    --------
    >>> lanes({"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]})
    [(0, [], [(0, 0), (0, 1)]), (0, [(0, 0), (1, 1)], [(0, 0), (1, 1)]), (1, [(0, 0), (1, 1)], \
[(0, 0), (1, 1)]), (0, [(0, 0), (1, 0)], [])]
    """
    waiting = []  # of each lane the chapters that its line runs between: (from, to), or None
    uses = {name: [other for other in needed if name in needed[other]] for name in needed}
    found = []
    for name in needed:
        arriving = [lane for lane, line in enumerate(waiting) if line and line[1] == name]
        dot = min(arriving, default=_free(waiting))
        above = [(lane, dot if lane in arriving else lane)
                 for lane, line in enumerate(waiting) if line]  # fmt: skip
        for lane in arriving:
            waiting[lane] = None
        below = [(lane, lane) for lane, line in enumerate(waiting) if line]
        for other in uses[name]:
            lane = dot if dot >= len(waiting) or waiting[dot] is None else _free(waiting)
            while lane >= len(waiting):
                waiting.append(None)
            waiting[lane] = (name, other)
            below.append((dot, lane))
        found.append((dot, sorted(above), sorted(below)))
    return found


def _free(waiting):
    return next((lane for lane, line in enumerate(waiting) if line is None), len(waiting))


def rows(needed):
    """Draw the lines of each row.

    Parameters
    ----------
    needed : dict of str to list of str
        What each chapter directly needs, in the order of the book.

    Returns
    -------
    list of str
        A part of a page for each chapter, which nobody hears: the words beside it say the same.
    """
    arranged = lanes(needed)
    most = max((lane for dot, above, below in arranged for pair in (*above, *below, (dot, dot))
                for lane in pair), default=0)  # fmt: skip
    width = LANE * (most + 1)
    return [_row(width, *row) for row in arranged]


def _row(width, dot, above, below):
    middle = HEIGHT / 2
    drawn = [_line(a, 0, b, middle) for a, b in above]
    drawn += [_line(a, middle, b, HEIGHT) for a, b in below]
    return (
        f'<div class="map-lines" style="width:{width}px" aria-hidden="true">'
        f'<svg viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" focusable="false">'
        f'<path d="{"".join(drawn)}"/></svg><i style="left:{_x(dot):g}px"></i></div>'
    )


def _x(lane):
    return LANE * lane + LANE / 2


def _line(start, top, end, bottom):
    if start == end:
        return f"M{_x(start):g} {top:g}V{bottom:g}"
    middle = (top + bottom) / 2
    return (
        f"M{_x(start):g} {top:g}C{_x(start):g} {middle:g} {_x(end):g} {middle:g}"
        f" {_x(end):g} {bottom:g}"
    )
