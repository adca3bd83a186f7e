"""Entropies and losses: against scipy and sklearn, at 0 and inf, and by properties."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, special
from sklearn.metrics import log_loss

from solutions import cross_entropy as chapter
from solutions.softmax import one_hot, softmax

INF = math.inf
finite = st.floats(allow_nan=False, allow_infinity=False)


def distributions(n_classes=4):
    """Draw distributions, some of whose probabilities are exactly 0."""
    weights = st.one_of(st.just(0.0), st.floats(1e-3, 1))
    return (
        st.lists(weights, min_size=n_classes, max_size=n_classes)
        .filter(any)
        .map(lambda drawn: np.array(drawn) / sum(drawn))
    )


@given(distributions())
def test_entropy_agrees_with_scipy(p):
    assert_allclose(chapter.entropy(p), special.entr(p).sum(), rtol=1e-12, atol=1e-15)


@given(distributions())
def test_entropy_is_between_that_of_certainty_and_that_of_the_uniform(p):
    assert 0 <= chapter.entropy(p) <= chapter.entropy(np.full(4, 0.25)) + 1e-12


def test_entropy_of_certainty_is_positive_zero():
    assert str(chapter.entropy([0, 1, 0])) == "0.0"


@given(distributions(), distributions())
def test_cross_entropy_agrees_with_scipy(q, p):
    expected = -special.xlogy(q, p).sum()
    assert_allclose(chapter.cross_entropy(q, p), expected, rtol=1e-12, atol=1e-15)


@given(distributions(), distributions())
def test_divergence_agrees_with_scipy(q, p):
    expected = special.rel_entr(q, p).sum()
    assert_allclose(chapter.kl_divergence(q, p), expected, rtol=1e-11, atol=1e-14)


@given(distributions(), distributions())
def test_divergence_is_never_negative(q, p):
    assert chapter.kl_divergence(q, p) >= 0


@given(distributions(), st.floats(-1e-9, 1e-9))
def test_divergence_of_nearly_equal_distributions_is_never_negative(q, nudge):
    p = q + nudge * np.array([1, -1, 0, 0])
    assume(p.min() >= 0)
    assume(p.max() <= 1)
    assert chapter.kl_divergence(q, p) >= 0


@given(distributions())
def test_a_distribution_does_not_diverge_from_itself(p):
    assert chapter.kl_divergence(p, p) == 0


@given(distributions(), distributions())
def test_cross_entropy_is_entropy_and_divergence(q, p):
    together = chapter.entropy(q) + chapter.kl_divergence(q, p)
    assert_allclose(chapter.cross_entropy(q, p), together, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("q", "p", "expected"),
    [
        ([1, 0], [1, 0], 0.0),
        ([0, 1], [1, 0], INF),
        ([0.5, 0.5], [0, 1], INF),
        ([1, 0, 0], [0.5, 0.5, 0], math.log(2)),
        ([0.5, 0.5], [5e-324, 1], -math.log(5e-324) / 2),
    ],
)
def test_cross_entropy_where_probabilities_are_zero(q, p, expected):
    with np.errstate(all="raise"):
        result = chapter.cross_entropy(q, p)
    assert result == expected
    assert type(result) is float


def test_divergence_where_probabilities_are_zero():
    with np.errstate(all="raise"):
        result = chapter.kl_divergence([[1, 0], [0.5, 0.5]], [[0.5, 0.5], [1, 0]])
    assert_allclose(result, [math.log(2), INF], rtol=1e-15)


@pytest.mark.parametrize(
    "function", [chapter.entropy, lambda p: chapter.cross_entropy(p, [1, 0]),
                 lambda p: chapter.cross_entropy([1, 0], p), lambda p: chapter.kl_divergence(p, p)]
)  # fmt: skip
def test_nan_stays_nan(function):
    with np.errstate(all="raise"):
        assert_array_equal(np.isnan(function([[np.nan, 0.5], [1, 0]])), [True, False])


def test_entropies_sum_over_the_last_axis():
    p = np.random.default_rng(0).dirichlet(np.ones(3), size=(2, 4))
    q = np.array([0.2, 0.3, 0.5])
    assert_allclose(chapter.entropy(p), special.entr(p).sum(axis=-1), rtol=1e-13)
    assert_allclose(chapter.cross_entropy(q, p), -(q * np.log(p)).sum(axis=-1), rtol=1e-13)
    assert_allclose(chapter.kl_divergence(p, q), special.rel_entr(p, q).sum(axis=-1), rtol=1e-12)


def test_a_sum_may_differ_from_one_by_rounding_only():
    assert chapter.entropy([0.5, 0.5 + 0.9e-8]) > 0
    with pytest.raises(ValueError, match=r"p must sum to 1, got a sum of 1.0000000"):
        chapter.entropy([0.5, 0.5 + 2e-8])


@given(
    hnp.arrays(float, (5, 3), elements=st.floats(-15, 15)),  # sklearn clips beyond
    hnp.arrays(int, 5, elements=st.integers(0, 2)),
)
def test_nll_agrees_with_sklearn(logits, y):
    expected = log_loss(y, special.softmax(logits, axis=1), labels=range(3))
    assert_allclose(np.mean(chapter.nll_from_logits(logits, y)), expected, rtol=1e-7, atol=1e-13)


@given(
    hnp.arrays(float, (5, 3), elements=st.floats(-500, 500)),
    hnp.arrays(int, 5, elements=st.integers(0, 2)),
)
def test_nll_is_the_cross_entropy_of_one_hot_targets(logits, y):
    expected = chapter.cross_entropy(one_hot(y, 3), softmax(logits))
    keeps_digits = np.isfinite(expected) & (expected < 700)  # else the probability is subnormal
    result = chapter.nll_from_logits(logits, y)
    assert_allclose(result[keeps_digits], expected[keeps_digits], rtol=1e-12, atol=1e-15)


def test_nll_of_one_observation_is_a_float():
    result = chapter.nll_from_logits([1.0, 2.0, 3.0], 0)
    assert type(result) is float
    assert_allclose(result, special.logsumexp([1, 2, 3]) - 1, rtol=1e-15)


@given(finite)
def test_nll_of_two_classes_is_the_binary_cross_entropy(a):
    for y in (0, 1):
        binary = chapter.binary_cross_entropy_from_logits(a, y)
        assert_allclose(chapter.nll_from_logits([0, a], y), binary, rtol=1e-14)


@pytest.mark.parametrize(
    ("logits", "y", "expected"),
    [
        ([1e308, -1e307], 1, 1.1e308),
        ([1.7e308, -1.7e308], 1, INF),
        ([1e308, -1e308], 0, 0.0),
        ([0, -INF], 0, 0.0),
        ([0, -INF], 1, INF),
        ([INF, 0], 0, 0.0),
        ([INF, 0], 1, INF),
        ([INF, INF], 0, math.nan),
        ([math.nan, 0], 1, math.nan),
    ],
)
def test_nll_of_extreme_logits(logits, y, expected):
    with np.errstate(all="raise"):
        result = chapter.nll_from_logits(logits, y)
    assert_allclose(result, expected, rtol=1e-15)
    assert math.copysign(1, result) == 1


@given(finite, st.integers(0, 1))
def test_binary_cross_entropy_is_at_least_zero_and_raises_no_flag(a, y):
    with np.errstate(all="raise"):
        result = chapter.binary_cross_entropy_from_logits(a, y)
    assert result >= 0
    assert math.copysign(1, result) == 1


@pytest.mark.parametrize("y", [0, 1])
def test_binary_cross_entropy_agrees_with_exact_arithmetic(y):
    a = [-1e300, -745.5, -40.0, -1.0, 0.0, 0.5, 40.0, 700.0]
    with mp.workdps(400):
        expected = [float(mp.log1p(mp.exp(-mp.mpf(x) if y else mp.mpf(x)))) for x in a]
    result = chapter.binary_cross_entropy_from_logits(a, np.full(len(a), y))
    assert_allclose(result, expected, rtol=4e-16)


def test_binary_cross_entropy_of_infinite_logits_and_nan():
    with np.errstate(all="raise"):
        result = chapter.binary_cross_entropy_from_logits(
            [[INF, -INF, math.nan], [INF, -INF, math.nan]], [[1, 1, 1], [0, 0, 0]]
        )
    assert_array_equal(result, [[0, INF, math.nan], [INF, 0, math.nan]])


def test_the_gradient_holds_for_a_score_that_is_not_linear():
    """The scores are w0 * tanh(w1 * x), whose derivatives are written out."""
    rng = np.random.default_rng(0)
    x, y, w = rng.normal(size=8), rng.integers(0, 2, 8), np.array([1.5, -0.7])

    def total_loss(v):
        return chapter.binary_cross_entropy_from_logits(v[0] * np.tanh(v[1] * x), y).sum()

    jacobian = np.column_stack([np.tanh(w[1] * x), w[0] * x / np.cosh(w[1] * x) ** 2])
    result = chapter.binary_cross_entropy_gradient(jacobian, w[0] * np.tanh(w[1] * x), y)
    assert_allclose(result, optimize.approx_fprime(w, total_loss, 1e-7), atol=1e-5)


def test_the_gradient_of_no_observations_is_zero():
    gradient = chapter.binary_cross_entropy_gradient(np.empty((0, 2)), [], [])
    assert_array_equal(gradient, [0, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapter.entropy(0.5), "p must have at least 1 axis but is the number 0.5"),
        (lambda: chapter.entropy([1.5, -0.5]), r"p must be in \[0, 1\], got 1.5"),
        (lambda: chapter.entropy([0.5, 0.25]), "p must sum to 1, got a sum of 0.75"),
        (lambda: chapter.entropy([]), "p must sum to 1, got a sum of 0"),
        (lambda: chapter.cross_entropy([0.5, 0.75], [1, 0]), "q must sum to 1, .* 1.25"),
        (lambda: chapter.cross_entropy([1, 0], [0.5, 0.25]), "p must sum to 1, .* 0.75"),
        (lambda: chapter.cross_entropy([1, 0], [1, 0, 0]), "q has 2 classes but p has 3"),
        (
            lambda: chapter.cross_entropy([[1, 0]] * 2, [[1, 0]] * 3),
            r"q of shape \(2, 2\) does not broadcast with p of shape \(3, 2\)",
        ),
        (lambda: chapter.kl_divergence([2, -1], [1, 0]), r"q must be in \[0, 1\], got 2"),
        (lambda: chapter.nll_from_logits([[0, 0]], [0, 1]), "logits has 1 rows but y has 2"),
        (lambda: chapter.nll_from_logits([[0, 0]], [2]), "y must be .* from 0 to 1, got 2"),
        (lambda: chapter.nll_from_logits([0, 0], [1]), r"y must have 0 axes .* \(1,\)"),
        (lambda: chapter.nll_from_logits(0, 0), r"logits must have 1 or 2 axes .* \(\)"),
        (
            lambda: chapter.binary_cross_entropy_from_logits([0, 0], [0]),
            r"a has shape \(2,\) but y has shape \(1,\)",
        ),
        (lambda: chapter.binary_cross_entropy_from_logits(0, 0.5), "y must be 0 or 1, got 0.5"),
        (
            lambda: chapter.binary_cross_entropy_gradient([[1.0]], [1.0, 2.0], [0, 1]),
            "jacobian has 1 rows but a has 2 entries",
        ),
        (
            lambda: chapter.binary_cross_entropy_gradient([[1.0]], [1.0], [0, 1]),
            "a has 1 entries but y has 2 entries",
        ),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
