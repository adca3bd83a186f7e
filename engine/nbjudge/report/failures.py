"""Why tests failed: their messages, grouped, so that what is to be explained again stands first."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nbjudge.report.grades import AssignmentGrades
from nbjudge.report.notebooks import Message, ReadNotebook
from nbjudge.untrusted_text import printable

INCIDENT_KINDS = (
    "CellTimeoutError",
    "TimeoutError",
    "DeadKernelError",
    "MemoryError",
    "OutputLimitError",
)
"""Errors that say that a cell did not come to an end, and nothing of its answer."""
NO_NOTEBOOK = "no message: there is no autograded notebook that can be read"
NO_MESSAGE = "no message"
_SLACK = 1e-9

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:0x[0-9a-fA-F]+|(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?j?|inf\b|nan\b)"
)
_ROW = re.compile(r"N(?:[\s,;]+N)+")
_ROWS = re.compile(r"\[[\s,]*(?:(?:N|…|\[…\])[\s,]*)+\]")
_KEPT_WORDS = frozenset(
    [
        *("NoneType", "int", "float", "complex", "str", "bytes", "bool", "list", "tuple", "dict"),
        *("set", "frozenset", "range", "function", "method", "module", "type", "object"),
        *("generator", "builtin_function_or_method", "ndarray", "array", "DataFrame", "Series"),
        *("bool_", "int32", "int64", "float32", "float64", "None", "True", "False"),
        *("append", "shape", "dtype", "len"),
    ]
)
_QUOTED = re.compile(r"""(['"`‘“])([^'"`’”\n]{1,80})(['"`’”])""")
_CALLED = re.compile(r"\b[A-Za-z_]\w*(?:\.(?:<locals>\.)?[A-Za-z_]\w*)*(?=\(\))")


@functools.lru_cache(maxsize=10_000)
def normalise(message: str) -> str:
    r"""Return a message without its numbers and names, so that like ones are equal.

    Numbers become ``N``, rows of them ``[…]``, quoted names and texts ``'…'`` (but for those of
    Python's and numpy's types), called functions ``…()``.

    Examples
    --------
    >>> normalise("expected 2.5, got -1e-3")
    'expected N, got N'
    >>> normalise("name 'foo_2' is not defined")
    "name '…' is not defined"
    >>> normalise("'NoneType' object has no attribute 'shape'")
    "'NoneType' object has no attribute 'shape'"
    >>> normalise("got [[1. 2.]\n [3. 4.]]")
    'got […]'
    >>> normalise("double() takes 1 positional argument but 2 were given")
    '…() takes N positional argument but N were given'
    """

    def quoted(match: re.Match[str]) -> str:
        kept = match[2] in _KEPT_WORDS
        return match[0] if kept else f"{match[1]}…{match[3]}"

    text = _QUOTED.sub(quoted, " ".join(message.split()))
    text = _CALLED.sub("…", text)
    text = _NUMBER.sub("N", text)
    before = None
    while before != text:
        before = text
        text = _ROWS.sub("[…]", _ROW.sub("N", text))
        text = re.sub(r"\[…\](?:[\s,]*\[…\])+", "[…]", text)
    return printable(text)


@dataclass
class FailureGroup:
    """Submissions whose test failed with like messages.

    Attributes
    ----------
    message : str
        The message without numbers and names.
    example : str
        One of them as it was.
    incident : bool
        Whether the cell did not come to an end.
    rows : list of int
        The submissions.
    """

    message: str
    example: str
    incident: bool
    rows: list[int] = field(default_factory=list)


@dataclass
class TestFailures:
    """How a test cell went.

    Attributes
    ----------
    column : int
        The cell.
    graded, failed : int
        How many submissions it graded, and how many of these it did not give all of its points.
    groups : list of FailureGroup
        The messages, the most frequent first; those of cells that did not come to an end last.
    """

    __test__ = False  # not one of pytest's

    column: int
    graded: int
    failed: int
    groups: list[FailureGroup]


def failed_rows(grades: AssignmentGrades, column: int) -> np.ndarray:
    """Return the submissions to which a test did not give all of its points."""
    auto = grades.auto_score[:, column]
    return np.flatnonzero(auto < grades.cells[column].max_score - _SLACK)


def group_failures(
    grades: AssignmentGrades, read: Mapping[tuple[int, str], ReadNotebook | None]
) -> list[TestFailures]:
    """Group the failures of every test cell of an assignment.

    Parameters
    ----------
    grades : AssignmentGrades
        The grades, which say what failed.
    read : mapping of (int, str) to ReadNotebook
        The autograded notebooks, by row and name; they say why.

    Returns
    -------
    list of TestFailures
        In the order of the notebook.
    """
    found = []
    for column, cell in enumerate(grades.cells):
        if not cell.test:
            continue
        groups: dict[tuple[str, bool], FailureGroup] = {}
        rows = failed_rows(grades, column)
        for row in map(int, rows):
            notebook = read.get((row, cell.notebook))
            message = NO_NOTEBOOK if notebook is None else ""
            said = notebook.messages.get(cell.name) if notebook is not None else None
            message = message or _words(said, grades.auto_score[row, column], cell.max_score)
            incident = said is not None and said.kind in INCIDENT_KINDS
            like = message if incident else normalise(message)
            group = groups.setdefault(
                (like, incident), FailureGroup(like, printable(message), incident)
            )
            group.rows.append(row)
        ordered = sorted(groups.values(), key=lambda g: (g.incident, -len(g.rows), g.message))
        graded = int((~np.isnan(grades.auto_score[:, column])).sum())
        found.append(TestFailures(column, graded, len(rows), ordered))
    return found


def _words(said: Message | None, points: float, most: float) -> str:
    if said is not None and said.kind:
        return f"{said.kind}: {said.text}".removesuffix(": ")
    if points > 0:
        return f"a part of the points: {points:g} of {most:g}"
    return NO_MESSAGE


def points_lost(grades: AssignmentGrades) -> dict[str, list[tuple[str, float]]]:
    """Return where each student lost points: the exercise and how many, by student."""
    lost: dict[str, list[tuple[str, float]]] = defaultdict(list)
    points = grades.by_exercise
    for i, exercise in enumerate(grades.exercises):
        missing = exercise.max_score - points[:, i]
        for row in np.flatnonzero(missing > _SLACK):
            lost[grades.students[row]].append((exercise.name, float(missing[row])))
    return lost
