"""Plugins for nbgrader: what lateness costs, and the table of grades."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin, CsvExportPlugin
from traitlets import Float

from nbjudge.batch.handed_in import student_folders
from nbjudge.batch.incidents import GRADED, read_incidents
from nbjudge.untrusted_text import for_spreadsheet

_DAY = 24 * 60 * 60


class LatePenalty(BasePlugin):
    """Take a share of the points for every started day after the due date.

    Named as ``c.AssignLatePenalties.plugin_class = "nbjudge.plugins.LatePenalty"``.
    """

    share_per_day = Float(
        0.1, min=0.0, max=1.0, help="The share of the points that every started day costs."
    ).tag(config=True)

    largest_share = Float(
        0.5, min=0.0, max=1.0, help="The largest share of the points that lateness may cost."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Work out the points that a late submission loses.

        Parameters
        ----------
        student_id : str
            Who handed in; every student is treated alike.
        score : float
            The points before the penalty.
        total_seconds_late : float
            How long after the due date the submission came, in seconds.

        Returns
        -------
        float or None
            The points to take away; None for a submission in time.
        """
        if total_seconds_late <= 0:
            return None
        days = math.ceil(total_seconds_late / _DAY)
        return score * min(days * self.share_per_day, self.largest_share)

    def describe(self, total_seconds_late: float) -> str:
        """Say how late a submission is and what that costs, for a student's feedback.

        Parameters
        ----------
        total_seconds_late : float
            How long after the due date the submission came, in seconds.

        Examples
        --------
        >>> LatePenalty().describe(30 * 60 * 60)
        '2 days late, begun days counted: 10 % of the points for each, at most 50 %'
        """
        days = math.ceil(total_seconds_late / _DAY)
        share, most = f"{100 * self.share_per_day:g} %", f"{100 * self.largest_share:g} %"
        return (
            f"{days} day{'' if days == 1 else 's'} late, begun days counted: "
            f"{share} of the points for each, at most {most}"
        )


_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


class SafeCsvExport(CsvExportPlugin):
    """nbgrader's table of grades, with fields that stay in their row and are no formulas.

    For ``c.ExportApp.plugin_class``. nbgrader's own writes names as they are, so that one with a
    comma moves the columns behind it, and one with a line break makes a row.
    """

    columns: tuple[str, ...] = _COLUMNS

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment."""
        assignments = set(self.assignment)
        with Path(self.to or "grades.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.columns)
            for assignment in gradebook.assignments:
                if assignments and assignment.name not in assignments:
                    continue
                for row in self.rows(gradebook, assignment):
                    writer.writerow([for_spreadsheet(row[name]) for name in self.columns])

    def rows(self, gradebook: Gradebook, assignment: Assignment) -> Iterator[dict[str, object]]:
        """Yield the rows of an assignment, by column."""
        chosen = set(self.student)
        for student in gradebook.students:
            if not chosen or student.id in chosen:
                yield _row(gradebook, assignment, student)


class GradesWithStatus(SafeCsvExport):
    """The table that ``nbjudge grade`` writes: it tells 0 points from no grade.

    Rows are in alphabetical order of the students.

    The column ``status`` says ``graded``, ``waits for a person`` (a part is graded by hand, and is
    not yet), ``not graded`` (there is a submission that cannot be graded, see ``incidents.csv``),
    ``a newer version is not graded`` or ``not handed in``. Points are left out where there are
    none. A student is listed who has handed in, though the gradebook does not know them.

    Attributes
    ----------
    course : CourseDirectory or None
        Where the course is; that of ``nbgrader export`` by default.
    """

    columns: tuple[str, ...] = (*_COLUMNS, "status")
    course: CourseDirectory | None = None

    def rows(self, gradebook: Gradebook, assignment: Assignment) -> Iterator[dict[str, object]]:
        """Yield the rows of an assignment, by column."""
        course = self.course or getattr(self.parent, "coursedir", None)
        handed_in: set[str] = set()
        broken: set[str] = set()
        if course is not None:
            folders = student_folders(course, course.submitted_directory, assignment.name)
            handed_in = {os.fsencode(name).decode(errors="backslashreplace") for name in folders}
            found = read_incidents(Path(course.root) / "incidents.csv", assignment.name)
            broken = {row["student"] for row in found if row["graded"] != GRADED}
        known = {student.id for student in gradebook.students}
        rows = {str(row["student_id"]): row for row in super().rows(gradebook, assignment)}
        for name in handed_in - known:
            if not self.student or name in self.student:
                rows[name] = _empty_row(assignment) | {"student_id": name}
        for name in sorted(rows):
            row = rows[name]
            try:
                submission = gradebook.find_submission(assignment.name, name)
            except MissingEntry:
                row |= dict.fromkeys(("raw_score", "late_submission_penalty", "score"), "")
                row["status"] = "not graded" if name in handed_in else "not handed in"
            else:
                row["status"] = "waits for a person" if submission.needs_manual_grade else "graded"
                if name in broken:
                    row["status"] = "a newer version is not graded"
            yield row


def _empty_row(assignment: Assignment) -> dict[str, object]:
    return {
        **dict.fromkeys(_COLUMNS, ""),
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "max_score": assignment.max_score,
    }


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict[str, object]:
    row = _empty_row(assignment) | {
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": 0.0,
        "late_submission_penalty": 0.0,
        "score": 0.0,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = submission.late_submission_penalty
    return row | {
        "timestamp": submission.timestamp,
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
    }
