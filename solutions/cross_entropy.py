"""Maximum likelihood is cross-entropy: entropy, divergence, and the losses on logits.

Where the sign of a sum or of a logarithm is turned, it is subtracted from 0 and not negated, so
that a loss of nothing is 0.0 and not -0.0.
"""

import numpy as np

from solutions import _checks
from solutions.sigmoid import log_sigmoid, sigmoid
from solutions.softmax import log_softmax

__all__ = [
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_gradient",
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "nll_from_logits",
]


def entropy(p):
    r"""
    Compute the entropy of a distribution.

    The last axis is the axis of the classes: B's entropy, the uncertainty of a draw.

    Parameters
    ----------
    p : array_like of shape (..., C)
        Probabilities, which sum to one over the last axis.

    Returns
    -------
    float or ndarray of shape (...)
        Entropy in nats, from 0 to log C.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1], or a sum differs from one by more than 1e-8.

    See Also
    --------
    cross_entropy : The same with the logarithm of another distribution.

    Notes
    -----
    With 0 log 0 = 0:

    .. math:: H(p) = -\sum_c p_c \log p_c

    Examples
    --------
    >>> round(entropy([0.5, 0.5]), 6)
    0.693147
    >>> entropy([1.0, 0.0])
    0.0
    """
    p = _checks.distribution(p, "p")
    return _checks.as_result(_minus_sum_of_products(p, _log(p, weight=p)))


def cross_entropy(q, p):
    r"""
    Compute the cross-entropy of a predicted distribution under a true one.

    The last axis is the axis of the classes: A (29).

    Parameters
    ----------
    q : array_like of shape (..., C)
        True probabilities, which sum to one over the last axis.
    p : array_like of shape (..., C)
        Predicted probabilities, which sum to one over the last axis.

    Returns
    -------
    float or ndarray of shape (...)
        Cross-entropy in nats; inf where something possible under `q` has probability 0 under `p`.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1], a sum differs from one by more than 1e-8, or the
        shapes do not broadcast.

    See Also
    --------
    nll_from_logits : The case of a single true class, from logits.
    kl_divergence : What remains when the entropy of `q` is taken off.

    Notes
    -----
    A class that is impossible under `q` adds nothing, whatever `p` says of it:

    .. math:: H(q, p) = -\sum_c q_c \log p_c

    Examples
    --------
    >>> round(cross_entropy([0.0, 1.0], [0.75, 0.25]), 6)
    1.386294
    >>> cross_entropy([0.5, 0.5], [1.0, 0.0])
    inf
    """
    q, p = _two_distributions(q, p)
    return _checks.as_result(_minus_sum_of_products(q, _log(p, weight=q)))


def kl_divergence(q, p):
    r"""
    Compute the Kullback-Leibler divergence of a predicted distribution from a true one.

    It is the part of the cross-entropy A (29) that a better prediction could save.

    Parameters
    ----------
    q : array_like of shape (..., C)
        True probabilities, which sum to one over the last axis.
    p : array_like of shape (..., C)
        Predicted probabilities, which sum to one over the last axis.

    Returns
    -------
    float or ndarray of shape (...)
        Divergence in nats, at least 0; inf where the cross-entropy is.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1], a sum differs from one by more than 1e-8, or the
        shapes do not broadcast.

    See Also
    --------
    cross_entropy : The divergence and the entropy of `q` together.

    Notes
    -----
    .. math:: D(q \| p) = \sum_c q_c \log \frac{q_c}{p_c} = H(q, p) - H(q)

    Rounding can leave a tiny negative sum for two nearly equal distributions; it is set to 0.

    Examples
    --------
    >>> round(kl_divergence([1.0, 0.0], [0.5, 0.5]), 6)
    0.693147
    >>> kl_divergence([0.5, 0.5], [0.5, 0.5])
    0.0
    """
    q, p = _two_distributions(q, p)
    ratio = _log(p, weight=q)
    ratio -= _log(q, weight=q)
    divergence = _minus_sum_of_products(q, ratio)
    return _checks.as_result(np.maximum(divergence, 0.0))


