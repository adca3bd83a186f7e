"""Withdraw an exercise from an assignment that was graded."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from nbgrader.api import Gradebook

from nbjudge.batch.late import LatePenalties
from nbjudge.gradebook.marks import grades_by_cell, submitted_notebooks
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot
from nbjudge.gradebook.withdrawn import Points, Withdrawals, Withdrawn, exercises_of, points_of
from nbjudge.regrade.change import Plan, apply
from nbjudge.regrade.corrections import (
    Correction,
    CorrectionError,
    refuse_without_submissions,
)
from nbjudge.regrade.draft import differences
from nbjudge.regrade.stage import Stage
from nbjudge.regrade.table import account, now
from nbjudge.regrade.trial import Trial


def withdraw(
    converter: Trial, gradebook: Gradebook, exercise: str, points: Points, why: str
) -> Correction:
    """Withdraw an exercise.

    Parameters
    ----------
    converter : Trial
        Knows the course and the assignment.
    gradebook : Gradebook
        The course's.
    exercise : str
        The ``grade_id`` of its answer, or of one of its tests.
    points : {"full", "none", "rescale"}
        What becomes of its points.
    why : str
        For ``regrades.csv``.

    Raises
    ------
    CorrectionError
        If the assignment has no such exercise, or none besides it.
    """
    name = converter.coursedir.assignment_id
    refuse_without_submissions(gradebook, name)
    before = take_snapshot(gradebook, name)
    withdrawals = Withdrawals.read(gradebook, name)
    released = withdrawals.restored(before)
    one = _find_exercise(released, exercise, points, name)
    withdrawals = withdrawals.withdraw(one, before)
    try:
        sheets = withdrawals.apply(released)
    except ValueError as error:
        raise CorrectionError(f"{exercise} cannot be withdrawn with rescale: {error}") from None
    ratios = _ratios(before, sheets)

    def write(gradebook: Gradebook) -> None:
        for (_, notebook, cell), grade in grades_by_cell(gradebook, name).items():
            ratio = ratios.get((notebook, cell), 1.0)
            if ratio != 1.0:
                for score in ("auto_score", "manual_score"):
                    given = getattr(grade, score)
                    setattr(grade, score, None if given is None else given * ratio)
        gradebook.db.flush()
        for sheet in submitted_notebooks(gradebook, name):
            withdrawals.settle(sheet)

    plan = Plan(name, now(), account(), why, sheets, withdrawals, write)
    changed = apply(gradebook, plan, LatePenalties.of_course(converter), trial=True)
    found = differences(before, sheets)
    return Correction(converter, gradebook, plan, Stage(converter, plan.id), changed, found)


def _find_exercise(
    sheets: dict[str, NotebookSnapshot], exercise: str, points: Points, assignment: str
) -> Withdrawn:
    every = list(_exercises(sheets))
    for notebook, name, cells in every:
        if exercise == name:
            return Withdrawn(notebook, name, cells, points)
    for _, name, cells in every:
        if exercise in cells:
            raise CorrectionError(
                f"{exercise!r} is a test of the exercise {name!r}: "
                f"`nbjudge withdraw {assignment} {name} --points {points}`"
            )
    names = [name for _, name, _ in every]
    near = difflib.get_close_matches(exercise, names, 1)
    meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
    raise CorrectionError(f"{assignment} has no exercise {exercise!r}: {meant}")


def _exercises(
    sheets: dict[str, NotebookSnapshot],
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for notebook, sheet in sheets.items():
        for name, cells in exercises_of(sheet).items():
            yield notebook, name, tuple(cells)


def _ratios(
    before: dict[str, NotebookSnapshot], after: dict[str, NotebookSnapshot]
) -> dict[tuple[str, str], float]:
    old, new = points_of(before), points_of(after)
    return {
        (notebook, cell): new[notebook][cell] / value
        for notebook, there in old.items()
        for cell, value in there.items()
        if value and new[notebook][cell]
    }
