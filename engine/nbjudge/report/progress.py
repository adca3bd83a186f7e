"""How each student is doing over the term, and who should be asked how they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nbjudge.report.failures import points_lost
from nbjudge.report.grades import AssignmentGrades, ClassGrades

GRADED, WAITING, NOT_GRADED = "graded", "waits for a person", "not graded"
MISSING, NOT_DUE = "missing", "not due yet"
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class FlagRules:
    """When a student is pointed at.

    Attributes
    ----------
    missing_in_a_row : int
        So many assignments in a row were not handed in; 0 for never.
    falls_by : float
        The latest share of points is by more than this share below the mean of those before; 0
        for never.
    """

    missing_in_a_row: int = 2
    falls_by: float = 1 / 3

    @property
    def in_words(self) -> list[str]:
        """The rules as sentences."""
        rules = []
        if self.missing_in_a_row:
            rules.append(f"at least {self.missing_in_a_row} assignments in a row are missing")
        if self.falls_by:
            rules.append(
                "the share of points in the latest assignment is by more than "
                f"{_share(self.falls_by)} lower than the mean of those before"
            )
        return rules


@dataclass(frozen=True)
class Result:
    """What a student has in one assignment.

    Attributes
    ----------
    assignment : str
        Which one.
    state : str
        Graded, waiting for a person, not graded, missing, or not due yet.
    score, max_score : float
        The points, what lateness costs taken off, and those that could be had in the parts that
        are graded.
    days_late : int
        Started days after the due date.
    penalty : float
        What they cost.
    lost : list of (str, float)
        Exercises that have not given all of their points, and how many are missing.
    """

    assignment: str
    state: str
    score: float = math.nan
    max_score: float = math.nan
    days_late: int = 0
    penalty: float = 0.0
    lost: Sequence[tuple[str, float]] = ()

    @property
    def share(self) -> float:
        """The share of the points; ``nan`` where there are none."""
        return self.score / self.max_score if self.max_score > 0 else math.nan


@dataclass
class StudentProgress:
    """A student over the term.

    Attributes
    ----------
    student : str
        The id.
    results : list of Result
        One for each assignment.
    flags : list of str
        Why to look at this student, in words.
    """

    student: str
    results: list[Result] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def count(self, *states: str) -> int:
        """Count the assignments in some states."""
        return sum(result.state in states for result in self.results)

    @property
    def score(self) -> float:
        """All points."""
        return sum(r.score for r in self.results if not math.isnan(r.score))

    @property
    def max_score(self) -> float:
        """The points that could be had in what is graded."""
        return sum(r.max_score for r in self.results if not math.isnan(r.max_score))

    @property
    def days_late(self) -> int:
        """All days late."""
        return sum(result.days_late for result in self.results)


def follow(
    grades: ClassGrades,
    handed_in: Mapping[str, set[str]],
    rules: FlagRules,
    now: datetime,
) -> list[StudentProgress]:
    """Follow every student through the term.

    Parameters
    ----------
    grades : ClassGrades
        The grades.
    handed_in : mapping of str to set of str
        Who has a folder of each assignment, graded or not.
    rules : FlagRules
        When to point at somebody.
    now : datetime
        The time, in UTC; assignments that are due later are not missing.
    """
    found = {student: StudentProgress(student) for student in grades.students}
    for assignment in grades.assignments:
        rows = {student: row for row, student in enumerate(assignment.students)}
        lost = points_lost(assignment)
        total = assignment.total
        possible = assignment.possible
        waiting = assignment.waiting
        due = is_due(assignment, now)
        for student, progress in found.items():
            row = rows.get(student)
            if row is None:
                state = MISSING if due else NOT_DUE
                if student in handed_in.get(assignment.name, ()):
                    state = NOT_GRADED
                progress.results.append(Result(assignment.name, state))
                continue
            progress.results.append(
                Result(
                    assignment.name,
                    WAITING if waiting[row] else GRADED,
                    float(total[row]),
                    float(possible[row]),
                    math.ceil(assignment.seconds_late[row] / _DAY),
                    float(assignment.penalty[row]),
                    lost.get(student, ()),
                )
            )
    for progress in found.values():
        progress.flags = _flags(progress, rules)
    return list(found.values())


def is_due(assignment: AssignmentGrades, now: datetime) -> bool:
    """Whether an assignment that somebody has not handed in is missing."""
    if not assignment.students:
        return False  # nobody's is graded yet
    return assignment.duedate is None or assignment.duedate < now


def _flags(progress: StudentProgress, rules: FlagRules) -> list[str]:
    flags = []
    states = [result.state for result in progress.results if result.state != NOT_DUE]
    longest = run = 0
    for state in states:
        run = run + 1 if state == MISSING else 0
        longest = max(longest, run)
    if rules.missing_in_a_row and longest >= rules.missing_in_a_row:
        flags.append(f"{longest} assignments in a row are missing")
    known = [result.share for result in progress.results if not math.isnan(result.share)]
    if rules.falls_by and len(known) > 1:
        before = sum(known[:-1]) / len(known[:-1])
        if before > 0 and known[-1] < before * (1 - rules.falls_by):
            last = 100 * known[-1]
            flags.append(f"fell from {100 * before:.0f} % of the points on average to {last:.0f} %")
    return flags


def _share(value: float) -> str:
    names = {1 / 2: "a half", 1 / 3: "a third", 1 / 4: "a quarter"}
    near = [name for share, name in names.items() if abs(share - value) < 1e-3]
    return near[0] if near else f"{100 * value:g} %"
