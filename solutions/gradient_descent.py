"""Learning the weights: gradients checked by differences, and ways down the slope of a loss.

The losses of logistic and softmax regression and their gradients belong to this module too; they
are written in `solutions/_losses.py`.
"""

import numpy as np

from solutions import _checks
from solutions._losses import (
    SILENT,
    logistic_gradient,
    logistic_loss,
    softmax_gradient,
    softmax_loss,
)

__all__ = [
    "adaptive_gradient_descent",
    "gradient_descent",
    "logistic_gradient",
    "logistic_loss",
    "minibatches",
    "numerical_gradient",
    "random_start",
    "sgd",
    "softmax_gradient",
    "softmax_loss",
]


def numerical_gradient(f, w, eps=1e-5):
    r"""
    Approximate a gradient by central differences.

    C's gradient, the list of the partial derivatives, each taken from two values of the function.

    Parameters
    ----------
    f : callable
        Function of an array of the shape of `w`, whose value is a number.
    w : array_like
        Point at which the gradient is taken, of any shape.
    eps : float, default: 1e-5
        Half the distance between the two values, above 0.

    Returns
    -------
    float or ndarray
        Approximate gradient, of the shape of `w`.

    Raises
    ------
    ValueError
        If `eps` is not above 0.

    See Also
    --------
    logistic_gradient : A gradient that this one checks.

    Notes
    -----
    The error shrinks with the square of `eps`, until rounding takes over:

    .. math:: \frac{\partial f}{\partial w_j} \approx
              \frac{f(w + \epsilon e_j) - f(w - \epsilon e_j)}{2 \epsilon}

    Examples
    --------
    >>> numerical_gradient(lambda w: w[0] ** 2 + w[1], [3.0, 5.0]).round(6)
    array([6., 1.])
    """
    if not eps > 0:
        raise ValueError(f"eps must be above 0, got {eps}")
    w = _checks.as_floats(w, "w")
    gradient = np.empty_like(w)
    for entry in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[entry] += eps
        below[entry] -= eps
        gradient[entry] = (f(above) - f(below)) / (2 * eps)
    return _checks.as_result(gradient)


def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    r"""
    Walk down a slope in steps against the gradient.

    C's gradient descent with one step size for all steps.

    Parameters
    ----------
    gradient : callable
        Function of an array of the shape of `w0`, whose value is an array of that shape.
    w0 : array_like
        Start, of any shape.
    step_size : float, default: 0.1
        Factor of the gradient in a step, C's learning rate.
    n_steps : int, default: 100
        Number of steps.

    Returns
    -------
    ndarray of shape (n_steps + 1, ...)
        The start and the point after each step.

    Raises
    ------
    ValueError
        If a gradient has not the shape of `w0`, or `n_steps` is no integer from 0 up.

    See Also
    --------
    sgd : Steps on a batch of the observations each.
    adaptive_gradient_descent : Steps that find their size.

    Notes
    -----
    .. math:: w^{(t)} = w^{(t-1)} - \eta \nabla f(w^{(t-1)})

    Examples
    --------
    >>> gradient_descent(lambda w: 2 * w, [1.0], step_size=0.25, n_steps=2)
    array([[1.  ],
           [0.5 ],
           [0.25]])
    """
    w = _checks.as_floats(w0, "w0").copy()
    path = np.empty((_checks.as_count(n_steps, "n_steps", 0) + 1, *w.shape))
    path[0] = w
    for step in range(1, len(path)):
        path[step] = w = _step_down(w, _gradient_at(gradient, w), step_size)
    return path


