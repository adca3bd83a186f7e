"""What a classifier does at every threshold: two curves, and the area under one."""

import numpy as np

from solutions import _checks


def roc_curve(y_true, scores):
    """
    Trace the true positive rate against the false positive rate.

    B's two rates, at every threshold that the scores can be cut at.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, 0 or 1, each at least once.
    scores : array_like of shape (N,)
        Finite scores, higher for the positive class; equal scores are cut together.

    Returns
    -------
    fpr : ndarray of shape (T,)
        Share of the negatives whose score reaches the threshold, from 0 to 1.
    tpr : ndarray of shape (T,)
        Share of the positives whose score reaches the threshold, from 0 to 1.
    thresholds : ndarray of shape (T,)
        The threshold inf, which no score reaches, and the distinct scores from high to low.

    Raises
    ------
    ValueError
        If the lengths differ, a class is not 0 or 1, a class is missing, or a score is not finite.

    See Also
    --------
    auc : The area under the curve.

    Examples
    --------
    >>> fpr, tpr, thresholds = roc_curve([0, 1, 1], [0.2, 0.2, 0.9])
    >>> fpr, tpr, thresholds
    (array([0., 0., 1.]), array([0. , 0.5, 1. ]), array([inf, 0.9, 0.2]))
    """
    hits, alarms, thresholds = _counts_by_threshold(y_true, scores)
    for count, label in ((alarms[-1], 0), (hits[-1], 1)):
        if count == 0:
            total = hits[-1] + alarms[-1]
            raise ValueError(f"y_true has no class {label} among its {total} entries")
    fpr = np.concatenate(([0.0], alarms / alarms[-1]))
    tpr = np.concatenate(([0.0], hits / hits[-1]))
    return fpr, tpr, np.concatenate(([np.inf], thresholds))


def auc(x, y):
    """
    Compute the area under a curve by the trapezoidal rule.

    With B's two rates as `x` and `y` it is the chance that a positive scores higher than a
    negative, ties counted half.

    Parameters
    ----------
    x : array_like of shape (T,)
        Coordinates that never fall, or never rise; at least two.
    y : array_like of shape (T,)
        Heights of the curve.

    Returns
    -------
    float
        Area.

    Raises
    ------
    ValueError
        If the lengths differ, there are fewer than two points, or `x` both rises and falls.

    See Also
    --------
    roc_curve : The curve whose area is most often asked for.

    Examples
    --------
    >>> auc([0.0, 0.5, 1.0], [0.0, 1.0, 1.0])
    0.75
    """
    x, y = _checks.as_floats(x, "x", ndim=1), _checks.as_floats(y, "y", ndim=1)
    _checks.same_length(x, y, "x", "y")
    if len(x) < 2:
        raise ValueError(f"a curve needs at least 2 points, got {len(x)}")
    widths = np.diff(x)
    rises, falls = widths > 0, widths < 0
    if rises.any() and falls.any():
        up, down = widths[rises][0], widths[falls][0]
        raise ValueError(f"x must not both rise and fall, got steps of {up:g} and {down:g}")
    return float(np.sum(np.abs(widths) * (y[1:] + y[:-1])) / 2)


def precision_recall_curve(y_true, scores):
    """
    Trace the precision against the recall.

    B's two measures, at every threshold that the scores can be cut at.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, 0 or 1, with at least one 1.
    scores : array_like of shape (N,)
        Finite scores, higher for the positive class; equal scores are cut together.

    Returns
    -------
    precision : ndarray of shape (T + 1,)
        Precision at each threshold, then 1, where nothing is predicted positive.
    recall : ndarray of shape (T + 1,)
        Recall at each threshold, which falls from 1, then 0.
    thresholds : ndarray of shape (T,)
        The distinct scores from low to high.

    Raises
    ------
    ValueError
        If the lengths differ, a class is not 0 or 1, no class is 1, or a score is not finite.

    See Also
    --------
    precision_recall_f1 : Both at one threshold.

    Examples
    --------
    >>> precision, recall, thresholds = precision_recall_curve([0, 1, 1], [0.2, 0.2, 0.8])
    >>> recall, thresholds
    (array([1. , 0.5, 0. ]), array([0.2, 0.8]))
    """
    hits, alarms, thresholds = _counts_by_threshold(y_true, scores)
    if hits[-1] == 0:
        raise ValueError(f"y_true has no class 1 among its {alarms[-1]} entries")
    precision = np.concatenate(((hits / (hits + alarms))[::-1], [1.0]))
    recall = np.concatenate(((hits / hits[-1])[::-1], [0.0]))
    return precision, recall, thresholds[::-1].copy()


def _counts_by_threshold(y_true, scores):
    """Count positives and negatives that reach each distinct score, from high to low."""
    y_true = _checks.binary_labels(y_true, "y_true", ndim=1)
    scores = _checks.as_floats(scores, "scores", ndim=1)
    _checks.same_length(y_true, scores, "y_true", "scores")
    if len(scores) == 0:
        raise ValueError("y_true has 0 entries: a curve needs at least 1")
    wrong = ~np.isfinite(scores)
    if wrong.any():
        raise ValueError(f"scores must be finite, got {scores[wrong][0]}")
    order = np.argsort(-scores, kind="stable")
    scores, y_true = scores[order], y_true[order]
    last_of_equals = np.append(scores[1:] != scores[:-1], True)
    hits = np.cumsum(y_true)[last_of_equals]
    reached = np.flatnonzero(last_of_equals) + 1
    return hits, reached - hits, scores[last_of_equals]
