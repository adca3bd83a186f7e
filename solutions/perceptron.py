"""Learning to classify: a line that moves whenever it meets a point on its wrong side."""

import numpy as np

from solutions import _checks, _linear

__all__ = [
    "margin",
    "perceptron_update",
    "predict",
    "projection",
    "train_perceptron",
    "train_pocket",
    "zero_one_loss",
]


def predict(X, w):
    r"""
    Compute the classes that a perceptron answers.

    A neuron with the step for its activation: A (1).

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, one row an observation.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    ndarray of shape (N,)
        Class 1 where the score is at least 0, and class 0 where it is negative.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a score is nan, which has no sign.

    See Also
    --------
    zero_one_loss : How often this is wrong.

    Notes
    -----
    .. math:: \hat{y} = \Theta(\mathbf{x} \mathbf{w})

    Examples
    --------
    >>> predict([[2, 1], [1, 2], [1, 1]], [-0.5, 0.5])
    array([0, 1, 1])
    """
    scores = _linear.linear_scores(X, w, 1)
    if np.isnan(scores).any():
        row = int(np.flatnonzero(np.isnan(scores))[0])
        raise ValueError(f"the score of row {row} is nan, which is on no side: w is {w}")
    return (scores >= 0).astype(np.intp)


def zero_one_loss(X, y, w):
    r"""
    Compute the share of observations that lie on the wrong side.

    The classification error A (2) to (4), as a mean. A score of 0 is a mistake whatever the label,
    so that weights of zero do not pass for perfect: C's loss, with <= where it prints <.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, one row an observation, at least one.
    y : array_like of shape (N,)
        Labels, 0 or 1.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    float
        Number of mistakes divided by `N`.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, or a label is not 0 or 1.

    See Also
    --------
    predict : The answers that are counted; they differ from this at a score of 0 only.

    Notes
    -----
    With signs of plus one for class 1 and minus one for class 0:

    .. math:: \frac{1}{N} \sum_{i=1}^{N} \mathbf{1}[s_i \mathbf{x}_i \mathbf{w} \le 0]

    Examples
    --------
    >>> zero_one_loss([[2, 1], [1, 2], [3, 4], [1, 1]], [0, 1, 0, 1], [-0.5, 0.5])
    0.5
    """
    X, w, signs = _signed(X, y, w)
    return float(np.mean(_mistakes(_linear.linear_scores(X, w, 1), signs)))


def projection(X, w):
    r"""
    Compute the signed length of the projection of each row onto the weights.

    The dot product with the unit vector along the weights: C's dot products.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Vectors, one a row.
    w : array_like of shape (D,)
        Direction to project onto; its length does not matter.

    Returns
    -------
    ndarray of shape (N,)
        Signed lengths: distances from the line on which the score is 0, positive on the side that
        the weights point to.

    Raises
    ------
    ValueError
        If the shapes do not fit, or `w` is zero, not finite, and so without a direction.

    See Also
    --------
    margin : The smallest of these, each counted from its own side.

    Notes
    -----
    .. math:: b = \frac{\mathbf{x} \mathbf{w}}{\|\mathbf{w}\|}

    Examples
    --------
    >>> projection([[5, 0], [3, 4], [-4, 3]], [3, 4])
    array([3., 5., 0.])
    """
    X, w = _checks.design(X, w, 1)
    scale = np.max(np.abs(w), initial=0.0)
    if not 0 < scale < np.inf:
        raise ValueError(f"w must have a direction, got {w}")
    w = w / scale  # else the squares of very large or small weights would leave the floats
    scores = _linear.linear_scores(X, w, 1)
    return scores / np.linalg.norm(w)


def margin(X, y, w):
    r"""
    Compute the distance of the closest observation from the line, counted from its own side.

    Negative if there is a mistake. C's perceptron does not look at it: all lines without a
    mistake are alike to C's 0/1 loss.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, one row an observation, at least one.
    y : array_like of shape (N,)
        Labels, 0 or 1.
    w : array_like of shape (D,)
        Weights, not all zero; their length does not matter.

    Returns
    -------
    float
        Margin of the weights on the data.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a label is not 0 or 1, or `w` is zero.

    See Also
    --------
    projection : The distances, with the sign of the side they are on.

    Notes
    -----
    With signs of plus one for class 1 and minus one for class 0:

    .. math:: \gamma = \min_i \frac{s_i \mathbf{x}_i \mathbf{w}}{\|\mathbf{w}\|}

    Examples
    --------
    >>> margin([[3, 4], [-4, -3], [5, 0]], [1, 0, 1], [3, 4])
    3.0
    """
    X, w, signs = _signed(X, y, w)
    return float(np.min(signs * projection(X, w)))


