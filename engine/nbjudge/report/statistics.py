r"""Item statistics: what the points of a class say of the exercises that gave them.

All functions take the points as an array with a row for each submission and a column for each
exercise. Where a figure is not defined it is ``nan``.

References
----------
.. [1] L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16
   (1951), 297-334, https://doi.org/10.1007/BF02310555.
.. [2] T. L. Kelley, "The selection of upper and lower groups for the validation of test items",
   Journal of Educational Psychology 30 (1939), 17-24, https://doi.org/10.1037/h0057123.
.. [3] R. L. Ebel and D. A. Frisbie, "Essentials of Educational Measurement", 5th edition,
   Prentice Hall 1991, chapter 13.
.. [4] F. B. Baker and S.-H. Kim, "Item Response Theory", 2nd edition, Dekker 2004, for the
   item-rest (corrected item-total) correlation; first in S. Henrysson, "Correction of item-total
   correlations in item analysis", Psychometrika 28 (1963), 211-218,
   https://doi.org/10.1007/BF02289618.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

FEWEST = 10
"""The submissions below which no figure of an exercise is given."""
TAIL = 0.27
"""The share of the class in the upper and in the lower group, after Kelley [2]_."""
_SLACK = 1e-9


@dataclass(frozen=True)
class Shares:
    """What became of an exercise, as shares of the submissions that sum to 1.

    Attributes
    ----------
    full, partial, zero : float
        All points, some and none, of those who changed the answer.
    blank : float
        The answer as it was released.
    """

    full: float
    partial: float
    zero: float
    blank: float


def shares(points: np.ndarray, max_score: float, blank: np.ndarray) -> Shares:
    """Sort the submissions of one exercise by what they got.

    Parameters
    ----------
    points : ndarray of shape (n_submissions,)
        The points, without ``nan``.
    max_score : float
        The points that can be had.
    blank : ndarray of shape (n_submissions,)
        Whether the answer is as it was released.

    Examples
    --------
    >>> shares(np.array([3.0, 3.0, 1.0, 0.0]), 3.0, np.array([False, False, False, True]))
    Shares(full=0.5, partial=0.25, zero=0.0, blank=0.25)
    """
    if not len(points):
        return Shares(*[math.nan] * 4)
    slack = _SLACK * max(1.0, abs(max_score))
    full = ~blank & (points >= max_score - slack)
    zero = ~blank & ~full & (points <= slack)
    partial = ~blank & ~full & ~zero
    return Shares(*(float(part.mean()) for part in (full, partial, zero, blank)))


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's correlation; ``nan`` where one of both does not vary.

    Parameters
    ----------
    x, y : ndarray of shape (n_submissions,)
        What is compared, at least two of each.
    """
    if len(x) < 2:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    spread = math.sqrt(float(x @ x) * float(y @ y))
    scale = max(1.0, float(np.abs(x).max()), float(np.abs(y).max()))
    if spread <= _SLACK * scale:
        return math.nan
    return min(1.0, max(-1.0, float(x @ y) / spread))


def item_rest_correlations(points: np.ndarray) -> np.ndarray:
    """Correlate the points of each exercise with those of all others together [4]_.

    Parameters
    ----------
    points : ndarray of shape (n_submissions, n_exercises)
        The points, without ``nan``.

    Returns
    -------
    ndarray of shape (n_exercises,)
        Near 1: who solves the exercise does well elsewhere. Negative: who does well elsewhere does
        worse here, which points to a mistake in the exercise or in its tests.

    Examples
    --------
    >>> item_rest_correlations(np.array([[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]]))
    array([1., 1.])
    """
    total = points.sum(axis=1)
    return np.array([correlation(item, total - item) for item in points.T])


def tail_weights(total: np.ndarray, share: float = TAIL) -> tuple[np.ndarray, np.ndarray]:
    """Return how much each submission counts in the upper and in the lower group [2]_.

    Parameters
    ----------
    total : ndarray of shape (n_submissions,)
        The points by which the class is ordered.
    share : float
        The size of each group; rounded to whole submissions, at least one.

    Returns
    -------
    tuple of ndarray
        Two of shape (n_submissions,); each sums to 1. Submissions with equal points at a group's
        border share the places that are left in it, so that no order among them matters.

    Examples
    --------
    >>> upper, lower = tail_weights(np.array([1.0, 2.0, 2.0, 9.0]), 0.5)
    >>> upper.tolist(), lower.tolist()
    ([0.0, 0.25, 0.25, 0.5], [0.5, 0.25, 0.25, 0.0])
    """
    size = max(1, math.floor(share * len(total) + 0.5))

    def lowest(values: np.ndarray) -> np.ndarray:
        border = np.sort(values)[size - 1]
        inside, tied = values < border, values == border
        return np.asarray((inside + tied * ((size - inside.sum()) / tied.sum())) / size)

    return lowest(-total), lowest(total)


def upper_lower_index(points: np.ndarray, total: np.ndarray, max_score: float) -> float:
    """Return the difference of the upper and the lower group's mean share of the points [3]_.

    Parameters
    ----------
    points : ndarray of shape (n_submissions,)
        The points of the exercise.
    total : ndarray of shape (n_submissions,)
        The points by which the class is ordered.
    max_score : float
        The points that can be had.
    """
    if max_score <= 0 or not len(points):
        return math.nan
    upper, lower = tail_weights(total)
    return float(upper @ points - lower @ points) / max_score


def quintile_means(points: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the mean points in each fifth of the class, from the lowest to the highest.

    Parameters
    ----------
    points : ndarray of shape (n_submissions,) or (n_submissions, n_exercises)
        The points.
    total : ndarray of shape (n_submissions,)
        The points by which the class is ordered. Equal ones share their places, as in
        `tail_weights`.

    Returns
    -------
    ndarray of shape (5,) or (5, n_exercises)
    """
    count = len(total)
    order = np.argsort(total, kind="stable")
    places = np.empty((count, 2))
    places[order, 0] = np.arange(count)
    for value in np.unique(total):  # equals share the places from their first to their last
        tied = total == value
        places[tied, 0], places[tied, 1] = places[tied, 0].min(), places[tied, 0].max() + 1
    means = []
    for fifth in range(5):
        low, high = fifth * count / 5, (fifth + 1) * count / 5
        inside = np.minimum(places[:, 1], high) - np.maximum(places[:, 0], low)
        weights = np.maximum(inside, 0) / (places[:, 1] - places[:, 0])
        means.append(weights @ points / weights.sum())
    return np.array(means)


def cronbach_alpha(points: np.ndarray) -> float:
    r"""Return Cronbach's alpha: how far the exercises of an assignment measure the same [1]_.

    .. math:: \alpha = \frac{k}{k - 1} \left(1 - \frac{\sum_i s_i^2}{s^2}\right)

    with the variances :math:`s_i^2` of the :math:`k` exercises and :math:`s^2` of their sum.

    Parameters
    ----------
    points : ndarray of shape (n_submissions, n_exercises)
        The points, without ``nan``.

    Examples
    --------
    >>> cronbach_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    1.0
    """
    count, items = points.shape
    if items < 2 or count < 2:
        return math.nan
    whole = float(points.sum(axis=1).var(ddof=1))
    if whole <= _SLACK:
        return math.nan
    return float(items / (items - 1) * (1 - float(points.var(axis=0, ddof=1).sum()) / whole))
