"""Fitting a line: squared and absolute errors, least squares, ridge, and steps towards them."""

import numpy as np

from solutions import _checks
from solutions._linear import linear_scores

__all__ = [
    "gradient_step",
    "lasso",
    "least_squares",
    "mean_absolute_error",
    "mean_squared_error",
    "polynomial_features",
    "ridge",
]


def mean_squared_error(y_true, y_pred):
    r"""
    Compute the mean of the squared errors.

    B's squared error, averaged over the observations; C prints the sum and means the mean.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        Numbers that were observed, at least one.
    y_pred : array_like of shape (N,)
        Numbers that were predicted.

    Returns
    -------
    float
        Mean squared error, in the square of the unit of `y_true`.

    Raises
    ------
    ValueError
        If the lengths differ, or there are no predictions.

    See Also
    --------
    mean_absolute_error : The mean that outliers move less.

    Notes
    -----
    .. math:: \frac{1}{N} \sum_{i=1}^{N} (y_i - \hat{y}_i)^2

    Examples
    --------
    >>> mean_squared_error([1.0, 2.0, 4.0], [1.0, 3.0, 1.0])
    3.3333333333333335
    """
    errors = _errors(y_true, y_pred)
    with np.errstate(over="ignore", under="ignore"):
        return float(np.mean(errors * errors))


def mean_absolute_error(y_true, y_pred):
    r"""
    Compute the mean of the absolute errors.

    C's MAE, which it prints as a sum.

    Parameters
    ----------
    y_true : array_like of shape (N,)
        Numbers that were observed, at least one.
    y_pred : array_like of shape (N,)
        Numbers that were predicted.

    Returns
    -------
    float
        Mean absolute error, in the unit of `y_true`.

    Raises
    ------
    ValueError
        If the lengths differ, or there are no predictions.

    See Also
    --------
    mean_squared_error : The mean that large errors dominate.

    Notes
    -----
    .. math:: \frac{1}{N} \sum_{i=1}^{N} |y_i - \hat{y}_i|

    Examples
    --------
    >>> mean_absolute_error([1.0, 2.0, 4.0], [1.0, 3.0, 1.0])
    1.3333333333333333
    """
    with np.errstate(over="ignore"):
        return float(np.mean(np.abs(_errors(y_true, y_pred))))


def polynomial_features(x, degree):
    r"""
    Compute the powers of one feature, the constant included.

    With them the linear model of C's page on linear models for regression fits curves.

    Parameters
    ----------
    x : array_like of shape (N,)
        Values of the feature.
    degree : int
        Largest power, at least 0.

    Returns
    -------
    ndarray of shape (N, degree + 1)
        The powers 0, 1, ..., degree, one column each. The first column is all ones.

    Raises
    ------
    ValueError
        If `x` has not one axis, or `degree` is no integer from 0 up.

    See Also
    --------
    least_squares : Weights of the powers.

    Notes
    -----
    .. math:: X_{ij} = x_i^j, \qquad j = 0, \dots, \text{degree}

    Examples
    --------
    >>> polynomial_features([2.0, 3.0], 2)
    array([[1., 2., 4.],
           [1., 3., 9.]])
    """
    x = _checks.as_floats(x, "x", ndim=1)
    degree = _checks.as_count(degree, "degree", 0)
    with np.errstate(over="ignore", under="ignore"):
        return np.vander(x, degree + 1, increasing=True)


def least_squares(X, y):
    r"""
    Fit weights by least squares.

    C's closed form, computed from the singular values of `X` and not from an inverse. Where many
    weights fit equally well, the shortest ones are given.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Numbers to predict.

    Returns
    -------
    ndarray of shape (D,)
        Weights. They are nan if a number in `X` or `y` is not finite.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there are no rows.

    See Also
    --------
    ridge : Least squares with a penalty on large weights.

    Notes
    -----
    Of all solutions of the normal equations, the one with the smallest norm:

    .. math:: X^T X w = X^T y

    Singular values below the largest one times the rounding unit times the larger of N and D count
    as zero, which is the convention of `numpy.linalg.lstsq`.

    Examples
    --------
    >>> least_squares([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]], [1.0, 2.0, 2.0]).round(6)
    array([0.666667, 0.5     ])
    >>> least_squares([[1.0, 1.0]], [2.0]).round(6)
    array([1., 1.])
    """
    return _shortest_solution(*_data(X, y))


def ridge(X, y, l2):
    r"""
    Fit weights by least squares with an L2 penalty.

    C's closed-form solution with regularization, with the observed y where C prints the predicted
    one.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Numbers to predict.
    l2 : float or array_like of shape (D,)
        Strength of the penalty, at least 0: one for all weights, the bias included, or one for each
        weight, so that a 0 in the first place leaves the bias free.

    Returns
    -------
    ndarray of shape (D,)
        Weights. They are nan if a number in `X` or `y` is not finite.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, or a strength is negative or not finite.

    See Also
    --------
    least_squares : The fit without a penalty, which `l2` = 0 gives.
    gradient_step : A step on the mean loss, where the same penalty is `l2` divided by N.

    Notes
    -----
    The loss is half the sum of the squared errors, not their mean, plus the penalty:

    .. math:: \frac{1}{2} \|X w - y\|^2 + \frac{1}{2} \sum_j \lambda_j w_j^2

    With Lambda the diagonal matrix of the strengths it is smallest where

    .. math:: (X^T X + \Lambda) w = X^T y

    Examples
    --------
    >>> ridge([[1.0], [2.0]], [1.0, 2.0], 5.0).round(6)
    array([0.5])
    >>> ridge([[1.0, -1.0], [1.0, 1.0]], [4.0, 8.0], [0.0, 2.0]).round(6)
    array([6., 1.])
    """
    X, y = _data(X, y)
    strengths = _strengths(l2, X.shape[1])
    # The penalty is the squared error of D more observations: sqrt(l2) w should be 0. No product
    # X^T X is formed, which would square the condition number.
    rows = np.vstack([X, np.diag(np.sqrt(strengths))])
    return _shortest_solution(rows, np.concatenate([y, np.zeros(X.shape[1])]))


