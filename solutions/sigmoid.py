"""From scores to probabilities: the logistic sigmoid, its inverse, and squared error on it."""

import numpy as np

from solutions import _checks
from solutions._linear import linear_scores

__all__ = [
    "log_sigmoid",
    "logit",
    "predict_proba",
    "sigmoid",
    "sigmoid_derivative",
    "squared_error",
    "squared_error_gradient",
]


def sigmoid(a):
    r"""
    Compute the logistic sigmoid of a logit.

    It turns any number into a probability: A (22).

    Parameters
    ----------
    a : array_like
        Logits, of any shape.

    Returns
    -------
    float or ndarray
        Probabilities, of the shape of `a`: 0 at -inf, 1 at inf.

    Raises
    ------
    ValueError
        If `a` is not made of numbers.

    See Also
    --------
    logit : The inverse.
    log_sigmoid : The logarithm, also where the sigmoid itself is 0.

    Notes
    -----
    .. math:: \sigma(a) = \frac{1}{1 + e^{-a}}

    Where the exponential overflows to inf, its reciprocal is 0, which is the right limit. Just
    above that point the answer is a float of few digits, and is `exp(a)` to all of them.

    Examples
    --------
    >>> sigmoid(0.0)
    0.5
    >>> sigmoid([-1000.0, 1000.0])
    array([0., 1.])
    """
    a = _checks.as_floats(a, "a")
    out = np.empty_like(a)
    with np.errstate(over="ignore", under="ignore"):
        np.negative(a, out=out)
        np.exp(out, out=out)
        out += 1
        np.divide(1.0, out, out=out)
        far_left = a < -700
        if far_left.any():
            out[far_left] = np.exp(a[far_left])
    return _checks.as_result(out)


def sigmoid_derivative(a):
    r"""
    Compute the derivative of the logistic sigmoid.

    It is the product of the probabilities of the two classes: A (62), shown in A (79) to (87).

    Parameters
    ----------
    a : array_like
        Logits, of any shape.

    Returns
    -------
    float or ndarray
        Derivative, of the shape of `a`: 1/4 at 0, and 0 at the infinities.

    Raises
    ------
    ValueError
        If `a` is not made of numbers.

    See Also
    --------
    sigmoid : The function that this is the derivative of.

    Notes
    -----
    .. math:: \sigma'(a) = \sigma(a) \sigma(-a)

    The form `p * (1 - p)` is 0 from `a` = 37 on, where `1 - p` rounds to 0; this one is not.

    Examples
    --------
    >>> sigmoid_derivative(0.0)
    0.25
    >>> f"{sigmoid_derivative(40.0):.6g}"
    '4.24835e-18'
    """
    small = _exp_of_minus_abs(_checks.as_floats(a, "a"))
    with np.errstate(under="ignore"):
        return _checks.as_result(small / (1 + small) ** 2)


def logit(p):
    r"""
    Compute the log-odds of a probability.

    It is the inverse of the sigmoid, the `a` that solves A (22) for a given probability.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], of any shape.

    Returns
    -------
    float or ndarray
        Log-odds, of the shape of `p`: -inf at 0, inf at 1.

    Raises
    ------
    ValueError
        If a probability is outside [0, 1].

    See Also
    --------
    sigmoid : The inverse.

    Notes
    -----
    .. math:: \operatorname{logit}(p) = \log \frac{p}{1 - p} = 2 \operatorname{artanh}(2p - 1)

    The second form serves near 1/2, where the quotient is nearly 1 and its logarithm inexact.

    Examples
    --------
    >>> logit(0.5)
    0.0
    >>> logit([0.0, 1.0])
    array([-inf,  inf])
    """
    p = _checks.probabilities(p)
    with np.errstate(divide="ignore"):  # the infinities at 0 and 1 are the answer
        near_half = 2 * np.arctanh(2 * p - 1)
        elsewhere = np.log(p / (1 - p))
    return _checks.as_result(np.where(np.abs(p - 0.5) < 0.25, near_half, elsewhere))


