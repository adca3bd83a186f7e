"""The most likely coin: maximum likelihood for independent tosses of one biased coin."""

import numpy as np

from solutions import _checks
from solutions.sigmoid import sigmoid

__all__ = [
    "bernoulli_pmf",
    "coin_mle",
    "coin_mle_by_gradient",
    "likelihood_interval",
    "log_likelihood",
    "score",
]


def bernoulli_pmf(x, p):
    r"""
    Compute the probability of a toss.

    The two cases, heads with probability `p` and tails with `1 - p`, in one formula: A (7).

    Parameters
    ----------
    x : array_like
        Tosses, 1 for heads and 0 for tails.
    p : array_like
        Probability of heads, in [0, 1]; broadcast against `x`.

    Returns
    -------
    float or ndarray
        Probability of each toss, of the shape that `x` and `p` broadcast to.

    Raises
    ------
    ValueError
        If a toss is not 0 or 1, a probability is outside [0, 1], or the shapes do not broadcast.

    See Also
    --------
    log_likelihood : Logarithm of the probability of many tosses.

    Notes
    -----
    .. math:: P(x \mid p) = p^x (1 - p)^{1 - x}

    Examples
    --------
    >>> bernoulli_pmf(1, 0.25)
    0.25
    >>> bernoulli_pmf([0, 1, 1], 0.25)
    array([0.75, 0.25, 0.25])
    """
    x = _checks.binary_labels(x, "x")
    p = _checks.probabilities(p)
    try:
        return _checks.as_result(np.where(x, p, 1 - p))
    except ValueError as error:
        message = f"x of shape {x.shape} does not broadcast with p of shape {p.shape}"
        raise ValueError(message) from error


def log_likelihood(x, p):
    r"""
    Compute the log-likelihood of the probability of heads, given tosses.

    Only the number of heads and the number of tails matter: A (17) to (19).

    Parameters
    ----------
    x : array_like of shape (N,)
        Tosses, 1 for heads and 0 for tails.
    p : array_like
        Probability of heads, in [0, 1]: one, or an array of candidates.

    Returns
    -------
    float or ndarray
        Log-likelihood in nats, of the shape of `p`. It is -inf where `p` rules a toss out, and 0
        when there are no tosses.

    Raises
    ------
    ValueError
        If a toss is not 0 or 1, a probability is outside [0, 1], or `x` has not one axis.

    See Also
    --------
    score : Its derivative with respect to `p`.
    coin_mle : The `p` that makes it largest.

    Notes
    -----
    With `a` heads, `b` tails and 0 log 0 = 0:

    .. math:: \mathcal{L}(p) = a \log p + b \log(1 - p)

    Examples
    --------
    >>> round(log_likelihood([1, 0, 1], 0.5), 6)
    -2.079442
    >>> log_likelihood([1, 1], [0.0, 1.0])
    array([-inf,   0.])
    """
    p = _checks.probabilities(p)
    heads, tails = _count(x)
    total = np.zeros_like(p)
    with np.errstate(divide="ignore"):  # log 0 is -inf, which is the answer
        if heads:
            total += heads * np.log(p)
        if tails:
            total += tails * np.log1p(-p)
    return _checks.as_result(total)


def score(x, p):
    r"""
    Compute the derivative of the log-likelihood with respect to the probability of heads.

    It is zero at the maximum likelihood estimate: A (72).

    Parameters
    ----------
    x : array_like of shape (N,)
        Tosses, 1 for heads and 0 for tails.
    p : array_like
        Probability of heads, in [0, 1]: one, or an array of candidates.

    Returns
    -------
    float or ndarray
        Derivative, of the shape of `p`: +inf at `p` = 0 if there are heads, -inf at `p` = 1 if
        there are tails. A side of the coin that never came up contributes nothing.

    Raises
    ------
    ValueError
        If a toss is not 0 or 1, a probability is outside [0, 1], or `x` has not one axis.

    See Also
    --------
    log_likelihood : The function that this is the derivative of.

    Notes
    -----
    With `a` heads and `b` tails:

    .. math:: \mathcal{L}'(p) = \frac{a}{p} - \frac{b}{1 - p}

    Examples
    --------
    >>> score([1, 0, 1], 0.5)
    2.0
    >>> score([0, 0], 0.0)
    -2.0
    """
    p = _checks.probabilities(p)
    heads, tails = _count(x)
    total = np.zeros_like(p)
    # 1/0 is the limit that is wanted, and so is the overflow of 1/p for a subnormal p.
    with np.errstate(divide="ignore", over="ignore"):
        if heads:
            total += heads / p
        if tails:
            total -= tails / (1 - p)
    return _checks.as_result(total)