def lasso(X, y, l1, n_passes=1000):
    r"""
    Fit least squares with an L1 penalty by coordinate descent.

    C's lasso. Each weight in turn is set to the best one for the others as they are, which has a
    closed form; weights are zero exactly where the penalty outweighs what they explain.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Numbers to predict.
    l1 : float
        Strength of the penalty on all weights, at least 0.
    n_passes : int, default: 1000
        How often to go through the weights.

    Returns
    -------
    ndarray of shape (D,)
        Weights after the last pass; that of a column of zeros is 0.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, `l1` is negative or not finite, or `n_passes`
        is no integer from 0 up.

    See Also
    --------
    ridge : The penalty that makes weights small, but not zero.

    Notes
    -----
    With :math:`c_j = \mathbf{x}_j \cdot (\mathbf{y} - \mathbf{X} \mathbf{w} + w_j \mathbf{x}_j)`:

    .. math::
        w_j \leftarrow \frac{\operatorname{sign}(c_j) \max(|c_j| - \lambda, 0)}
        {\|\mathbf{x}_j\|^2}

    Examples
    --------
    >>> lasso([[1.0, -1.0], [1.0, 1.0]], [4.0, 8.0], 5.0)
    array([3.5, 0. ])
    """
    X, y = _data(X, y)
    if not 0 <= l1 < np.inf:
        raise ValueError(f"l1 must be finite and at least 0, got {l1}")
    w, residuals = np.zeros(X.shape[1]), y.copy()
    squares = np.sum(X**2, axis=0)
    for _ in range(_checks.as_count(n_passes, "n_passes", 0)):
        for j in np.flatnonzero(squares):
            column = X[:, j]
            explained = column @ residuals + squares[j] * w[j]
            best = np.sign(explained) * max(abs(explained) - l1, 0.0) / squares[j]
            residuals += (w[j] - best) * column
            w[j] = best
    return w


def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    r"""
    Take one step of gradient descent on half the mean squared error.

    C's regularized SGD, with the gradient that belongs to its loss; for one row of `X` it is a
    stochastic step.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Numbers to predict.
    w : array_like of shape (D,)
        Weights before the step.
    step_size : float, default: 0.1
        Factor of the gradient, C's learning rate.
    l2 : float, default: 0.0
        Strength of the penalty on all weights, at least 0.

    Returns
    -------
    ndarray of shape (D,)
        Weights after the step.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, or `l2` is negative or not finite.

    See Also
    --------
    least_squares : Where the steps lead without a penalty.
    ridge : Where they lead with one: `l2` here is N times `l2` there.

    Notes
    -----
    .. math:: w \leftarrow w - \eta \left[ \frac{1}{N} X^T (X w - y) + \lambda w \right]

    Examples
    --------
    >>> gradient_step([[1.0, 2.0]], [5.0], [0.0, 1.0], step_size=0.1, l2=1.0).round(6)
    array([0.3, 1.5])
    """
    l2 = _checks.penalty(l2)
    predictions = linear_scores(X, w, weights_ndim=1)
    X, y = _data(X, y)
    w = _checks.as_floats(w, "w")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return w - step_size * (X.T @ (predictions - y) / len(y) + l2 * w)


def _errors(y_true, y_pred):
    """Check the lengths, and subtract."""
    y_true = _checks.as_floats(y_true, "y_true", ndim=1)
    y_pred = _checks.as_floats(y_pred, "y_pred", ndim=1)
    _checks.same_length(y_true, y_pred, "y_true", "y_pred")
    if y_true.size == 0:
        raise ValueError("y_true has 0 entries: a mean needs at least 1")
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return y_true - y_pred


def _data(X, y):
    """Check that features and numbers fit together."""
    X, y = _checks.as_floats(X, "X", ndim=2), _checks.as_floats(y, "y", ndim=1)
    _checks.observations(X, y)
    return X, y


def _strengths(l2, n_weights):
    """Check the strengths of the penalty, and give one for each weight."""
    strengths = _checks.as_floats(l2, "l2")
    if strengths.ndim and strengths.shape != (n_weights,):
        raise ValueError(f"l2 has shape {strengths.shape} but X has {n_weights} columns")
    for strength in strengths.flat:
        _checks.penalty(strength)
    return np.broadcast_to(strengths, (n_weights,))


def _shortest_solution(X, y):
    """Solve a least squares problem; lstsq gives the solution of the smallest norm."""
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        return np.full(X.shape[1], np.nan)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return np.linalg.lstsq(X, y, rcond=None)[0]
