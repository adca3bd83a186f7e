"""Many classes: one-hot targets, a column of weights a class, and the softmax."""

import numpy as np

from solutions import _checks
from solutions._linear import linear_scores
from solutions.sigmoid import sigmoid

__all__ = [
    "log_softmax",
    "multiclass_logits",
    "one_hot",
    "predict_class",
    "sigmoid_per_class",
    "softmax",
]


def one_hot(y, n_classes):
    """
    Write each label as a row of zeros with a single one.

    B's binary target vectors; a row is the distribution of A (30).

    Parameters
    ----------
    y : array_like of shape (N,)
        Labels, from 0 to `n_classes` - 1.
    n_classes : int
        Number of classes C.

    Returns
    -------
    ndarray of shape (N, C)
        Ones at (i, y[i]), zeros elsewhere, as floats.

    Raises
    ------
    ValueError
        If a label is no integer from 0 to C - 1, or `n_classes` is no integer from 1 up.

    See Also
    --------
    softmax : Predicted probabilities of the same shape.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    n_classes = _checks.as_count(n_classes, "n_classes", 1)
    y = _checks.class_labels(y, n_classes)
    rows = np.zeros((len(y), n_classes))
    rows[np.arange(len(y)), y] = 1
    return rows


def softmax(logits):
    r"""
    Compute the probabilities of the classes from their logits.

    The last axis is the axis of the classes: A (26). A number added to all logits of an
    observation changes nothing.

    Parameters
    ----------
    logits : array_like of shape (C,) or (N, C)
        Logits, at least one class.

    Returns
    -------
    ndarray of shape (C,) or (N, C)
        Probabilities, which sum to one over the last axis.

    Raises
    ------
    ValueError
        If there is no axis of classes, or no class in it.

    See Also
    --------
    log_softmax : The logarithm, also where a probability is 0.
    sigmoid_per_class : Probabilities that do not compete.

    Notes
    -----
    .. math:: p_c = \frac{e^{a_c}}{\sum_{c'} e^{a_{c'}}}

    The largest logit is subtracted first, so that no exponential overflows. A logit of -inf has
    probability 0, and a single one of inf has probability 1. If several are inf, or all are
    -inf, then the limit depends on how they got there, and the whole observation is nan.

    Examples
    --------
    >>> softmax([0.0, 0.0])
    array([0.5, 0.5])
    >>> softmax([[1000.0, 0.0], [-5.0, -float("inf")]])
    array([[1., 0.],
           [1., 0.]])
    """
    out, _ = _shift_by_largest(logits)
    with np.errstate(under="ignore"):
        np.exp(out, out=out)
        out /= out.sum(axis=-1, keepdims=True)
    return out


def log_softmax(logits):
    r"""
    Compute the logarithms of the probabilities of the classes from their logits.

    The last axis is the axis of the classes: the logarithm of A (26), and with its sign turned
    the loss A (35) for each class that could have been the target.

    Parameters
    ----------
    logits : array_like of shape (C,) or (N, C)
        Logits, at least one class.

    Returns
    -------
    ndarray of shape (C,) or (N, C)
        Log-probabilities; -inf for a logit of -inf.

    Raises
    ------
    ValueError
        If there is no axis of classes, or no class in it.

    See Also
    --------
    softmax : The function that this is the logarithm of, with the same infinite cases.

    Notes
    -----
    .. math:: \log p_c = a_c - \log \sum_{c'} e^{a_{c'}}

    Examples
    --------
    >>> log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    shifted, peak = _shift_by_largest(logits)
    shifted -= _log_sum_exp_of_shifted(shifted, peak)[..., np.newaxis]
    return shifted


def multiclass_logits(X, W):
    """
    Compute one logit for each observation and class.

    A product of matrices, with a column of weights for each class: A (25).

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features.
    W : array_like of shape (D, C)
        Weights.

    Returns
    -------
    ndarray of shape (N, C)
        Logits.

    Raises
    ------
    ValueError
        If `X` is not (N, D) or `W` not (D, C).

    See Also
    --------
    softmax : What makes probabilities of these logits.

    Examples
    --------
    >>> multiclass_logits([[1.0, 2.0]], [[0.0, 1.0, 0.0], [1.0, 0.0, -1.0]])
    array([[ 2.,  1., -2.]])
    """
    return linear_scores(X, W, weights_ndim=2)


def predict_class(X, W):
    """
    Predict for each observation the class with the largest logit.

    The probabilities of the softmax are in the order of the logits, so they need not be computed:
    the decision that belongs to A (26).

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features.
    W : array_like of shape (D, C)
        Weights, at least one class.

    Returns
    -------
    ndarray of shape (N,)
        Classes from 0 to C - 1, of several with the same logit the first.

    Raises
    ------
    ValueError
        If `X` is not (N, D) or `W` not (D, C), or there is no class.

    See Also
    --------
    multiclass_logits : What is compared.
    softmax : The probabilities of the classes.

    Examples
    --------
    >>> predict_class([[1.0, 2.0], [1.0, 0.0]], [[0.0, 0.0, 0.0], [1.0, 2.0, -1.0]])
    array([1, 0])
    """
    logits = multiclass_logits(X, W)
    if logits.shape[1] == 0:
        raise ValueError(f"W must hold at least 1 class but has shape {np.shape(W)}")
    return logits.argmax(axis=1)


def sigmoid_per_class(X, W):
    """
    Compute for each class a probability of its own.

    B's multi-class maximum likelihood with logistic outputs: as many independent yes-or-no
    questions as classes, whose answers need not sum to one.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features.
    W : array_like of shape (D, C)
        Weights.

    Returns
    -------
    ndarray of shape (N, C)
        Probability that the observation belongs to the class, each between 0 and 1.

    Raises
    ------
    ValueError
        If `X` is not (N, D) or `W` not (D, C).

    See Also
    --------
    softmax : Probabilities that compete.

    Examples
    --------
    >>> sigmoid_per_class([[1.0]], [[0.0, 800.0, -800.0]])
    array([[0.5, 1. , 0. ]])
    """
    return sigmoid(multiclass_logits(X, W))


def _shift_by_largest(logits):
    """Subtract from each observation its largest logit, and give the index of the peak too."""
    logits = _checks.as_floats(logits, "logits")
    if logits.ndim == 0 or logits.shape[-1] == 0:
        raise ValueError(f"logits must hold at least 1 class but have shape {logits.shape}")
    peak = logits.argmax(axis=-1, keepdims=True)
    largest = np.take_along_axis(logits, peak, axis=-1)
    # Finite logits may lie further apart than the largest float: -inf, exponential 0, is right.
    # inf - inf is nan, which is settled below.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        shifted = logits - largest
    infinite = largest[..., 0] == np.inf
    if infinite.any():
        certain = logits[infinite] == np.inf
        rows = np.where(certain, 0.0, -np.inf)
        rows[certain.sum(axis=-1) > 1] = np.nan
        shifted[infinite] = rows
    return shifted, peak


def _log_sum_exp_of_shifted(shifted, peak):
    """Compute the logarithm of the sum of the exponentials of logits shifted to a peak of 0."""
    with np.errstate(under="ignore"):
        others = np.exp(shifted)
        # The peak adds 1, which would round away what the others add if they are small.
        np.put_along_axis(others, peak, 0.0, axis=-1)
        return np.log1p(others.sum(axis=-1))
