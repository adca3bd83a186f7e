"""The figures of a report as files that other programs read."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nbjudge.report.anonymous import Names
from nbjudge.report.failures import TestFailures
from nbjudge.report.grades import AssignmentGrades
from nbjudge.report.items import AssignmentFigures
from nbjudge.report.progress import (
    GRADED,
    MISSING,
    NOT_GRADED,
    WAITING,
    StudentProgress,
    is_due,
)
from nbjudge.untrusted_text import for_spreadsheet

EXERCISES = (
    *("assignment", "exercise", "max_score", "submissions", "mean", "full", "partial", "zero"),
    *("blank", "discrimination", "upper_lower", "lowest_fifth", "second_fifth", "third_fifth"),
    *("fourth_fifth", "highest_fifth", "waiting", "notebook", "note"),
)
STUDENTS = (
    *("student", "last_name", "first_name", "submitted", "missing", "not_graded", "waiting"),
    *("late", "days_late", "score", "max_score", "share", "flags"),
)
ASSIGNMENTS = (
    *("assignment", "duedate", "submitted", "late", "missing", "waiting", "not_graded"),
    *("max_score", "mean", "median", "lower_quartile", "upper_quartile", "alpha"),
)
FAILURES = ("assignment", "exercise", "cell", "message", "incident", "student", "submission")


@dataclass(frozen=True)
class AssignmentSummary:
    """An assignment over the class.

    Attributes
    ----------
    name : str
        Which one.
    duedate : str
        When it was due, in words.
    submitted, late, missing, waiting, not_graded : int
        Submissions; those after the due date; students without one; those that wait for a person;
        those that could not be graded.
    max_score : float
        The points that can be had.
    mean, median, quartiles : float, float, (float, float)
        Of the points, what lateness costs taken off.
    alpha : float
        Cronbach's alpha.
    """

    name: str
    duedate: str
    submitted: int
    late: int
    missing: int
    waiting: int
    not_graded: int
    max_score: float
    mean: float
    median: float
    quartiles: tuple[float, float]
    alpha: float


def summarise(
    grades: AssignmentGrades,
    figures: AssignmentFigures,
    everybody: Iterable[str],
    handed_in: set[str],
    now: Any,
) -> AssignmentSummary:
    """Sum up an assignment.

    Parameters
    ----------
    grades : AssignmentGrades
        Its grades.
    figures : AssignmentFigures
        Those of its exercises.
    everybody : iterable of str
        The students.
    handed_in : set of str
        Who has handed in, graded or not.
    now : datetime
        The time: nobody is missing before the due date.
    """
    graded = {*grades.students}
    absent = {*everybody} - graded - handed_in
    total = grades.total
    there = len(total) > 0
    low, middle, high = np.quantile(total, [0.25, 0.5, 0.75]) if there else [math.nan] * 3
    due = grades.duedate.strftime("%Y-%m-%d %H:%M UTC") if grades.duedate else ""
    return AssignmentSummary(
        grades.name, due, len(graded | handed_in), int((grades.seconds_late > 0).sum()),
        len(absent) if is_due(grades, now) else 0, int(grades.waiting.sum()),
        len(handed_in - graded), grades.max_score,
        float(total.mean()) if there else math.nan, float(middle),
        (float(low), float(high)), figures.alpha,
    )  # fmt: skip


def write_table(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table that no spreadsheet takes for formulas.

    Parameters
    ----------
    path : Path
        The file.
    heads : sequence of str
        The columns.
    rows : iterable of sequence
        What is in them. A number that is not defined is left empty.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        for row in rows:
            writer.writerow([for_spreadsheet(_field(value)) for value in row])


def _field(value: Any) -> Any:
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return round(value, 6)
    return value


def exercise_rows(assignment: str, figures: AssignmentFigures) -> Iterable[Sequence[Any]]:
    """Yield a row for each exercise, under `EXERCISES`."""
    for item in figures.items:
        found = item.shares
        yield (
            assignment, item.exercise.name, item.exercise.max_score, item.submissions, item.mean,
            found.full, found.partial, found.zero, found.blank, item.discrimination,
            item.upper_lower, *item.quintiles, item.waiting, item.exercise.notebook,
            "; ".join(item.notes),
        )  # fmt: skip


def assignment_rows(summaries: Iterable[AssignmentSummary]) -> Iterable[Sequence[Any]]:
    """Yield a row for each assignment, under `ASSIGNMENTS`."""
    for s in summaries:
        yield (
            s.name, s.duedate, s.submitted, s.late, s.missing, s.waiting, s.not_graded,
            s.max_score, s.mean, s.median, *s.quartiles, s.alpha,
        )  # fmt: skip


def student_rows(followed: Iterable[StudentProgress], names: Names) -> Iterable[Sequence[Any]]:
    """Yield a row for each student, under `STUDENTS`."""
    for student in followed:
        most = student.max_score
        yield (
            names.key(student.student), *names.parts(student.student),
            student.count(GRADED, WAITING, NOT_GRADED), student.count(MISSING),
            student.count(NOT_GRADED), student.count(WAITING),
            sum(result.days_late > 0 for result in student.results), student.days_late,
            student.score, most, student.score / most if most else math.nan,
            "; ".join(student.flags),
        )  # fmt: skip


def failure_rows(
    grades: AssignmentGrades, failures: Iterable[TestFailures], names: Names
) -> Iterable[Sequence[Any]]:
    """Yield a row for each failure of each test, under `FAILURES`."""
    exercise = {column: e.name for e in grades.exercises for column in e.columns}
    for test in failures:
        cell = grades.cells[test.column]
        for group in test.groups:
            message = names.hide(group.message)
            incident = "yes" if group.incident else "no"
            for row in group.rows:
                submission = "" if names.anonymous else grades.notebooks[cell.notebook][row]
                yield (
                    grades.name, exercise[test.column], cell.name, message, incident,
                    names.key(grades.students[row]), submission,
                )  # fmt: skip
