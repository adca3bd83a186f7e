"""Exercises that were withdrawn from an assignment, and what stands in the place of their points.

A withdrawal is noted in the gradebook, so that whatever is graded later is treated alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from nbgrader.api import Gradebook, SubmittedNotebook

from nbjudge.gradebook.exercises import group_cells
from nbjudge.gradebook.notes import read_note, write_note
from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell

Points = Literal["full", "none", "rescale"]
_NOTE = "withdrawn:"


@dataclass(frozen=True)
class Withdrawn:
    """One exercise that was withdrawn.

    Attributes
    ----------
    notebook, exercise : str
        Which.
    cells : tuple of str
        Its cells with points.
    points : {"full", "none", "rescale"}
        ``"full"``: everybody who handed in has its points. ``"none"``: there are none for it.
        ``"rescale"``: there are none for it, and the other exercises are worth so much more that
        the assignment has as many as before.
    """

    notebook: str
    exercise: str
    cells: tuple[str, ...]
    points: Points


@dataclass(frozen=True)
class Withdrawals:
    """The withdrawn exercises of one assignment.

    Attributes
    ----------
    exercises : tuple of Withdrawn
        Which, in the order of withdrawal.
    released : dict
        By notebook and cell, the points before anything was withdrawn.
    """

    exercises: tuple[Withdrawn, ...] = ()
    released: dict[str, dict[str, float]] | None = None

    @classmethod
    def read(cls, gradebook: Gradebook, assignment: str) -> Withdrawals:
        """Read those of an assignment."""
        return cls.of_data(read_note(gradebook, _NOTE + assignment))

    @classmethod
    def of_data(cls, data: Any) -> Withdrawals:
        """Make them again from what `as_data` has returned."""
        if data is None:
            return cls()
        exercises = tuple(
            Withdrawn(**{**one, "cells": tuple(one["cells"])}) for one in data["exercises"]
        )
        return cls(exercises, data["released"])

    def as_data(self) -> Any:
        """Return them as plain data, None if there are none."""
        if not self.exercises:
            return None
        return {"exercises": [asdict(one) for one in self.exercises], "released": self.released}

    def write(self, gradebook: Gradebook, assignment: str) -> None:
        """Note them in a gradebook, in the session's transaction."""
        write_note(gradebook, _NOTE + assignment, self.as_data())

    def withdraw(self, exercise: Withdrawn, sheets: dict[str, NotebookSnapshot]) -> Withdrawals:
        """Return them with one more, or another decision on one that is among them."""
        kept = [
            one
            for one in self.exercises
            if (one.notebook, one.exercise) != (exercise.notebook, exercise.exercise)
        ]
        return Withdrawals((*kept, exercise), self.released or points_of(sheets))

    def renewed(self, sheets: dict[str, NotebookSnapshot]) -> Withdrawals:
        """Return them with the points, and the cells, that the exercises are released with."""
        if not self.exercises:
            return self

        def cells(one: Withdrawn) -> tuple[str, ...]:
            sheet = sheets.get(one.notebook)
            found = exercises_of(sheet).get(one.exercise) if sheet else None
            return one.cells if found is None else tuple(found)

        exercises = tuple(replace(one, cells=cells(one)) for one in self.exercises)
        return Withdrawals(exercises, points_of(sheets))

    def restored(self, sheets: dict[str, NotebookSnapshot]) -> dict[str, NotebookSnapshot]:
        """Return the notebooks of a gradebook with the points before anything was withdrawn."""
        return sheets if self.released is None else with_points(sheets, self.released)

    def apply(self, sheets: dict[str, NotebookSnapshot]) -> dict[str, NotebookSnapshot]:
        """Return notebooks as they were released with the points that count.

        Raises
        ------
        ValueError
            If nothing is left for which the points could be given.
        """
        if not self.exercises:
            return sheets
        points = points_of(sheets)
        dropped = 0.0
        for one in self.exercises:
            if one.points == "full":
                continue
            there = points.get(one.notebook, {})
            for cell in one.cells:
                dropped += there.get(cell, 0.0) if one.points == "rescale" else 0.0
                if cell in there:
                    there[cell] = 0.0
        left = sum(value for there in points.values() for value in there.values())
        if dropped and not left:
            raise ValueError("no exercise with points is left that could be worth more")
        if dropped:
            factor = (left + dropped) / left
            points = {
                name: {cell: value * factor for cell, value in there.items()}
                for name, there in points.items()
            }
        return with_points(sheets, points)

    def settle(self, sheet: SubmittedNotebook) -> None:
        """Give a submitted notebook the points of what was withdrawn."""
        for one in self.exercises:
            if one.notebook != sheet.name:
                continue
            for grade in sheet.grades:
                if grade.name not in one.cells:
                    continue
                full = grade.max_score if one.points == "full" else 0.0
                # What a person gave beyond that stays.
                if not (one.points == "full" and (grade.manual_score or 0.0) > full):
                    grade.manual_score = None
                grade.auto_score, grade.needs_manual_grade = full, False


def points_of(sheets: dict[str, NotebookSnapshot]) -> dict[str, dict[str, float]]:
    """Return the points of each cell that has some, by notebook."""
    return {
        name: {c.name: float(c.max_score) for c in (*sheet.grade_cells, *sheet.task_cells)}
        for name, sheet in sheets.items()
    }


def with_points(
    sheets: dict[str, NotebookSnapshot], points: dict[str, dict[str, float]]
) -> dict[str, NotebookSnapshot]:
    """Return notebooks in which some cells have other points."""

    def changed(cells: Iterable[PointsCell], there: dict[str, float]) -> tuple[PointsCell, ...]:
        return tuple(PointsCell(c.name, there.get(c.name, c.max_score)) for c in cells)

    return {
        name: replace(
            sheet,
            grade_cells=changed(sheet.grade_cells, points.get(name, {})),
            task_cells=changed(sheet.task_cells, points.get(name, {})),
        )
        for name, sheet in sheets.items()
    }


def exercises_of(sheet: NotebookSnapshot) -> dict[str, list[str]]:
    """List the exercises of a notebook: an answer with the tests that follow it.

    Parameters
    ----------
    sheet : NotebookSnapshot
        The notebook.

    Returns
    -------
    dict of str to list of str
        By the name of the answer, or of the cell that stands for itself, its cells with points.
    """
    graded = {cell.name for cell in (*sheet.grade_cells, *sheet.task_cells)}
    own = {cell.name for cell in (*sheet.solution_cells, *sheet.task_cells)}
    names = [cell.name for cell in sheet.source_cells]
    groups = group_cells((name, name in own, name in graded) for name in names)
    return {group.name: group.graded for group in groups if group.graded}
