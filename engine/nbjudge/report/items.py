"""The figures of each exercise of an assignment, and of the assignment by them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nbjudge.report.grades import AssignmentGrades, Exercise
from nbjudge.report.statistics import (
    FEWEST,
    Shares,
    cronbach_alpha,
    item_rest_correlations,
    quintile_means,
    shares,
    upper_lower_index,
)

_SLACK = 1e-9
TOO_FEW = f"fewer than {FEWEST} submissions: no figures"
NEGATIVE = "negative discrimination: look at its tests first"
NOBODY = "nobody has full points"
EVERYBODY = "everybody has full points"


@dataclass(frozen=True)
class ItemFigures:
    """The figures of one exercise; ``nan`` where they are not defined or mean nothing.

    Attributes
    ----------
    exercise : Exercise
        Which one.
    submissions : int
        How many have all of its points, so that the figures are of them.
    waiting : int
        How many wait for a person.
    mean : float
        The mean of the points.
    shares : Shares
        Full, partial, zero and blank.
    discrimination : float
        The item-rest correlation.
    upper_lower : float
        The upper minus the lower 27 %.
    quintiles : tuple of float
        The mean share of the points in each fifth of the class, the lowest first.
    notes : tuple of str
        What there is to look at, or why there are no figures.
    """

    exercise: Exercise
    submissions: int
    waiting: int
    mean: float
    shares: Shares
    discrimination: float
    upper_lower: float
    quintiles: tuple[float, ...]
    notes: tuple[str, ...]

    @property
    def known(self) -> bool:
        """Whether there are figures."""
        return not math.isnan(self.mean)


@dataclass(frozen=True)
class AssignmentFigures:
    """The figures of an assignment's exercises.

    Attributes
    ----------
    items : list of ItemFigures
        In the order of the notebook.
    alpha : float
        Cronbach's alpha over the exercises that wait for nobody.
    compared : tuple of str
        These exercises; the class is ordered by the points in them.
    """

    items: list[ItemFigures]
    alpha: float
    compared: tuple[str, ...]


def figures_of(grades: AssignmentGrades) -> AssignmentFigures:
    """Work out the figures of an assignment.

    The class is ordered, and each exercise compared, by the points in the exercises in which
    nobody waits for a person: others would lower the sum of those who wait. What lateness costs is
    not taken off.

    Parameters
    ----------
    grades : AssignmentGrades
        The grades.
    """
    points = grades.by_exercise
    known = ~np.isnan(points)
    whole = [i for i in range(points.shape[1]) if known[:, i].all()]
    complete = points[:, whole]
    total = complete.sum(axis=1)
    enough = len(total) >= FEWEST
    correlations = dict(zip(whole, item_rest_correlations(complete), strict=True))
    items = []
    for i, exercise in enumerate(grades.exercises):
        rows = known[:, i]
        if i not in correlations:  # compared with all others, where it is known
            from_others = np.column_stack([np.where(rows, points[:, i], 0.0), total])[rows]
            found = item_rest_correlations(from_others) if rows.sum() else [math.nan]
            correlations[i] = found[0] if whole else math.nan
        others = len(whole) - (i in whole)
        items.append(
            _figures(
                exercise, points[rows, i], total[rows], grades.blank[rows, i],
                int((~rows).sum()), float(correlations[i]) if others else math.nan,
            )
        )  # fmt: skip
    alpha = cronbach_alpha(complete) if enough else math.nan
    return AssignmentFigures(items, alpha, tuple(grades.exercises[i].name for i in whole))


def _figures(
    exercise: Exercise,
    points: np.ndarray,
    total: np.ndarray,
    blank: np.ndarray,
    waiting: int,
    discrimination: float,
) -> ItemFigures:
    count, most = len(points), exercise.max_score
    if count < FEWEST:
        nothing = Shares(*[math.nan] * 4)
        note = f"{waiting} wait for a person" if waiting else TOO_FEW
        return ItemFigures(
            exercise, count, waiting, math.nan, nothing, math.nan, math.nan, (math.nan,) * 5,
            (note,),
        )  # fmt: skip
    found = shares(points, most, blank)
    if most <= 0:  # points above those of the assignment: there is no share of them
        found = Shares(math.nan, math.nan, math.nan, found.blank)
    notes = []
    if discrimination < 0:
        notes.append(NEGATIVE)
    if most > 0:
        slack = _SLACK * max(1.0, most)
        if (points >= most - slack).all():
            notes.append(EVERYBODY)
        elif not (points >= most - slack).any():
            notes.append(NOBODY)
    quintiles = quintile_means(points, total) / most if most > 0 else np.full(5, math.nan)
    return ItemFigures(
        exercise, count, waiting, float(points.mean()), found, discrimination,
        upper_lower_index(points, total, most), tuple(map(float, quintiles)), tuple(notes),
    )  # fmt: skip
