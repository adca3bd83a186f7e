"""Tests that refuse answers which pass all other tests of their exercise: the test may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nbjudge.report.failures import NO_MESSAGE, NO_NOTEBOOK, FailureGroup, TestFailures
from nbjudge.report.grades import AssignmentGrades
from nbjudge.report.items import AssignmentFigures
from nbjudge.report.statistics import FEWEST
from nbjudge.untrusted_text import one_line

LEAST = 5
SHARE = 0.2
"""So many answers that are right otherwise, and this share of them, must fail with one message."""
_SLACK = 1e-9
_LONGEST = 160


def point_at_tests(
    figures: AssignmentFigures,
    grades: AssignmentGrades,
    failures: Sequence[TestFailures],
    hide: Callable[[str], str],
) -> AssignmentFigures:
    """Add to the notes of the exercises which of their tests may be wrong.

    Parameters
    ----------
    figures : AssignmentFigures
        Of the assignment.
    grades : AssignmentGrades
        The grades.
    failures : sequence of TestFailures
        Why tests failed.
    hide : callable
        Takes out of a message what must not be shown.
    """
    by_column = {test.column: test for test in failures}
    items = []
    for item in figures.items:
        tests = [by_column[column] for column in item.exercise.columns if column in by_column]
        notes = [note for test in tests if (note := _note(grades, test, tests, hide))]
        items.append(replace(item, notes=(*item.notes, *notes)) if item.known else item)
    return replace(figures, items=items)


def _note(
    grades: AssignmentGrades,
    test: TestFailures,
    tests: Sequence[TestFailures],
    hide: Callable[[str], str],
) -> str:
    others = [other.column for other in tests if other is not test]
    if not others:
        return ""
    most = np.array([grades.cells[column].max_score for column in others])
    right = (grades.auto_score[:, others] >= most - _SLACK).all(axis=1)
    right &= ~np.isnan(grades.auto_score[:, test.column])
    if right.sum() < FEWEST:
        return ""

    def count(group: FailureGroup) -> int:
        said = not group.incident and group.message not in (NO_MESSAGE, NO_NOTEBOOK)
        return int(right[group.rows].sum()) if said else 0

    group = max(test.groups, key=count, default=None)
    if group is None or count(group) < max(LEAST, SHARE * right.sum()):
        return ""
    words = one_line(hide(group.example), _LONGEST)
    return (
        f"of the {right.sum()} answers that pass its other tests {count(group)} fail "
        f"{grades.cells[test.column].name} with one message ({words}): is the test right?"
    )
