"""The grades of a class as plain arrays, a row a submission and a column a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np


@dataclass(frozen=True)
class Cell:
    """A cell with points.

    Attributes
    ----------
    name, notebook : str
        Its ``grade_id``, and where it stands.
    max_score : float
        Its points.
    test : bool
        Whether it is code that grades by itself, and no answer.
    """

    name: str
    notebook: str
    max_score: float
    test: bool


@dataclass(frozen=True)
class Exercise:
    """An answer with its tests, or what a person grades.

    Attributes
    ----------
    name, notebook : str
        The ``grade_id`` of its first cell, and where it stands.
    columns : tuple of int
        Its cells with points, among those of the assignment.
    max_score : float
        Their points.
    answer : bool
        Whether its first cell is the student's.
    """

    name: str
    notebook: str
    columns: tuple[int, ...]
    max_score: float
    answer: bool


@dataclass
class AssignmentGrades:
    """The grades of an assignment.

    Attributes
    ----------
    name : str
        The assignment.
    duedate : datetime or None
        When it was due.
    cells : list of Cell
        The columns, in the order of the notebooks.
    exercises : list of Exercise
        What they belong to.
    released : dict of (str, str) to str
        The text of each answer as it was released, by notebook and ``grade_id``.
    prose : set of (str, str)
        Those of them that are no code.
    students : list of str
        The rows.
    notebooks : dict of str to list of str
        nbgrader's id of each submission of a notebook, by the notebook's name; formgrader shows
        it under this id.
    auto_score, score : ndarray of shape (n_submissions, n_cells)
        The points that the tests gave, and those that count; ``nan`` where there are none yet.
    handed_in : list of datetime or None
        When each was handed in.
    seconds_late, penalty : ndarray of shape (n_submissions,)
        By how much a submission was late, extensions taken into account, and what that cost.
    blank : ndarray of shape (n_submissions, n_exercises)
        Whether an answer is as it was released.
    """

    name: str
    duedate: datetime | None
    cells: list[Cell]
    exercises: list[Exercise]
    released: dict[tuple[str, str], str]
    prose: set[tuple[str, str]]
    students: list[str]
    notebooks: dict[str, list[str]]
    auto_score: np.ndarray
    score: np.ndarray
    handed_in: list[datetime | None]
    seconds_late: np.ndarray
    penalty: np.ndarray
    blank: np.ndarray

    @property
    def max_score(self) -> float:
        """The points that can be had."""
        return sum(cell.max_score for cell in self.cells)

    @property
    def waiting(self) -> np.ndarray:
        """Whether a submission has a part without points: ndarray of shape (n_submissions,)."""
        return np.asarray(np.isnan(self.score).any(axis=1))

    @property
    def by_exercise(self) -> np.ndarray:
        """The points of each exercise, ``nan`` where a part of it has none yet.

        An ndarray of shape (n_submissions, n_exercises); what lateness costs is not taken off.
        """
        points = [self.score[:, list(e.columns)].sum(axis=1) for e in self.exercises]
        return np.stack(points, axis=1) if points else np.zeros((len(self.students), 0))

    @property
    def total(self) -> np.ndarray:
        """The points so far, what lateness costs taken off: ndarray of shape (n_submissions,)."""
        return np.asarray(np.maximum(0.0, np.nansum(self.score, axis=1) - self.penalty))

    @property
    def possible(self) -> np.ndarray:
        """The points that could be had in the parts that are graded: of shape (n_submissions,)."""
        most = np.array([cell.max_score for cell in self.cells], dtype=float)
        return np.asarray(~np.isnan(self.score) @ most)

    @property
    def shares(self) -> np.ndarray:
        """The points as shares of the possible ones, ``nan`` where there are none."""
        possible = self.possible
        return np.where(possible > 0, self.total / np.where(possible > 0, possible, 1.0), np.nan)


@dataclass(frozen=True)
class Student:
    """Somebody in the gradebook; names may be empty."""

    id: str
    first_name: str
    last_name: str

    @property
    def shown(self) -> str:
        """The name that people read: the id where the gradebook has no other."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id


@dataclass
class ClassGrades:
    """The grades of a class.

    Attributes
    ----------
    students : dict of str to Student
        Everybody in the gradebook, by id.
    assignments : list of AssignmentGrades
        In the order of their due dates.
    notices : list of str
        What could not be read, or is not there, each in a line.
    """

    students: dict[str, Student]
    assignments: list[AssignmentGrades]
    notices: list[str] = field(default_factory=list)