def perceptron_update(x, y, w):
    r"""
    Move the weights if one observation is on the wrong side, and leave them otherwise.

    C's perceptron optimization. A score of 0 counts as the wrong side.

    Parameters
    ----------
    x : array_like of shape (D,)
        Features of the observation.
    y : int
        Its label, 0 or 1.
    w : array_like of shape (D,)
        Weights.

    Returns
    -------
    ndarray of shape (D,)
        New weights.

    Raises
    ------
    ValueError
        If the shapes do not fit or the label is not 0 or 1.

    See Also
    --------
    train_perceptron : This, for one observation after another.

    Notes
    -----
    With the sign `s` of plus one for class 1 and minus one for class 0, after a mistake:

    .. math:: \mathbf{w} \leftarrow \mathbf{w} + s \mathbf{x}

    Examples
    --------
    >>> perceptron_update([2, 1], 0, [0.5, -0.5])
    array([-1.5, -1.5])
    """
    x = _checks.as_floats(x, "x", ndim=1)
    w = _checks.as_floats(w, "w", ndim=1)
    _checks.same_length(x, w, "x", "w")
    sign = 1.0 if _checks.binary_labels(y, ndim=0) else -1.0
    return w + sign * x if _mistakes(_linear.linear_scores(x[None], w, 1)[0], sign) else w.copy()


def train_perceptron(X, y, w, max_passes=100):
    r"""
    Update the weights for one observation after another until a pass makes no mistake.

    C's perceptron: online, since it looks at one observation at a time, and driven by errors.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, one row an observation, at least one.
    y : array_like of shape (N,)
        Labels, 0 or 1.
    w : array_like of shape (D,)
        Weights to start from.
    max_passes : int, default: 100
        Number of passes over the data after which to stop in any case.

    Returns
    -------
    w : ndarray of shape (D,)
        Weights after the last pass.
    mistakes : ndarray of shape (P,)
        Number of mistakes in each pass that was made; the last is 0 if the training converged.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a label is not 0 or 1, or `max_passes` is no
        integer from 0 up.

    See Also
    --------
    perceptron_update : One step.

    Examples
    --------
    >>> train_perceptron([[2, 1], [1, 2], [3, 1]], [0, 1, 0], [0.5, -0.5])
    (array([-0.5,  0.5]), array([2, 0]))
    """
    X, w, signs = _signed(X, y, w)
    w = w.copy()
    counts = []
    for _ in range(_checks.as_count(max_passes, "max_passes", 0)):
        count = 0
        for x, sign in zip(X, signs, strict=True):
            if _mistakes(x @ w, sign):
                w += sign * x
                count += 1
        counts.append(count)
        if count == 0:
            break
    return w, np.array(counts, dtype=np.intp)


def train_pocket(X, y, w, max_passes=100):
    r"""
    Train a perceptron, and keep the best weights that it meets.

    On data that no line separates the perceptron never rests, and its last weights may be bad
    ones. The pocket holds those with the fewest mistakes on all observations: C's perceptron with a
    memory.

    Parameters
    ----------
    X : array_like of shape (N, D)
        Features, one row an observation, at least one.
    y : array_like of shape (N,)
        Labels, 0 or 1.
    w : array_like of shape (D,)
        Weights to start from.
    max_passes : int, default: 100
        Number of passes over the data after which to stop in any case.

    Returns
    -------
    w : ndarray of shape (D,)
        Of the weights to start from and those after each move, the first with the fewest mistakes.
    loss : float
        Their share of mistakes.

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no rows, a label is not 0 or 1, or `max_passes` is no
        integer from 0 up.

    See Also
    --------
    train_perceptron : The same walk, with its last weights.
    zero_one_loss : The share that is compared.

    Notes
    -----
    Each move costs a look at all observations, which the perceptron itself does without.

    Examples
    --------
    >>> train_pocket([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]], [0, 1, 1, 0], [0, 0, 0], 1)
    (array([-1.,  0.,  0.]), 0.5)
    """
    X, w, signs = _signed(X, y, w)
    w = w.copy()
    best, fewest = w.copy(), np.count_nonzero(_mistakes(X @ w, signs))
    for _ in range(_checks.as_count(max_passes, "max_passes", 0)):
        rested = True
        for x, sign in zip(X, signs, strict=True):
            if _mistakes(x @ w, sign):
                w += sign * x
                rested = False
                count = np.count_nonzero(_mistakes(X @ w, signs))
                if count < fewest:
                    best, fewest = w.copy(), count
        if rested:
            break
    return best, float(fewest / len(X))


def _signed(X, y, w):
    """Check the data, and give +1 for class 1 and -1 for class 0 beside features and weights."""
    X, w = _checks.design(X, w, 1)
    labels = _checks.binary_labels(y, ndim=1)
    _checks.observations(X, labels)
    return X, w, np.where(labels, 1.0, -1.0)


def _mistakes(scores, signs):
    """Tell what is not strictly on its own side; nan is on no side and a mistake, too."""
    return ~(signs * scores > 0)
