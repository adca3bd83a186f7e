"""Who buys the magazine? The steps from a file of customers to weights, and how sure they are.

The readers of tables belong to this module too; they are written in `solutions/_tables.py`.
"""

import numpy as np

from solutions import _checks
from solutions._linear import linear_scores
from solutions._losses import SILENT
from solutions._tables import read_magazine, read_table
from solutions.evaluation import train_test_split
from solutions.gradient_descent import (
    logistic_gradient,
    logistic_loss,
    softmax_gradient,
    softmax_loss,
)
from solutions.sigmoid import sigmoid_derivative

__all__ = [
    "fit_logistic",
    "fit_softmax",
    "read_magazine",
    "read_table",
    "shuffle_and_split",
    "standard_errors",
    "standardise",
]

# A loss is a mean of numbers that were each rounded: so much higher is not higher.
_ROUNDING = 1e-12


def shuffle_and_split(X, y, seed):
    """
    Shuffle the observations, and set a third of them aside for the test.

    B's first two design decisions.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, at least one row.
    y : array_like of shape (N,)
        Targets, of any kind.
    seed : int
        Seed of `numpy.random.default_rng`, which gives the order.

    Returns
    -------
    X_train : ndarray
        Features of the training part.
    y_train : ndarray
        Its targets.
    X_test : ndarray
        Features of the test part, a third of the rows, rounded to the nearest integer.
    y_test : ndarray
        Its targets.

    Raises
    ------
    ValueError
        If `X` has not two axes, has no rows, or not as many as `y` has entries.

    See Also
    --------
    standardise : The next step.

    Examples
    --------
    >>> X_train, y_train, X_test, y_test = shuffle_and_split([[1], [2], [3]], [10, 20, 30], seed=0)
    >>> X_test, y_test
    (array([[3.]]), array([30]))
    """
    X, y = _checks.as_floats(X, "X", ndim=2), _checks.with_axes(np.asarray(y), "y", 1)
    _checks.observations(X, y)
    train, test = train_test_split(len(y), 1 / 3, seed)
    return X[train], y[train], X[test], y[test]


def standardise(X_train, X_test):
    r"""
    Give each feature the mean 0 and the standard deviation 1 in the training part.

    B's third design decision, with nothing learnt from the test part.

    Parameters
    ----------
    X_train : array_like of shape (N, D)
        Features of the training part, at least one row.
    X_test : array_like of shape (M, D)
        Features of the test part.

    Returns
    -------
    Z_train : ndarray of shape (N, D)
        Standardised features.
    Z_test : ndarray of shape (M, D)
        The test part, with the means and standard deviations of the training part.

    Raises
    ------
    ValueError
        If a part has not two axes, the numbers of columns differ, or there is nothing to train on.

    See Also
    --------
    fit_logistic : The next step, after a column of ones was put first.

    Notes
    -----
    .. math:: z_{ij} = \frac{x_{ij} - \mu_j}{s_j}

    A column that is constant in the training part has no spread; it is divided by 1, and so is 0
    throughout the training part.

    Examples
    --------
    >>> standardise([[1.0, 5.0], [3.0, 5.0]], [[5.0, 6.0]])
    (array([[-1.,  0.],
           [ 1.,  0.]]), array([[3., 1.]]))
    """
    X_train = _checks.as_floats(X_train, "X_train", ndim=2)
    X_test = _checks.as_floats(X_test, "X_test", ndim=2)
    if X_train.shape[0] == 0:
        raise ValueError(f"X_train has no rows: its shape is {X_train.shape}")
    if X_train.shape[1] != X_test.shape[1]:
        raise ValueError(f"X_train has {X_train.shape[1]} columns but X_test has {X_test.shape[1]}")
    # The mean of equal numbers may be rounded, which would leave dust instead of zeros.
    constant = (X_train == X_train[0]).all(axis=0)
    mean = np.where(constant, X_train[0], X_train.mean(axis=0))
    spread = np.where(constant, 1.0, X_train.std(axis=0))
    return (X_train - mean) / spread, (X_test - mean) / spread