def nll_from_logits(logits, y):
    r"""
    Compute the negative log-likelihood of the true class from logits.

    The multi-class cross-entropy loss, one for each observation: A (35).

    Parameters
    ----------
    logits : array_like of shape (C,) or (N, C)
        Logits, at least one class.
    y : int or array_like of shape (N,)
        True class of each observation, from 0 to C - 1.

    Returns
    -------
    float or ndarray of shape (N,)
        Losses in nats.

    Raises
    ------
    ValueError
        If `y` has not one entry for each row of `logits`, or a label is no integer from 0 to C - 1.

    See Also
    --------
    binary_cross_entropy_from_logits : The case of two classes and one logit.

    Notes
    -----
    .. math:: -\log p_y = -a_y + \log \sum_c e^{a_c}

    Examples
    --------
    >>> round(nll_from_logits([0.0, 0.0], 1), 6)
    0.693147
    >>> nll_from_logits([[1000.0, 0.0], [1000.0, 0.0]], [0, 1])
    array([   0., 1000.])
    """
    logits = _checks.as_floats(logits, "logits")
    if logits.ndim not in (1, 2):
        raise ValueError(f"logits must have 1 or 2 axes but have shape {logits.shape}")
    y = _checks.class_labels(y, logits.shape[-1], ndim=logits.ndim - 1)
    if logits.ndim == 2:
        _checks.same_length(logits, y, "logits", "y", unit="rows")
    of_true = np.take_along_axis(log_softmax(logits), y[..., np.newaxis], axis=-1)[..., 0]
    return _checks.as_result(0.0 - of_true)


def binary_cross_entropy_from_logits(a, y):
    r"""
    Compute the binary cross-entropy loss from logits.

    One loss for each logit: A (36).

    Parameters
    ----------
    a : array_like
        Logits of class 1, of any shape.
    y : array_like
        True classes, 0 or 1, of the shape of `a`.

    Returns
    -------
    float or ndarray
        Losses in nats, of the shape of `a`: 0 for an infinite logit on the right side, inf for one
        on the wrong side.

    Raises
    ------
    ValueError
        If `a` and `y` differ in shape, or a label is not 0 or 1.

    See Also
    --------
    nll_from_logits : The same for any number of classes.

    Notes
    -----
    .. math:: \ell(a, 1) = \log(1 + e^{-a}), \qquad \ell(a, 0) = \log(1 + e^a)

    Examples
    --------
    >>> binary_cross_entropy_from_logits([1000.0, 1000.0], [1, 0])
    array([   0., 1000.])
    """
    a = _checks.as_floats(a, "a")
    y = _checks.binary_labels(y)
    if a.shape != y.shape:
        raise ValueError(f"a has shape {a.shape} but y has shape {y.shape}")
    return _checks.as_result(0.0 - log_sigmoid(a * (2.0 * y - 1.0)))


def binary_cross_entropy_gradient(jacobian, a, y):
    r"""
    Compute the gradient of the summed binary cross-entropy for any score function.

    D 2: whatever function of the weights gives the scores, its derivatives are weighted by the
    errors of the predicted probabilities.

    Parameters
    ----------
    jacobian : array_like of shape (N, P)
        Derivative of the score of each observation with respect to each weight.
    a : array_like of shape (N,)
        Scores, which are logits of class 1.
    y : array_like of shape (N,)
        True classes, 0 or 1.

    Returns
    -------
    ndarray of shape (P,)
        Gradient of the sum, not the mean, of the losses with respect to the weights.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a label is not 0 or 1.

    See Also
    --------
    binary_cross_entropy_from_logits : The losses whose sum this is the gradient of.

    Notes
    -----
    .. math:: \sum_{i=1}^{N} (\sigma(a_i) - y_i) \frac{\partial f_w(x_i)}{\partial w}

    Examples
    --------
    >>> binary_cross_entropy_gradient([[1.0, 2.0], [1.0, -2.0]], [0.0, 0.0], [1, 0])
    array([ 0., -2.])
    """
    jacobian = _checks.as_floats(jacobian, "jacobian", ndim=2)
    a = _checks.as_floats(a, "a", ndim=1)
    y = _checks.binary_labels(y, ndim=1)
    _checks.same_length(jacobian, a, "jacobian", "a", unit="rows")
    _checks.same_length(a, y, "a", "y")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return jacobian.T @ (sigmoid(a) - y)


def _two_distributions(q, p):
    """Check two distributions and that their shapes broadcast over the same classes."""
    q, p = _checks.distribution(q, "q"), _checks.distribution(p, "p")
    if q.shape[-1] != p.shape[-1]:
        raise ValueError(f"q has {q.shape[-1]} classes but p has {p.shape[-1]}")
    try:
        return np.broadcast_arrays(q, p)
    except ValueError as error:
        message = f"q of shape {q.shape} does not broadcast with p of shape {p.shape}"
        raise ValueError(message) from error


def _log(p, weight):
    """Compute log p, but 0 where p and its weight are both 0, so that 0 log 0 is 0."""
    zero = p == 0
    if zero.any():
        p = np.where(zero & (weight == 0), 1.0, p)
    with np.errstate(divide="ignore"):
        return np.log(p)


def _minus_sum_of_products(weight, values):
    """Sum the products over the last axis, and turn the sign."""
    with np.errstate(under="ignore"):
        return 0.0 - np.vecdot(weight, values)
