"""Submissions that a gradebook does not have yet, with their scores, by one statement a table.

nbgrader makes an object of every grade and asks for its cell, then each score changes one: that is
half of what a coordinator does. The rows are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[Any, Any] = {
    kind: kind.__table__.insert()
    for kind in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
}
_INSERT_STUDENT: dict[str, Any] = {
    "sqlite": sqlite.insert(Student.__table__).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Student.__table__).on_conflict_do_nothing(),
}


@dataclass(frozen=True)
class _Sheet:
    """A notebook of the assignment, with the ids and names of its cells by what they get."""

    id: str
    name: str
    grades: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, str], ...]


class NewSubmissions:
    """Writes the submissions of one assignment; its cells are read once.

    Parameters
    ----------
    gradebook : Gradebook
        The course's.
    assignment : str
        The assignment.
    """

    def __init__(self, gradebook: Gradebook, assignment: str) -> None:
        self._gradebook = gradebook
        self._assignment = assignment

    @cached_property
    def _row(self) -> tuple[str, datetime | None]:
        """The assignment's id, and when it is due."""
        wanted = select(Assignment.id, Assignment.duedate)
        found = self._gradebook.db.execute(wanted.where(Assignment.name == self._assignment)).one()
        return found.id, found.duedate

    @cached_property
    def _sheets(self) -> list[_Sheet]:
        db = self._gradebook.db
        wanted = select(Notebook.id, Notebook.name).where(Notebook.assignment_id == self._row[0])
        return [
            _Sheet(
                number,
                name,
                self._cells(number, "GradeCell", "TaskCell"),
                self._cells(number, "SolutionCell", "TaskCell"),
            )
            for number, name in db.execute(wanted)
        ]

    def _cells(self, notebook: str, *kinds: str) -> tuple[tuple[str, str], ...]:
        wanted = select(BaseCell.id, BaseCell.name)
        wanted = wanted.where(BaseCell.notebook_id == notebook, BaseCell.type.in_(kinds))
        return tuple((number, name) for number, name in self._gradebook.db.execute(wanted))

    @cached_property
    def _students(self) -> set[str]:
        """Who has a submission: of one assignment, one batch at a time makes any."""
        wanted = select(SubmittedAssignment.student_id)
        wanted = wanted.where(SubmittedAssignment.assignment_id == self._row[0])
        return set(self._gradebook.db.execute(wanted).scalars())

    def has(self, student: str) -> bool:
        """Whether there is a submission of a student."""
        return student in self._students

    def add_student(self, student: str) -> None:
        """Write a student of whom only the name is known, unless the gradebook has them."""
        insert = _INSERT_STUDENT.get(self._gradebook.engine.dialect.name)
        if insert is None:
            self._gradebook.update_or_create_student(student)
        else:
            self._gradebook.db.execute(insert, [{"id": student}])

    def is_late(self, timestamp: datetime | None) -> bool:
        """Whether what was handed in at a time is late, without an extension."""
        due = self._row[1]
        return timestamp is not None and due is not None and timestamp > due

    def add(
        self,
        student: str,
        timestamp: datetime | None,
        scores: dict[str, dict[str, float | None]],
        comments: dict[str, dict[str, Any]],
        folder: Path,
    ) -> None:
        """Write a submission, in the session's transaction.

        Parameters
        ----------
        student : str
            Whose it is; the gradebook has them.
        timestamp : datetime or None
            When it was handed in, in UTC without a zone, if that is known.
        scores : dict
            By notebook and cell, the automatic scores; None where a person must decide.
        comments : dict
            By notebook, the automatic comment of each cell.
        folder : Path
            What was handed in: there are no points for a notebook that is not there.
        """
        db, submission = self._gradebook.db, new_uuid()
        row = {"id": submission, "assignment_id": self._row[0], "student_id": student}
        db.execute(_INSERT[SubmittedAssignment], [row | {"timestamp": timestamp}])
        sheets: list[dict[str, Any]] = []
        given: list[dict[str, Any]] = []
        said: list[dict[str, Any]] = []
        for sheet in self._sheets:
            own = new_uuid()
            sheets.append({"id": own, "assignment_id": submission, "notebook_id": sheet.id})
            points, words = scores.get(sheet.name, {}), comments.get(sheet.name, {})
            none = sheet.name not in scores and not (folder / f"{sheet.name}.ipynb").exists()
            for cell, name in sheet.grades:
                score = 0.0 if none else points.get(name)
                grade = {"auto_score": score, "needs_manual_grade": score is None}
                given.append({"cell_id": cell, "notebook_id": own, **grade})
            for cell, name in sheet.comments:
                said.append({"cell_id": cell, "notebook_id": own, "auto_comment": words.get(name)})
        for kind, rows in ((SubmittedNotebook, sheets), (Grade, given), (Comment, said)):
            if rows:
                db.execute(_INSERT[kind], rows)
        self._students.add(student)
