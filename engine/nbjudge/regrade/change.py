"""Change the grades of a class in one transaction, so that it can be shown first and undone.

Whatever changes grades after the fact, a regrade, a withdrawal or the undoing of one, goes through
`apply`. Shown is what the same steps have done in a transaction that was rolled back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from nbgrader.api import Gradebook

from nbjudge.batch.late import LatePenalties
from nbjudge.gradebook.cells import change_cells
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.marks import Key, Mark, Marks, comments_by_cell, grades_by_cell, read_marks
from nbjudge.gradebook.notes import read_note, write_note
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot
from nbjudge.gradebook.withdrawn import Withdrawals, points_of
from nbjudge.regrade.table import Row

LATE = "(late)"
"""What stands in the place of a cell where lateness costs other points than before."""

_NOTE = "regrade:"
_SLACK = 1e-9


class _OnlyATrialError(Exception):
    """Ends a transaction of which nothing is to stay."""


@dataclass
class Plan:
    """A change of an assignment's grades.

    Attributes
    ----------
    assignment : str
        Which.
    when, who, why : str
        For ``regrades.csv``.
    sheets : dict of str to NotebookSnapshot
        The assignment's cells afterwards.
    withdrawals : Withdrawals
        The withdrawn exercises afterwards.
    write : callable
        Writes the scores, in the transaction of the gradebook that it is given.
    undoes : str
        The change that this one takes back, if it is one that does.
    id : str
        Tells it from all others.
    """

    assignment: str
    when: str
    who: str
    why: str
    sheets: dict[str, NotebookSnapshot]
    withdrawals: Withdrawals
    write: Callable[[Gradebook], None]
    undoes: str = ""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Changed:
    """What a change has done.

    Attributes
    ----------
    rows : list of Row
        Each cell whose points are others, the largest loss first.
    before, after : Marks
        All marks.
    max_score : tuple of float
        The points of the assignment, before and after.
    """

    rows: list[Row]
    before: Marks
    after: Marks
    max_score: tuple[float, float]

    @property
    def students(self) -> set[str]:
        """Whose marks, comments or points lateness costs are others."""
        found = set()
        for old, new in (
            (self.before.cells, self.after.cells),
            (self.before.comments, self.after.comments),
            (self.before.late, self.after.late),
        ):
            found |= {key[0] for key in {*old} | {*new} if old.get(key) != new.get(key)}
        return found


def apply(gradebook: Gradebook, plan: Plan, late: LatePenalties | None, *, trial: bool) -> Changed:
    """Change an assignment's cells and grades in one transaction.

    Parameters
    ----------
    gradebook : Gradebook
        The course's. It has a table for notes (`nbjudge.gradebook.notes.make_notes`), unless this
        is a trial.
    plan : Plan
        What to change.
    late : LatePenalties or None
        What lateness costs in the course.
    trial : bool
        Whether to leave the gradebook as it was.

    Returns
    -------
    Changed
        What became of the marks.
    """
    changed: list[Changed] = []
    try:
        with one_transaction(gradebook):
            changed.append(_change(gradebook, plan, late, trial=trial))
            if trial:
                raise _OnlyATrialError
    except _OnlyATrialError:
        pass
    gradebook.db.expire_all()
    return changed[0]


def _change(
    gradebook: Gradebook, plan: Plan, late: LatePenalties | None, *, trial: bool
) -> Changed:
    name = plan.assignment
    before, sheets = read_marks(gradebook, name), take_snapshot(gradebook, name)
    withdrawals = Withdrawals.read(gradebook, name)
    if sheets != plan.sheets:
        change_cells(gradebook, name, plan.sheets)
    plan.write(gradebook)
    gradebook.db.flush()
    gradebook.db.expire_all()
    if late is not None:
        late.work_out(gradebook, name)
        gradebook.db.flush()
        gradebook.db.expire_all()
    after = read_marks(gradebook, name)
    changed = Changed(
        _rows(plan, before, after), before, after, (_points(sheets), _points(plan.sheets))
    )
    if not trial:
        plan.withdrawals.write(gradebook, name)
        everybody = {student for student, _ in after.late}
        other_points = points_of(sheets) != points_of(plan.sheets)
        note = {
            "id": plan.id,
            "when": plan.when,
            "who": plan.who,
            "why": plan.why,
            "undoes": plan.undoes,
            "sheets": {n: sheet.as_data() for n, sheet in sheets.items()},
            "withdrawals": withdrawals.as_data(),
            "marks": _pairs(before.cells, after.cells, asdict),
            "comments": _pairs(before.comments, after.comments, lambda text: text),
            "rows": [list(row) for row in changed.rows],
            "students": sorted(everybody if other_points else changed.students),
        }
        write_note(gradebook, _NOTE + name, note)
    return changed


def last_change(gradebook: Gradebook, assignment: str) -> dict[str, Any] | None:
    """Return what is noted of the last change of an assignment's grades."""
    note: dict[str, Any] | None = read_note(gradebook, _NOTE + assignment)
    return note


def take_back(note: dict[str, Any], assignment: str) -> Callable[[Gradebook], None]:
    """Return what writes the scores as they were before a change.

    What was given by hand or graded anew since stays.
    """

    def write(gradebook: Gradebook) -> None:
        grades = grades_by_cell(gradebook, assignment)
        for *key, before, after in note["marks"]:
            grade = grades.get(tuple(key))
            if grade is None or before is None or after is None:
                continue  # of a cell that the change had added
            for name, value in before.items():
                if getattr(grade, name) == after[name]:
                    setattr(grade, name, value)
        comments = comments_by_cell(gradebook, assignment)
        for *key, before, after in note["comments"]:
            comment = comments.get(tuple(key))
            if comment is not None and comment.auto_comment == after:
                comment.auto_comment = before

    return write


def _points(sheets: dict[str, NotebookSnapshot]) -> float:
    return sum(value for there in points_of(sheets).values() for value in there.values())


def _pairs(
    before: dict[Key, Any], after: dict[Key, Any], plain: Callable[[Any], Any]
) -> list[list[Any]]:
    """List what is another, as plain data; nothing stands for what is not there."""
    return [
        [*key, *(plain(marks[key]) if key in marks else None for marks in (before, after))]
        for key in sorted({*before} | {*after})
        if before.get(key) != after.get(key)
    ]


def _rows(plan: Plan, before: Marks, after: Marks) -> list[Row]:
    rows = []
    none = Mark()
    for key in {*before.cells} | {*after.cells}:
        old, new = (marks.cells.get(key, none).score for marks in (before, after))
        if abs(new - old) > _SLACK:
            rows.append(_row(plan, *key, old, new))
    for student, notebook in {*before.late} | {*after.late}:
        old, new = (-marks.late.get((student, notebook), 0.0) for marks in (before, after))
        if abs(new - old) > _SLACK:
            rows.append(_row(plan, student, notebook, LATE, old, new))
    return sorted(rows, key=lambda row: (row.new - row.old, row.student, row.notebook, row.cell))


def _row(plan: Plan, student: str, notebook: str, cell: str, old: float, new: float) -> Row:
    return Row(
        plan.when, plan.who, plan.why, plan.assignment, student, notebook, cell,
        round(old, 10) + 0.0, round(new, 10) + 0.0,
    )  # fmt: skip
