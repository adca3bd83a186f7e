"""Is it any good? Measures of a classifier, and ways to set data aside for them.

The curves over all thresholds belong to this module too, and so does the reader of a file of
predictions; they are written in `solutions/_curves.py` and `solutions/_predictions.py`.
"""

import numpy as np

from solutions import _checks
from solutions._curves import auc, precision_recall_curve, roc_curve
from solutions._predictions import read_predictions

__all__ = [
    "accuracy",
    "auc",
    "baseline_accuracy",
    "confusion_matrix",
    "k_fold",
    "precision_recall_curve",
    "precision_recall_f1",
    "read_predictions",
    "roc_curve",
    "train_test_split",
]


def accuracy(y_true, y_pred):
    """
    Compute the share of predictions that are right.

    B's accuracy, for any number of classes; 1 minus it is the mean of A (4).

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, at least one.
    y_pred : array_like of shape (N,)
        Predicted classes.

    Returns
    -------
    float
        Share, from 0 to 1.

    Raises
    ------
    ValueError
        If the lengths differ, or there are no predictions.

    See Also
    --------
    baseline_accuracy : What it should be compared with.

    Examples
    --------
    >>> accuracy([0, 1, 2, 2], [0, 1, 1, 2])
    0.75
    """
    y_true, y_pred = _labels(y_true, "y_true"), _labels(y_pred, "y_pred")
    _checks.same_length(y_true, y_pred, "y_true", "y_pred")
    return float(np.mean(y_true == y_pred))


def baseline_accuracy(y_true):
    """
    Compute the accuracy of always predicting the most frequent class.

    B's largest class prior.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, at least one.

    Returns
    -------
    float
        Share of the most frequent class.

    Raises
    ------
    ValueError
        If there are no classes.

    See Also
    --------
    accuracy : What should be better than this.

    Examples
    --------
    >>> baseline_accuracy([0, 1, 0, 2])
    0.5
    """
    y_true = _labels(y_true, "y_true")
    _, counts = np.unique(y_true, return_counts=True)
    return int(counts.max()) / len(y_true)


def confusion_matrix(y_true, y_pred, n_classes):
    """
    Count for each true class how often each class was predicted.

    B's confusion matrix, transposed: B prints the predicted classes as rows.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, from 0 to `n_classes` - 1.
    y_pred : array_like of shape (N,)
        Predicted classes, from 0 to `n_classes` - 1.
    n_classes : int
        Number of classes C.

    Returns
    -------
    ndarray of shape (C, C)
        Counts, integers: rows are true classes, columns predicted ones.

    Raises
    ------
    ValueError
        If the lengths differ, or a class is no integer from 0 to C - 1.

    See Also
    --------
    precision_recall_f1 : Measures made of the four counts of two classes.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1], 2)
    array([[1, 1],
           [0, 2]])
    """
    n_classes = _checks.as_count(n_classes, "n_classes", 1)
    y_true = _checks.class_labels(y_true, n_classes, "y_true")
    y_pred = _checks.class_labels(y_pred, n_classes, "y_pred")
    _checks.same_length(y_true, y_pred, "y_true", "y_pred")
    cells = np.bincount(y_true * n_classes + y_pred, minlength=n_classes**2)
    return cells.reshape(n_classes, n_classes)


def precision_recall_f1(y_true, y_pred):
    r"""
    Compute the precision, the recall and their harmonic mean.

    B's measures for two classes, of which 1 is the positive one.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        True classes, 0 or 1.
    y_pred : array_like of shape (N,)
        Predicted classes, 0 or 1.

    Returns
    -------
    precision : float
        Share of the predicted positives that are positive; 0.0 when nothing is predicted positive.
    recall : float
        Share of the positives that are predicted positive; 0.0 when nothing is positive.
    f1 : float
        Harmonic mean of the two; 0.0 when both are 0.

    Raises
    ------
    ValueError
        If the lengths differ, or a class is not 0 or 1.

    See Also
    --------
    precision_recall_curve : Both at every threshold.

    Notes
    -----
    .. math:: F_1 = \frac{2 P R}{P + R} = \frac{2 TP}{2 TP + FP + FN}

    Examples
    --------
    >>> precision_recall_f1([1, 1, 0, 0, 0], [1, 0, 1, 0, 0])
    (0.5, 0.5, 0.5)
    """
    y_true = _checks.binary_labels(y_true, "y_true", ndim=1)
    y_pred = _checks.binary_labels(y_pred, "y_pred", ndim=1)
    _checks.same_length(y_true, y_pred, "y_true", "y_pred")
    hits = int(np.count_nonzero(y_true & y_pred))
    predicted, actual = int(np.count_nonzero(y_pred)), int(np.count_nonzero(y_true))
    precision = hits / predicted if predicted else 0.0
    recall = hits / actual if actual else 0.0
    f1 = 2 * hits / (predicted + actual) if predicted + actual else 0.0
    return precision, recall, f1


def train_test_split(n, test_fraction, seed):
    """
    Set a random part of the observations aside for the test.

    C's left-out slice of the data; B keeps a third.

    Parameters
    ----------
    n : int
        Number of observations, at least 1.
    test_fraction : float
        Share of the test part, from 0 to 1; its size is rounded to the nearest integer.
    seed : int
        Seed of `numpy.random.default_rng`, which gives the order.

    Returns
    -------
    train : ndarray
        Indices of the training part.
    test : ndarray
        Indices of the test part; together with the others, each of 0 to `n` - 1 once.

    Raises
    ------
    ValueError
        If `n` is no integer from 1 up, or `test_fraction` is outside [0, 1].

    See Also
    --------
    k_fold : Lets each observation be tested once.

    Examples
    --------
    >>> train, test = train_test_split(10, 0.3, seed=0)
    >>> len(train), len(test)
    (7, 3)
    """
    n = _checks.as_count(n, "n", 1)
    if not 0 <= test_fraction <= 1:
        raise ValueError(f"test_fraction must be in [0, 1], got {test_fraction}")
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]


def k_fold(n, k, seed):
    """
    Split the observations into parts, each the test part once.

    C's cross-validation; the sizes of the parts differ by at most one.

    Parameters
    ----------
    n : int
        Number of observations.
    k : int
        Number of parts, from 2 to `n`.
    seed : int
        Seed of `numpy.random.default_rng`, which gives the order.

    Returns
    -------
    list of tuple of ndarray
        For each part the indices of the training and of the test observations.

    Raises
    ------
    ValueError
        If `n` or `k` is no integer from 2 up, or `k` is larger than `n`.

    See Also
    --------
    train_test_split : One split only.

    Examples
    --------
    >>> [(len(train), len(test)) for train, test in k_fold(5, 2, seed=0)]
    [(2, 3), (3, 2)]
    """
    n, k = _checks.as_count(n, "n", 2), _checks.as_count(k, "k", 2)
    if k > n:
        raise ValueError(f"k = {k} parts need at least as many observations but n = {n}")
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    return [
        (np.concatenate(parts[:held_out] + parts[held_out + 1 :]), parts[held_out])
        for held_out in range(k)
    ]


def _labels(y, name):
    """Check that there is one axis of labels, of any kind, and something on it."""
    y = np.asarray(y)
    if y.ndim != 1 or y.size == 0:
        raise ValueError(f"{name} must have 1 axis with at least 1 entry but has shape {y.shape}")
    return y
