"""Each grade and automatic comment of an assignment as plain data, to compare and to put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.orm import joinedload, selectinload

Key = tuple[str, str, str]
"""Student, notebook and cell."""


@dataclass(frozen=True)
class Mark:
    """What a gradebook has of one cell of one submission; the names are nbgrader's."""

    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = False

    @property
    def score(self) -> float:
        """The points that count, as nbgrader works them out."""
        given = self.auto_score if self.manual_score is None else self.manual_score
        return 0.0 if given is None else given + (self.extra_credit or 0.0)


@dataclass(frozen=True)
class Marks:
    """The marks of an assignment.

    Attributes
    ----------
    cells : dict
        By student, notebook and cell.
    comments : dict
        The automatic comments, likewise.
    late : dict
        What lateness costs, by student and notebook.
    """

    cells: dict[Key, Mark]
    comments: dict[Key, str | None]
    late: dict[tuple[str, str], float]

    def total(self, student: str) -> float:
        """Return the points of a student, what lateness costs taken off."""
        return self.totals().get(student, 0.0)

    def totals(self) -> dict[str, float]:
        """Return the points of every student, what lateness costs taken off."""
        found: dict[str, float] = {}
        for (student, _, _), mark in self.cells.items():
            found[student] = found.get(student, 0.0) + mark.score
        for (student, _), penalty in self.late.items():
            found[student] = found.get(student, 0.0) - penalty
        return {student: max(0.0, points) for student, points in found.items()}


def read_marks(gradebook: Gradebook, assignment: str) -> Marks:
    """Read the marks of an assignment.

    Parameters
    ----------
    gradebook : Gradebook
        The course's.
    assignment : str
        The assignment.
    """
    cells: dict[Key, Mark] = {}
    comments: dict[Key, str | None] = {}
    late = {}
    sheets = submitted_notebooks(gradebook, assignment)
    names = {sheet.id: (sheet.student.id, sheet.name) for sheet in sheets}
    for sheet in sheets:
        late[names[sheet.id]] = sheet.late_submission_penalty or 0.0
    for grade in _rows(gradebook, Grade, assignment):
        cells[*names[grade.notebook_id], grade.cell.name] = mark_of(grade)
    for comment in _rows(gradebook, Comment, assignment):
        comments[*names[comment.notebook_id], comment.cell.name] = comment.auto_comment
    return Marks(cells, comments, late)


def mark_of(grade: Grade) -> Mark:
    """Return a row of the gradebook as plain data."""
    return Mark(
        grade.auto_score, grade.manual_score, grade.extra_credit, bool(grade.needs_manual_grade)
    )


def submissions_with_notebooks(gradebook: Gradebook, assignment: str) -> list[SubmittedAssignment]:
    """List the submissions of an assignment, their notebooks read by one query for many."""
    wanted = gradebook.find_assignment(assignment).id
    return list(
        gradebook.db.query(SubmittedAssignment)
        .filter(SubmittedAssignment.assignment_id == wanted)
        .options(selectinload(SubmittedAssignment.notebooks))
        .all()
    )


def submitted_notebooks(gradebook: Gradebook, assignment: str) -> list[SubmittedNotebook]:
    """List the notebooks of all submissions of an assignment."""
    wanted = gradebook.find_assignment(assignment).id
    return list(
        gradebook.db.query(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == wanted)
        .all()
    )


def grades_by_cell(gradebook: Gradebook, assignment: str) -> dict[Key, Grade]:
    """Return nbgrader's own rows, by student, notebook and cell."""
    sheets = submitted_notebooks(gradebook, assignment)
    names = {sheet.id: (sheet.student.id, sheet.name) for sheet in sheets}
    return {
        (*names[grade.notebook_id], grade.cell.name): grade
        for grade in _rows(gradebook, Grade, assignment)
    }


def comments_by_cell(gradebook: Gradebook, assignment: str) -> dict[Key, Comment]:
    """Return nbgrader's own rows, by student, notebook and cell."""
    sheets = submitted_notebooks(gradebook, assignment)
    names = {sheet.id: (sheet.student.id, sheet.name) for sheet in sheets}
    return {
        (*names[row.notebook_id], row.cell.name): row
        for row in _rows(gradebook, Comment, assignment)
    }


def _rows(gradebook: Gradebook, kind: Any, assignment: str) -> list[Any]:
    wanted = gradebook.find_assignment(assignment).id
    return list(
        gradebook.db.query(kind)
        .join(SubmittedNotebook, kind.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .filter(SubmittedAssignment.assignment_id == wanted)
        .options(joinedload(kind.cell))
        .all()
    )