def minibatches(n, batch_size, seed):
    """
    Deal the indices of the observations into batches at random.

    Each observation is in one batch: one pass over the data for C's stochastic gradient descent.

    Parameters
    ----------
    n : int
        Number of observations.
    batch_size : int
        Number of observations in a batch; the last one may hold fewer.
    seed : int
        Seed of `numpy.random.default_rng`, which gives the order.

    Returns
    -------
    list of ndarray
        Index arrays, which together hold each of 0 to `n` - 1 once.

    Raises
    ------
    ValueError
        If `n` is no integer from 0 up, or `batch_size` no integer from 1 up.

    See Also
    --------
    sgd : Takes one step for each batch.

    Examples
    --------
    >>> [len(batch) for batch in minibatches(10, 4, seed=0)]
    [4, 4, 2]
    """
    n = _checks.as_count(n, "n", 0)
    batch_size = _checks.as_count(batch_size, "batch_size", 1)
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    """
    Walk down the logistic loss with one step for each batch.

    C's stochastic gradient descent: the gradient is that of the loss over the batch alone.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features.
    y : array_like of shape (N,)
        Targets, 0 or 1.
    w0 : array_like of shape (D,)
        Start.
    batches : sequence of array_like
        Index arrays of the observations of each batch, in order.
    step_size : float, default: 0.1
        Factor of the gradient in a step.
    l2 : float, default: 0.0
        Strength of the penalty, at least 0.

    Returns
    -------
    ndarray of shape (len(batches) + 1, D)
        The start and the weights after each batch.

    Raises
    ------
    ValueError
        If the shapes do not fit, a batch is empty, a target is not 0 or 1, or `l2` is negative.

    See Also
    --------
    minibatches : Deals the batches.
    gradient_descent : Steps on all observations together.

    Examples
    --------
    >>> X, y = [[1.0, 2.0], [1.0, -2.0]], [1, 0]
    >>> sgd(X, y, [0.0, 0.0], [[0], [1]], step_size=1.0).shape
    (3, 2)
    """
    X, w = _checks.design(X, w0, weights_ndim=1)
    y = _checks.binary_labels(y, ndim=1)
    _checks.observations(X, y)
    path = np.empty((len(batches) + 1, *w.shape))
    path[0] = w
    for step, batch in enumerate(batches, start=1):
        rows = np.asarray(batch, dtype=np.intp)
        path[step] = w = _step_down(w, logistic_gradient(X[rows], y[rows], w, l2), step_size)
    return path


def random_start(n_features, seed):
    """
    Draw weights to start from.

    B's design decision: each weight is uniform between -1 and 1.

    Parameters
    ----------
    n_features : int
        Number of weights D.
    seed : int
        Seed of `numpy.random.default_rng`.

    Returns
    -------
    ndarray of shape (D,)
        Weights.

    Raises
    ------
    ValueError
        If `n_features` is no integer from 1 up.

    See Also
    --------
    adaptive_gradient_descent : Goes on from there.

    Examples
    --------
    >>> random_start(3, seed=0).round(3)
    array([ 0.274, -0.46 , -0.918])
    """
    n_features = _checks.as_count(n_features, "n_features", 1)
    return np.random.default_rng(seed).uniform(-1, 1, n_features)


def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    """
    Walk down a slope in steps that find their own size.

    B's design decisions: a learning rate that adapts, and an end when the loss hardly changes.

    Parameters
    ----------
    loss : callable
        Function of an array of the shape of `w0`, whose value is a number.
    gradient : callable
        Its gradient, an array of that shape.
    w0 : array_like
        Start, of any shape.
    step_size : float, default: 1.0
        Factor of the gradient in the first step that is tried, above 0.
    eps : float, default: 1e-8
        Smallest fall of the loss that is worth another step.
    max_steps : int, default: 10_000
        Largest number of steps tried, the rejected ones included.

    Returns
    -------
    float or ndarray
        Point where the walk ended, of the shape of `w0`.

    Raises
    ------
    ValueError
        If the loss at `w0` is nan, a gradient has not the shape of `w0`, `step_size` is not above
        0, or `max_steps` is no integer from 0 up.

    See Also
    --------
    gradient_descent : Steps of one size.

    Notes
    -----
    A step after which the loss is not lower, or not finite, is taken back and tried again at half
    the size; after one that lowers it, the size grows by a tenth. The walk also ends when a step
    is too small to change any weight.

    Examples
    --------
    >>> w = adaptive_gradient_descent(lambda w: (w[0] - 3) ** 2, lambda w: 2 * (w - 3), [0.0])
    >>> w.round(3)
    array([3.])
    """
    if not step_size > 0:
        raise ValueError(f"step_size must be above 0, got {step_size}")
    w = _checks.as_floats(w0, "w0").copy()
    lowest = float(loss(w))
    if np.isnan(lowest):
        raise ValueError(f"the loss at the start {w} is nan: no step can lower it")
    slope = _gradient_at(gradient, w)
    for _ in range(_checks.as_count(max_steps, "max_steps", 0)):
        trial = _step_down(w, slope, step_size)
        if np.array_equal(trial, w):
            break
        height = float(loss(trial))
        if not (np.isfinite(height) and height < lowest):
            step_size /= 2
            continue
        fall = lowest - height
        w, lowest = trial, height
        if fall < eps:
            break
        step_size *= 1.1
        slope = _gradient_at(gradient, w)
    return _checks.as_result(w)


def _gradient_at(gradient, w):
    """Call a gradient and check the shape of what it gives."""
    slope = _checks.as_floats(gradient(w), "the gradient")
    if slope.shape != w.shape:
        raise ValueError(f"the gradient has shape {slope.shape} but w0 has shape {w.shape}")
    return slope


def _step_down(w, slope, step_size):
    """Take one step against the gradient; a walk that diverges may reach infinity in silence."""
    with np.errstate(**SILENT):
        return np.asarray(w - step_size * slope)