def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    r"""
    Fit logistic regression by Newton's method.

    It maximises B's log-likelihood, that is, it minimises the loss A (47), divided by N, with C's
    L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, the column of ones included; finite, at least one row.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.
    tol : float, default: 1e-8
        The fit has converged when no weight changed by more in a step.
    max_steps : int, default: 25
        Largest number of steps.

    Returns
    -------
    w : ndarray of shape (D,)
        Weights.
    converged : bool
        Whether they settled. Without a penalty they cannot where the classes are separable, or
        nearly: the weights then grow with every step.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a feature is not finite, a target is not 0 or
        1, `l2` is negative, or `max_steps` is no integer from 0 up.

    See Also
    --------
    standard_errors : How sure the weights are.
    fit_softmax : The same for more than two classes.

    Notes
    -----
    From weights of zero, each step leads to the bottom of the parabola that has the loss, the
    slope and the curvature of the loss at `w`:

    .. math:: w \leftarrow w - H^{-1} \nabla L, \qquad
              H = \frac{1}{N} X^T \operatorname{diag}(p_i (1 - p_i)) X + \lambda I

    It is halved while it leads to a higher loss. Where columns depend on each other many weights
    are equally good; the steps are the shortest that serve, so a column of zeros gets the weight 0.

    Examples
    --------
    >>> w, converged = fit_logistic([[1.0]] * 4, [1, 0, 0, 0])
    >>> w.round(6), converged  # the log-odds of one in four
    (array([-1.098612]), True)
    >>> fit_logistic([[-1.0], [1.0]], [0, 1])[1]
    False
    """
    X = _finite(X)
    y = _checks.binary_labels(y, ndim=1)
    max_steps = _checks.as_count(max_steps, "max_steps", 0)
    w = np.zeros(X.shape[1])
    loss = logistic_loss(X, y, w, l2)
    for _ in range(max_steps):
        slope = logistic_gradient(X, y, w, l2)
        curvature = _curvature(X, w) / len(y) + l2 * np.eye(len(w))
        if not np.isfinite(curvature).all():
            break  # the features are so large that their squares are not numbers
        step = np.linalg.lstsq(curvature, slope)[0]
        trial = w - step
        while (trial_loss := logistic_loss(X, y, trial, l2)) > loss + _ROUNDING:
            step = step / 2
            trial = w - step
        w, loss = trial, trial_loss
        if np.max(np.abs(step), initial=0.0) <= tol:
            return w, True
    return w, False


def standard_errors(X, w):
    r"""
    Estimate how far the weights of a logistic regression stray.

    The curvature of B's log-likelihood at its top says it, as that of A (17) does for a coin.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features that the weights were fitted to; finite, at least one row.
    w : array_like of shape (D,)
        Weights, fitted without a penalty.

    Returns
    -------
    ndarray of shape (D,)
        Standard deviation of each weight over repetitions of the experiment, roughly.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a feature is not finite, or the curvature
        cannot be inverted, as where columns depend on each other.

    See Also
    --------
    fit_logistic : Gives the weights.

    Notes
    -----
    .. math:: s_j = \sqrt{(I^{-1})_{jj}}, \qquad I = X^T \operatorname{diag}(p_i (1 - p_i)) X

    Examples
    --------
    >>> standard_errors([[1.0]] * 16, [0.0])
    array([0.5])
    """
    X = _finite(X)
    information = _curvature(X, w)
    rank = np.linalg.matrix_rank(information, hermitian=True)
    if rank < len(information):
        raise ValueError(
            f"the curvature cannot be inverted: {len(information)} weights but rank {rank}"
        )
    return np.sqrt(np.diag(np.linalg.inv(information)))


def fit_softmax(X, y, n_classes, l2=0.01, tol=1e-4, max_steps=10_000):
    r"""
    Fit softmax regression by gradient descent.

    It minimises the loss A (35), the mean over the observations, with C's L2 penalty.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, the column of ones included; finite, at least one row.
    y : array_like of shape (N,)
        Targets, from 0 to C - 1.
    n_classes : int
        Number of classes C.
    l2 : float, default: 0.01
        Strength of the penalty, at least 0; with 0 there is no single best matrix.
    tol : float, default: 1e-4
        The fit has converged when no entry of the gradient is larger.
    max_steps : int, default: 10_000
        Largest number of steps.

    Returns
    -------
    W : ndarray of shape (D, C)
        Weights, a column for each class.
    converged : bool
        Whether the gradient came down to `tol`.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a feature is not finite, a target is no
        integer from 0 to C - 1, `l2` is negative, or a count is no integer in its range.

    See Also
    --------
    fit_logistic : The same for two classes, in fewer steps.

    Notes
    -----
    From weights of zero, in steps that find their own size: one that leads to a higher loss is
    tried again at half the size, and after each that does not the size grows by a tenth.

    Examples
    --------
    >>> W, converged = fit_softmax([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 2], 3)
    >>> (W[1] > 0).tolist(), converged
    ([False, False, True], True)
    """
    X = _finite(X)
    n_classes = _checks.as_count(n_classes, "n_classes", 1)
    max_steps = _checks.as_count(max_steps, "max_steps", 0)
    W = np.zeros((X.shape[1], n_classes))
    loss, slope = softmax_loss(X, y, W, l2), softmax_gradient(X, y, W, l2)
    step_size = 1.0
    for _ in range(max_steps):
        if np.max(np.abs(slope), initial=0.0) <= tol:
            break
        trial = W - step_size * slope
        while (trial_loss := softmax_loss(X, y, trial, l2)) > loss:
            step_size /= 2
            trial = W - step_size * slope
        W, loss, step_size = trial, trial_loss, step_size * 1.1
        slope = softmax_gradient(X, y, W, l2)
    return W, bool(np.max(np.abs(slope), initial=0.0) <= tol)


def _finite(X):
    """Check that `X` is a table of finite numbers."""
    X = _checks.as_floats(X, "X", ndim=2)
    if X.shape[0] == 0:
        raise ValueError(f"X has no rows: its shape is {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError(f"X must be finite, got {X[~np.isfinite(X)][0]}")
    return X


def _curvature(X, w):
    """Sum the curvature of the logistic loss over the observations."""
    with np.errstate(**SILENT):
        return X.T @ (sigmoid_derivative(linear_scores(X, w, weights_ndim=1))[:, np.newaxis] * X)
