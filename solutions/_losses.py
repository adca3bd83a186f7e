"""What gradient descent descends: the logistic and the softmax loss, and their gradients."""

import numpy as np

from solutions import _checks
from solutions._linear import linear_scores
from solutions.cross_entropy import binary_cross_entropy_from_logits, nll_from_logits
from solutions.sigmoid import sigmoid
from solutions.softmax import softmax

# A loss or a gradient beyond the largest float is inf, without a warning.
SILENT = {"over": "ignore", "under": "ignore", "invalid": "ignore"}


def logistic_loss(X, y, w, l2=0.0):
    r"""
    Compute the loss of logistic regression.

    The mean of the binary cross-entropies, A (47) with C's 1/N, and C's L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    w : array_like of shape (D,)
        Weights.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.

    Returns
    -------
    float
        Loss in nats per observation, the penalty included.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a target is not 0 or 1, or `l2` is negative.

    See Also
    --------
    logistic_gradient : Its gradient with respect to `w`.

    Notes
    -----
    .. math:: -\frac{1}{N} \sum_{i=1}^{N} [y_i \log \sigma(x_i w)
              + (1 - y_i) \log \sigma(-x_i w)] + \frac{\lambda}{2} \|w\|^2

    Examples
    --------
    >>> round(logistic_loss([[1.0, 2.0], [1.0, -2.0]], [1, 0], [0.0, 0.0]), 6)
    0.693147
    """
    X, y, w, l2 = _checked(X, _checks.binary_labels(y, ndim=1), w, l2, weights_ndim=1)
    losses = binary_cross_entropy_from_logits(linear_scores(X, w, weights_ndim=1), y)
    return _mean_with_penalty(losses, w, l2)


def logistic_gradient(X, y, w, l2=0.0):
    r"""
    Compute the gradient of the loss of logistic regression.

    The features weighted by the errors of the predicted probabilities: A (61), divided by N, with
    the gradient of C's L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    w : array_like of shape (D,)
        Weights.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.

    Returns
    -------
    ndarray of shape (D,)
        Gradient with respect to `w`.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a target is not 0 or 1, or `l2` is negative.

    See Also
    --------
    logistic_loss : The function that this is the gradient of.

    Notes
    -----
    .. math:: \frac{1}{N} X^T (\sigma(Xw) - y) + \lambda w

    Examples
    --------
    >>> logistic_gradient([[1.0, 2.0], [1.0, -2.0]], [1, 0], [0.0, 0.0])
    array([ 0., -1.])
    """
    X, y, w, l2 = _checked(X, _checks.binary_labels(y, ndim=1), w, l2, weights_ndim=1)
    errors = sigmoid(linear_scores(X, w, weights_ndim=1)) - y
    with np.errstate(**SILENT):
        return X.T @ errors / len(y) + l2 * w


def softmax_loss(X, y, W, l2=0.0):
    r"""
    Compute the loss of softmax regression.

    The mean of the multi-class cross-entropies, A (35), and C's L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, from 0 to C - 1.
    W : array_like of shape (D, C)
        Weights, a column for each class.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.

    Returns
    -------
    float
        Loss in nats per observation, the penalty included.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a target is no integer from 0 to C - 1, or
        `l2` is negative.

    See Also
    --------
    softmax_gradient : Its gradient with respect to `W`.

    Notes
    -----
    .. math:: \frac{1}{N} \sum_{i=1}^{N} [-a_{i y_i} + \log \sum_c e^{a_{ic}}]
              + \frac{\lambda}{2} \|W\|^2, \qquad a = XW

    Examples
    --------
    >>> round(softmax_loss([[1.0, 2.0], [1.0, -2.0]], [1, 0], [[0.0, 0.0], [0.0, 0.0]]), 6)
    0.693147
    """
    X, y, W, l2 = _checked(X, _checks.as_floats(y, "y", ndim=1), W, l2, weights_ndim=2)
    return _mean_with_penalty(nll_from_logits(linear_scores(X, W, weights_ndim=2), y), W, l2)


def softmax_gradient(X, y, W, l2=0.0):
    r"""
    Compute the gradient of the loss of softmax regression.

    B's two cases, the true class and the others, in one formula, divided by N, with the gradient
    of C's L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, from 0 to C - 1.
    W : array_like of shape (D, C)
        Weights, a column for each class.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.

    Returns
    -------
    ndarray of shape (D, C)
        Gradient with respect to `W`.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a target is no integer from 0 to C - 1, or
        `l2` is negative.

    See Also
    --------
    softmax_loss : The function that this is the gradient of.

    Notes
    -----
    With `P` the predicted probabilities and `Y` the one-hot targets:

    .. math:: \frac{1}{N} X^T (P - Y) + \lambda W

    Examples
    --------
    >>> softmax_gradient([[1.0, 2.0], [1.0, -2.0]], [1, 0], [[0.0, 0.0], [0.0, 0.0]])
    array([[ 0.,  0.],
           [ 1., -1.]])
    """
    X, y, W, l2 = _checked(X, _checks.as_floats(y, "y", ndim=1), W, l2, weights_ndim=2)
    y = _checks.class_labels(y, W.shape[1])
    errors = softmax(linear_scores(X, W, weights_ndim=2))
    errors[np.arange(len(y)), y] -= 1
    with np.errstate(**SILENT):
        return X.T @ errors / len(y) + l2 * W


def _checked(X, y, w, l2, weights_ndim):
    """Check that features, targets and weights fit together."""
    X, w = _checks.design(X, w, weights_ndim)
    _checks.observations(X, y)
    return X, y, w, _checks.penalty(l2)


def _mean_with_penalty(losses, w, l2):
    """Compute the mean loss, and add half the squared norm of the weights times `l2`."""
    with np.errstate(**SILENT):
        loss = np.mean(losses)
        if l2:  # 0 times an infinite norm would be nan
            loss = loss + l2 / 2 * np.sum(w * w)
    return float(loss)