def coin_mle(x):
    r"""
    Estimate the probability of heads by maximum likelihood.

    The estimate is the share of heads among the tosses: A (20).

    Parameters
    ----------
    x : array_like of shape (N,)
        Tosses, 1 for heads and 0 for tails, at least one.

    Returns
    -------
    float
        Share of heads.

    Raises
    ------
    ValueError
        If there are no tosses, a toss is not 0 or 1, or `x` has not one axis.

    See Also
    --------
    coin_mle_by_gradient : The same estimate, climbed to step by step.

    Notes
    -----
    .. math:: p^* = \frac{1}{N} \sum_{i=1}^{N} x_i

    Examples
    --------
    >>> coin_mle([1, 0, 1, 1])
    0.75
    """
    heads, tails = _count(x)
    if heads + tails == 0:
        raise ValueError("x holds 0 tosses: an estimate needs at least 1")
    return heads / (heads + tails)


def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    r"""
    Estimate the probability of heads by gradient ascent on the log-odds.

    In the log-odds every step stays a probability, which steps in `p` itself do not. The ascent
    starts from a fair coin. A (17) with A (22) in place of `p`.

    Parameters
    ----------
    x : array_like of shape (N,)
        Tosses, 1 for heads and 0 for tails, at least one.
    n_steps : int, default: 1000
        Number of steps.
    step_size : float, default: 1.0
        Factor of the gradient in a step.

    Returns
    -------
    float
        Probability of heads after the last step.

    Raises
    ------
    ValueError
        If there are no tosses, a toss is not 0 or 1, or `n_steps` is no integer from 0 up.

    See Also
    --------
    coin_mle : The estimate in closed form.

    Notes
    -----
    The gradient of the mean log-likelihood with respect to the log-odds is a difference:

    .. math:: \theta \leftarrow \theta + \eta (\bar{x} - \sigma(\theta))

    Examples
    --------
    >>> round(coin_mle_by_gradient([1, 0, 1, 1]), 6)
    0.75
    """
    share = coin_mle(x)
    log_odds = 0.0
    for _ in range(_checks.as_count(n_steps, "n_steps", 0)):
        log_odds += step_size * (share - sigmoid(log_odds))
    return sigmoid(log_odds)


def likelihood_interval(x, drop=2.0):
    r"""
    Find the probabilities of heads that explain the tosses nearly as well as the best one.

    On each side of the top the log-likelihood A (18) only falls, so that bisection finds where it
    is `drop` below the top.

    Parameters
    ----------
    x : array_like of shape (N,)
        Tosses, 1 for heads and 0 for tails, at least one.
    drop : float, default: 2.0
        How far below the top the log-likelihood may be, in nats; positive. With 2 the ends are two
        standard deviations away from the estimate, where there are many tosses.

    Returns
    -------
    low : float
        Smallest such probability; 0 if there are no heads.
    high : float
        Largest such probability; 1 if there are no tails.

    Raises
    ------
    ValueError
        If there are no tosses, a toss is not 0 or 1, or `drop` is not positive and finite.

    See Also
    --------
    coin_mle : The estimate, which lies between the two.
    log_likelihood : What is at most `drop` below its top.

    Notes
    -----
    .. math:: \mathcal{L}(p) \ge \mathcal{L}(p^*) - \text{drop}

    Examples
    --------
    >>> low, high = likelihood_interval([1, 1, 1])
    >>> round(low, 6), high
    (0.513417, 1.0)
    """
    if not 0 < drop < np.inf:
        raise ValueError(f"drop must be positive and finite, got {drop}")
    coin_mle(x)  # refuses no tosses
    heads, tails = _count(x)
    return _lower_end(heads, tails, drop), 1 - _lower_end(tails, heads, drop)


def _lower_end(heads, tails, drop):
    """Halve the gap below the share of heads until no number is left in it."""
    if heads == 0:
        return 0.0
    top = heads / (heads + tails)

    def inside(p):
        fall = heads * np.log(top / p)
        if tails:
            fall += tails * (np.log1p(-top) - np.log1p(-p))
        return fall <= drop

    out, within = 0.0, top
    while out < (middle := (out + within) / 2) < within:
        if inside(middle):
            within = middle
        else:
            out = middle
    return within


def _count(x):
    """Count heads and tails."""
    x = _checks.binary_labels(x, "x", ndim=1)
    heads = int(np.count_nonzero(x))
    return heads, x.size - heads