def log_sigmoid(a):
    r"""
    Compute the logarithm of the logistic sigmoid.

    The log-likelihood A (47) is made of it. It keeps its precision where the sigmoid is rounded
    to 0 or to 1.

    Parameters
    ----------
    a : array_like
        Logits, of any shape.

    Returns
    -------
    float or ndarray
        Log-probabilities, of the shape of `a`: -inf at -inf, 0 at inf.

    Raises
    ------
    ValueError
        If `a` is not made of numbers.

    See Also
    --------
    sigmoid : The function that this is the logarithm of.

    Notes
    -----
    .. math:: \log \sigma(a) = \min(a, 0) - \log(1 + e^{-|a|})

    Examples
    --------
    >>> log_sigmoid([-1000.0, 1000.0])
    array([-1000.,     0.])
    """
    a = _checks.as_floats(a, "a")
    small = _exp_of_minus_abs(a)
    with np.errstate(under="ignore"):
        np.log1p(small, out=small)
    out = np.minimum(a, 0.0)
    return _checks.as_result(np.subtract(out, small, out=small))


def predict_proba(X, w):
    """
    Compute the probability of class 1 for each observation.

    It is the sigmoid of the linear score: A (23) and (24).

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    ndarray of shape (N,)
        Probability of class 1.

    Raises
    ------
    ValueError
        If `X` is not (N, D) or `w` not (D,).

    See Also
    --------
    sigmoid : What turns the scores into probabilities.

    Examples
    --------
    >>> predict_proba([[1.0, 2.0], [1.0, -2.0]], [0.0, 500.0])
    array([1., 0.])
    """
    return sigmoid(linear_scores(X, w, weights_ndim=1))


def squared_error(X, y, w):
    r"""
    Compute the mean squared error of the predicted probabilities.

    B's squared error objective with the logistic activation, the mean over the observations.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    float
        Mean squared error, from 0 to 1.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, or a target is not 0 or 1.

    See Also
    --------
    squared_error_gradient : Its gradient with respect to `w`.

    Notes
    -----
    .. math:: J(w) = \frac{1}{N} \sum_{i=1}^{N} (y_i - \sigma(x_i w))^2

    Examples
    --------
    >>> squared_error([[1.0, 2.0], [1.0, -2.0]], [1, 0], [0.0, 0.0])
    0.25
    """
    a, _, y = _scores_and_targets(X, y, w)
    errors = sigmoid(np.where(y, -a, a))  # 1 - sigmoid(a) is sigmoid(-a)
    with np.errstate(under="ignore"):
        return float(np.mean(errors**2))


def squared_error_gradient(X, y, w):
    r"""
    Compute the gradient of the mean squared error of the predicted probabilities.

    B's batch rule for squared error with the logistic activation, its products elementwise.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    ndarray of shape (D,)
        Gradient with respect to `w`.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, or a target is not 0 or 1.

    See Also
    --------
    squared_error : The function that this is the gradient of.

    Notes
    -----
    With `p` the predicted probabilities:

    .. math:: \nabla J(w) = -\frac{2}{N} X^T [p (1 - p) (y - p)]

    The factor `p (1 - p)` vanishes where the prediction is badly wrong, and learning with it.

    Examples
    --------
    >>> squared_error_gradient([[1.0, 2.0], [1.0, -2.0]], [1, 0], [0.0, 0.0])
    array([ 0. , -0.5])
    """
    a, X, y = _scores_and_targets(X, y, w)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return X.T @ (sigmoid_derivative(a) * (sigmoid(a) - y)) * (2 / len(y))


def _exp_of_minus_abs(a):
    """Compute exp(-|a|), a new array: it may underflow to 0, rightly, and never overflows."""
    out = np.empty_like(a)
    np.abs(a, out=out)
    np.negative(out, out=out)
    with np.errstate(under="ignore"):
        return np.exp(out, out=out)


def _scores_and_targets(X, y, w):
    """Check the arguments of a loss, and give the logits, the features and boolean targets."""
    a = linear_scores(X, w, weights_ndim=1)
    X = _checks.as_floats(X, "X")
    y = _checks.binary_labels(y, ndim=1)
    _checks.observations(X, y)
    return a, X, y
