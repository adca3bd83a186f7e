"""The points of a class, by assignment and by exercise, as they go to other systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbgrader.api import Gradebook

from nbjudge.gradebook.marks import read_marks
from nbjudge.gradebook.snapshot import take_snapshot
from nbjudge.gradebook.withdrawn import exercises_of, points_of


@dataclass(frozen=True)
class GradeColumn:
    """The points of a class in an assignment, or in one exercise of it.

    Attributes
    ----------
    assignment : str
        Which assignment.
    exercise : str
        The ``grade_id`` of the exercise's answer; empty for all exercises together, from which
        what lateness costs is taken off.
    max_score : float
        The points that can be had.
    scores : dict of str to float
        By student, of those who handed in.
    """

    assignment: str
    exercise: str
    max_score: float
    scores: dict[str, float]

    @property
    def name(self) -> str:
        """What the column is called."""
        return f"{self.assignment} - {self.exercise}" if self.exercise else self.assignment


def grade_columns(
    gradebook: Gradebook, assignments: Sequence[str], *, per_exercise: bool
) -> list[GradeColumn]:
    """Read the points of a class.

    Parameters
    ----------
    gradebook : Gradebook
        The course's.
    assignments : sequence of str
        Which assignments.
    per_exercise : bool
        Whether each exercise has a column behind that of its assignment.
    """
    columns = []
    for name in assignments:
        marks, sheets = read_marks(gradebook, name), take_snapshot(gradebook, name)
        points = points_of(sheets)
        most = sum(value for there in points.values() for value in there.values())
        columns.append(GradeColumn(name, "", most, marks.totals()))
        if not per_exercise:
            continue
        exercises = {notebook: exercises_of(sheet) for notebook, sheet in sheets.items()}
        every = [exercise for there in exercises.values() for exercise in there]
        for notebook, there in exercises.items():
            for exercise, cells in there.items():
                scores: dict[str, float] = {}
                for (student, where, cell), mark in marks.cells.items():
                    if where == notebook and cell in cells:
                        scores[student] = scores.get(student, 0.0) + mark.score
                most = sum(points[notebook][cell] for cell in cells)
                shown = exercise if every.count(exercise) == 1 else f"{notebook}/{exercise}"
                columns.append(GradeColumn(name, shown, most, scores))
    return columns


def waiting(gradebook: Gradebook, assignment: str) -> list[str]:
    """Name whose submissions wait for a person to grade a part of them."""
    submissions = gradebook.find_assignment(assignment).submissions
    return sorted(s.student.id for s in submissions if s.needs_manual_grade)
