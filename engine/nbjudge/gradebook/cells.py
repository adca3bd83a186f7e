"""Change the cells of an assignment in a gradebook, submissions or not.

nbgrader changes an assignment's cells only until something is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import delete, select

from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell

Kinds = dict[str, frozenset[str]]


def cell_names(gradebook: Gradebook, sheet: SubmittedNotebook) -> dict[str, str]:
    """Return the name of each cell with points or comments, by its id.

    nbgrader's grades and comments find out their names one by one, each by a query.
    """
    wanted = select(BaseCell.id, BaseCell.name).where(BaseCell.notebook_id == sheet.notebook_id)
    return {number: name for number, name in gradebook.db.execute(wanted)}


def cell_points(gradebook: Gradebook, sheet: SubmittedNotebook) -> dict[str, float]:
    """Return the points of each cell that has some, by its id."""
    found = {}
    for kind in (GradeCell, TaskCell):
        wanted = select(kind.id, kind.max_score).where(kind.notebook_id == sheet.notebook_id)
        found.update({number: points or 0.0 for number, points in gradebook.db.execute(wanted)})
    return found


def kinds(sheet: NotebookSnapshot) -> Kinds:
    """Return what each cell of a notebook is to nbgrader, by name."""
    found: dict[str, set[str]] = {cell.name: set() for cell in sheet.source_cells}
    for kind, cells in (
        ("grade", sheet.grade_cells),
        ("solution", sheet.solution_cells),
        ("task", sheet.task_cells),
    ):
        for cell in cells:
            found.setdefault(cell.name, set()).add(kind)
    return {name: frozenset(has) for name, has in found.items()}


def change_cells(
    gradebook: Gradebook, assignment: str, sheets: dict[str, NotebookSnapshot]
) -> None:
    """Make the cells of an assignment those of a snapshot, in the session's transaction.

    Cells keep the grades and comments that they have. A cell that is new gets a grade of 0 points
    in each submission, and an empty comment; with one that is left out go its grades.

    Parameters
    ----------
    gradebook : Gradebook
        The course's, or a copy.
    assignment : str
        The assignment.
    sheets : dict of str to NotebookSnapshot
        Its notebooks; others are left alone.
    """
    for notebook in gradebook.find_assignment(assignment).notebooks:
        if notebook.name in sheets:
            _change_notebook(gradebook.db(), notebook, sheets[notebook.name])
    gradebook.db.flush()
    gradebook.db.expire_all()


def _change_notebook(session: Any, notebook: Notebook, sheet: NotebookSnapshot) -> None:
    if notebook.kernelspec != sheet.kernelspec:
        notebook.kernelspec = sheet.kernelspec
    # In the notebook's order, in which deleted cells are put back.
    session.execute(delete(SourceCell).where(SourceCell.notebook_id == notebook.id))
    for source in sheet.source_cells:
        session.add(
            SourceCell(
                name=source.name, cell_type=source.cell_type, source=source.source,
                checksum=source.checksum, locked=source.locked, notebook_id=notebook.id,
            )
        )  # fmt: skip
        session.flush()
    types = {cell.name: cell.cell_type for cell in sheet.source_cells}
    by_kind: tuple[tuple[Any, Sequence[PointsCell]], ...] = (
        (GradeCell, sheet.grade_cells),
        (SolutionCell, sheet.solution_cells),
        (TaskCell, sheet.task_cells),
    )
    for kind, cells in by_kind:
        found = session.execute(select(kind).where(kind.notebook_id == notebook.id)).scalars()
        there = {cell.name: cell for cell in found}
        for cell in cells:
            has_points = kind is not SolutionCell
            given: dict[str, Any] = {}
            if has_points:
                given = {"max_score": cell.max_score, "cell_type": types[cell.name]}
            if cell.name in there:
                for name, value in given.items():
                    if getattr(there[cell.name], name) != value:
                        setattr(there[cell.name], name, value)
                continue
            made = kind(name=cell.name, notebook=notebook, **given)
            session.add(made)
            session.flush()
            _add_to_submissions(
                session, notebook, made, graded=has_points, commented=kind is not GradeCell
            )
        for name in {*there} - {cell.name for cell in cells}:
            _remove(session, there[name])


def _add_to_submissions(
    session: Any, notebook: Notebook, cell: BaseCell, *, graded: bool, commented: bool
) -> None:
    for submitted in notebook.submissions:
        if graded:
            session.add(
                Grade(
                    cell_id=cell.id, notebook_id=submitted.id,
                    auto_score=0.0, needs_manual_grade=False,
                )
            )  # fmt: skip
        if commented:
            session.add(Comment(cell_id=cell.id, notebook_id=submitted.id))


def _remove(session: Any, cell: BaseCell) -> None:
    for kind in (Grade, Comment):
        session.execute(delete(kind).where(kind.cell_id == cell.id))
    session.delete(cell)
    session.flush()
