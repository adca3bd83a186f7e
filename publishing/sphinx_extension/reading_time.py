"""How long a chapter takes, to read it alone and with its exercises.

The estimate is a rule that anybody can check, for a reader in the second year who reads with a
pencil: 150 words a minute, a formula within a line as one word; a minute for a displayed formula;
three seconds for a line of code, most of which is folded away; six minutes for each point of an
exercise. Reading is rounded to five minutes, the whole to half an hour.
"""

from docutils import nodes

from .exercise_page import parts_of

WORDS_A_MINUTE = 150
MINUTES_A_FORMULA = 1
MINUTES_A_CODE_LINE = 0.05
MINUTES_A_POINT = 6


def reading_minutes(doctree):
    """Estimate how long a page takes to read.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page, before it is written.

    Returns
    -------
    float
        Minutes, without the exercises.
    """
    words = lines = formulas = 0
    for node in doctree.findall(nodes.Node):
        if isinstance(node, nodes.literal_block):
            lines += len(node.astext().splitlines())
        elif isinstance(node, nodes.math_block):
            formulas += 1
        elif isinstance(node, nodes.math):
            words += 1
        elif isinstance(node, nodes.Text) and not _within(node):
            words += len(node.astext().split())
    return words / WORDS_A_MINUTE + formulas * MINUTES_A_FORMULA + lines * MINUTES_A_CODE_LINE


def _within(text):
    """Tell whether a text is counted otherwise, or is markup."""
    return isinstance(text.parent, nodes.literal_block | nodes.math_block | nodes.math | nodes.raw)


def exercise_points(doctree, *, by_hand=False):
    """Find the points of each exercise of a page.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page.
    by_hand : bool
        Whether to leave out all but those that a person grades.

    Returns
    -------
    list of float
        In the order of the page.
    """
    marks = parts_of(doctree, "begin")
    return [mark["points"] for mark in marks if mark.get("by_hand") or not by_hand]


def whole_minutes(reading, points):
    """Estimate how long a page takes with its exercises.

    Parameters
    ----------
    reading : float
        Minutes, from `reading_minutes`.
    points : list of float
        Those of each exercise.

    Returns
    -------
    float
        Minutes.
    """
    return reading + sum(points) * MINUTES_A_POINT


def reading_in_words(minutes):
    """Say a time of reading, rounded to five minutes.

    Examples
    --------
    >>> reading_in_words(98.2), reading_in_words(2), reading_in_words(61)
    ('1 hour 40 minutes', '5 minutes', '1 hour')
    """
    hours, rest = divmod(max(5, round(minutes / 5) * 5), 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    return " ".join([*parts, f"{rest} minutes"] if rest else parts)


def whole_in_words(minutes):
    """Say a time with exercises, rounded to half an hour.

    Examples
    --------
    >>> whole_in_words(229), whole_in_words(20), whole_in_words(61)
    ('4 hours', '½ hour', '1 hour')
    >>> whole_in_words(155)
    '2½ hours'
    """
    halves = max(1, round(minutes / 30))
    told = f"{halves // 2 or ''}{'½' * (halves % 2)}"
    return f"{told} hour{'' if halves <= 2 else 's'}"
