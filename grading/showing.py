"""A student's words where programs would act on them: in a terminal, and in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COLUMNS = [
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
]


def printable(text: str) -> str:
    r"""Return a text without what moves a terminal's cursor, colours it or writes its title.

    Examples
    --------
    >>> printable("two\nlines, \x1b[2Jand the screen wiped")
    'two\nlines, \\x1b[2Jand the screen wiped'
    """
    return "\n".join(
        "".join(
            sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line
        )
        for line in text.split("\n")
    )


def for_spreadsheet(value: object) -> str:
    """Return a field of a table that no spreadsheet takes for a formula: ``'`` stands before it.

    Numbers stay as they are. `from_spreadsheet` gives back what it was.

    Examples
    --------
    >>> for_spreadsheet("=1+1"), for_spreadsheet(-1.5), for_spreadsheet("ada")
    ("'=1+1", '-1.5', 'ada')
    """
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) or not text.lstrip("'").startswith(_FORMULAS):
        return text
    return f"'{text}"


def from_spreadsheet(field: str) -> str:
    """Return what a field was before `for_spreadsheet`."""
    if field.startswith("'") and field.lstrip("'").startswith(_FORMULAS):
        return field[1:]
    return field


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
