"""Plugins for nbgrader: what lateness costs, and the table of grades."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import BasePlugin, CsvExportPlugin
from traitlets import Float

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


_COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
]


class SafeCsvExport(CsvExportPlugin):
    """nbgrader's table of grades, with fields that stay in their row and are no formulas.

    For ``c.ExportApp.plugin_class``. nbgrader's own writes names as they are, so that one with a
    comma moves the columns behind it, and one with a line break makes a row.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write a row for each student and assignment."""
        students, assignments = map(set, (self.student, self.assignment))
        with Path(self.to or "grades.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_COLUMNS)
            for assignment in gradebook.assignments:
                if assignments and assignment.name not in assignments:
                    continue
                for student in gradebook.students:
                    if not students or student.id in students:
                        row = _row(gradebook, assignment, student)
                        writer.writerow([for_spreadsheet(row[name]) for name in _COLUMNS])


def _row(gradebook: Gradebook, assignment: object, student: object) -> dict[str, object]:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": "",
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": 0.0,
        "late_submission_penalty": 0.0,
        "score": 0.0,
        "max_score": assignment.max_score,
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
