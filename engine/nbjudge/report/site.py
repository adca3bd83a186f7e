"""The pages of a report of a class, and the tables beside them."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nbjudge.report import charts, tables
from nbjudge.report.anonymous import Names
from nbjudge.report.failures import TestFailures
from nbjudge.report.grades import AssignmentGrades, ClassGrades
from nbjudge.report.items import AssignmentFigures
from nbjudge.report.pages import PageWriter, file_name
from nbjudge.report.progress import (
    GRADED,
    MISSING,
    NOT_GRADED,
    WAITING,
    FlagRules,
    StudentProgress,
)
from nbjudge.report.shown import ShownExercise
from nbjudge.report.statistics import FEWEST
from nbjudge.untrusted_text import one_line

GENERATOR = "nbjudge report"
_STUDENTS_A_PAGE = 500
_MOST_INCIDENTS = 200
_BINS = 10


@dataclass
class AssignmentReport:
    """All that the report says of one assignment."""

    grades: AssignmentGrades
    figures: AssignmentFigures
    summary: tables.AssignmentSummary
    failures: list[TestFailures]
    exercises: list[ShownExercise]
    incidents: list[tuple[str, str]]

    @functools.cached_property
    def histogram(self) -> charts.Chart:
        """The chart of the points."""
        total = self.grades.total
        most = max([self.grades.max_score, 1.0, *map(float, total)])
        counts, edges = np.histogram(total, bins=_BINS, range=(0.0, most))
        return charts.histogram("points", "Points", counts.tolist(), edges.tolist())


class ReportSite:
    """Writes the pages.

    Parameters
    ----------
    folder : Path
        Where.
    grades : ClassGrades
        The grades of the class.
    names : Names
        How students are named.
    link : callable
        Gives the address of a submission in formgrader, from the assignment's grades, the row and
        the notebook's name; empty for none.
    """

    def __init__(
        self,
        folder: Path,
        grades: ClassGrades,
        names: Names,
        link: Callable[[AssignmentGrades, int, str], str],
    ) -> None:
        self.grades = grades
        self.names = names
        self.link = link
        self.pages = PageWriter(folder, GENERATOR, anonymous=names.anonymous, fewest=FEWEST)
        self.places = {a.name: f"assignments/{file_name(a.name)}.html" for a in grades.assignments}

    def _chart(self, chart: charts.Chart, assignment: str = "") -> str:
        """Write the table of a chart beside it; return where."""
        name = f"{file_name(assignment)}-{chart.name}" if assignment else chart.name
        place = f"charts/{name}.csv"
        tables.write_table(self.pages.folder / place, chart.heads, chart.rows)
        return place

    def write_assignment(self, found: AssignmentReport) -> None:
        """Write the page of an assignment."""
        items, grades = found.figures.items, found.grades
        drawn = [found.histogram]
        drawn.append(
            charts.stacked_shares(
                [
                    (
                        i.exercise.name,
                        *(i.shares.full, i.shares.partial, i.shares.zero),
                        i.shares.blank,
                    )
                    for i in items
                ]
            )
        )
        drawn.append(
            charts.bars(
                "discrimination", "Discrimination",
                "The item-rest correlation of each exercise; below 0 it is to be looked at.",
                "exercise", "item-rest correlation",
                [(i.exercise.name, i.discrimination) for i in items], (-1.0, 1.0),
            )
        )  # fmt: skip
        drawn.append(charts.quintiles([(i.exercise.name, i.quintiles) for i in items]))
        drawn.append(
            charts.bars(
                "failed", "Failed tests",
                "The share of the submissions to which each test gave less than its points.",
                "test", "share of the submissions",
                [
                    (grades.cells[t.column].name, t.failed / t.graded if t.graded else math.nan)
                    for t in found.failures
                ],
                (0.0, 1.0), percent=True,
            )
        )  # fmt: skip
        self.pages.write(
            self.places[grades.name], "assignment.html.j2", summary=found.summary,
            exercises=found.exercises, items=items, compared=found.figures.compared,
            few=len(grades.students) < FEWEST,
            incidents=[(who, one_line(what)) for who, what in found.incidents[:_MOST_INCIDENTS]],
            incidents_left=max(0, len(found.incidents) - _MOST_INCIDENTS),
            figures=[(chart, self._chart(chart, grades.name)) for chart in drawn],
        )  # fmt: skip

    def write_students(self, followed: list[StudentProgress], rules: FlagRules) -> None:
        """Write a page for each student, and their list."""
        grades = self.grades
        rows = {a.name: {s: i for i, s in enumerate(a.students)} for a in grades.assignments}
        by_name = {a.name: a for a in grades.assignments}
        listed = []
        for student in followed:
            place = f"{file_name(self.names.key(student.student))}.html"
            results = []
            for result in student.results:
                row = rows[result.assignment].get(student.student)
                assignment = by_name[result.assignment]
                notebook = next(iter(assignment.notebooks), "")
                link = "" if row is None else self.link(assignment, row, notebook)
                results.append((result, f"../{self.places[result.assignment]}", link))
            name, most = self.names.of(student.student), student.max_score
            self.pages.write(
                f"students/{place}", "student.html.j2", name=name, flags=student.flags,
                results=results,
            )  # fmt: skip
            states = [result.state for result in student.results]
            listed.append(
                {
                    "name": name, "page": place, "flags": student.flags,
                    "submitted": sum(state in (GRADED, WAITING, NOT_GRADED) for state in states),
                    "missing": states.count(MISSING), "days_late": student.days_late,
                    "score": student.score, "max_score": most,
                    "share": student.score / most if most else math.nan,
                }
            )  # fmt: skip
        listed.sort(key=lambda row: (not row["flags"], _natural(str(row["name"]))))
        count = max(1, math.ceil(len(listed) / _STUDENTS_A_PAGE))
        for page in range(1, count + 1):
            some = listed[(page - 1) * _STUDENTS_A_PAGE : page * _STUDENTS_A_PAGE]
            self.pages.write(
                f"students/{'index' if page == 1 else page}.html", "students.html.j2", rows=some,
                rules=rules.in_words, page=page, pages=count,
            )  # fmt: skip

    def write_index(self, written: list[AssignmentReport], followed: list[StudentProgress]) -> None:
        """Write the first page."""
        histograms = []
        for found in written:
            if len(found.grades.students):
                chart = replace(found.histogram, title=found.grades.name)
                place = f"charts/{file_name(found.grades.name)}-{chart.name}.csv"
                histograms.append((found.grades.name, chart, place))
        quartiles: list[tuple[str, float, float, float]] = []
        for found in written:
            shares = found.grades.shares
            shares = shares[~np.isnan(shares)]
            three = np.quantile(shares, [0.25, 0.5, 0.75]) if len(shares) else [math.nan] * 3
            low, middle, high = map(float, three)
            quartiles.append((found.grades.name, low, middle, high))
        trend = charts.trend(quartiles)
        self.pages.write(
            "index.html", "index.html.j2",
            notices=[self.names.hide(notice) for notice in self.grades.notices],
            remarks=[
                (found.grades.name, item.exercise.name, note)
                for found in written
                for item in found.figures.items
                for note in item.notes
                if item.known
            ],
            pages=self.places, flagged=sum(bool(student.flags) for student in followed),
            students=len(followed), summaries=[found.summary for found in written],
            trend=trend, trend_place=self._chart(trend), histograms=histograms,
            by_hand=[
                (found.grades.name, found.summary.waiting, _waiting_exercises(found))
                for found in written
                if found.summary.waiting
            ],
        )  # fmt: skip


def _waiting_exercises(found: AssignmentReport) -> str:
    return ", ".join(
        f"{item.exercise.name} ({item.waiting})" for item in found.figures.items if item.waiting
    )


def _natural(name: str) -> tuple[str, int, str]:
    """Order names with numbers by their numbers."""
    words, _, number = name.rpartition(" ")
    return (words, int(number), name) if number.isdecimal() else (name, 0, name)
