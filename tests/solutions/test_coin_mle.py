"""The coin: against scipy.stats and mpmath, at the ends of [0, 1], and by properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from solutions import coin_mle as coin

tosses = st.lists(st.integers(0, 1), min_size=1, max_size=40)
inner = st.floats(1e-6, 1 - 1e-6)


@pytest.mark.parametrize(("x", "p", "expected"), [(1, 0.25, 0.25), (0, 0.25, 0.75)])
def test_pmf_gives_p_for_heads_and_the_rest_for_tails(x, p, expected):
    result = coin.bernoulli_pmf(x, p)
    assert result == expected
    assert type(result) is float


def test_pmf_is_certain_at_the_ends():
    assert_array_equal(coin.bernoulli_pmf([0, 1, 0, 1], [0, 0, 1, 1]), [1, 0, 0, 1])


def test_pmf_broadcasts_tosses_against_candidates():
    p = np.array([0.1, 0.5, 0.9])
    result = coin.bernoulli_pmf([[0], [1]], p)
    assert_allclose(result, [stats.bernoulli.pmf(0, p), stats.bernoulli.pmf(1, p)], rtol=1e-14)


def test_pmf_keeps_nan():
    assert math.isnan(coin.bernoulli_pmf(1, math.nan))


def test_pmf_names_both_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"x of shape \(2,\) .* p of shape \(3,\)"):
        coin.bernoulli_pmf([0, 1], [0.1, 0.2, 0.3])


@given(tosses, inner)
def test_log_likelihood_is_the_sum_of_scipys_log_probabilities(x, p):
    assert_allclose(coin.log_likelihood(x, p), stats.bernoulli.logpmf(x, p).sum(), rtol=1e-12)


@given(tosses, inner, st.randoms(use_true_random=False))
def test_log_likelihood_ignores_the_order_of_the_tosses(x, p, random):
    shuffled = random.sample(x, len(x))
    assert coin.log_likelihood(shuffled, p) == coin.log_likelihood(x, p)


def test_log_likelihood_of_a_million_tosses_does_not_underflow():
    x = np.zeros(1_000_000)
    x[:300_000] = 1
    with mp.workdps(30):
        expected = 300_000 * mp.log(mp.mpf("0.3")) + 700_000 * mp.log(mp.mpf("0.7"))
    assert_allclose(coin.log_likelihood(x, 0.3), float(expected), rtol=1e-12)


def test_log_likelihood_is_precise_for_a_tiny_probability():
    """log(1 - p) would be 0 for p = 1e-20."""
    assert coin.log_likelihood([0], 1e-20) == -1e-20


@pytest.mark.parametrize(
    ("p", "x", "expected"),
    [
        (0, [0, 0], 0.0),
        (0, [0, 1], -math.inf),
        (1, [1, 1], 0.0),
        (1, [0, 1], -math.inf),
        (0, [], 0.0),
        (0.3, [], 0.0),
        (5e-324, [1], math.log(5e-324)),
    ],
)
def test_log_likelihood_at_the_ends(p, x, expected):
    result = coin.log_likelihood(x, p)
    assert result == expected
    assert type(result) is float


def test_log_likelihood_has_the_shape_of_p():
    assert coin.log_likelihood([1, 0], np.full((2, 3), 0.5)).shape == (2, 3)


@pytest.mark.parametrize("function", [coin.log_likelihood, coin.score])
def test_nan_stays_nan(function):
    result = function([1, 0], [math.nan, 0.5])
    assert_array_equal(np.isnan(result), [True, False])


@given(tosses, st.floats(0.01, 0.99))
def test_score_is_the_slope_of_the_log_likelihood(x, p):
    eps = 1e-6
    slope = (coin.log_likelihood(x, p + eps) - coin.log_likelihood(x, p - eps)) / (2 * eps)
    assert_allclose(coin.score(x, p), slope, rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize(
    ("p", "x", "expected"),
    [
        (0, [0, 0, 0], -3.0),
        (0, [0, 1], math.inf),
        (1, [1, 1], 2.0),
        (1, [0, 1], -math.inf),
        (0.5, [], 0.0),
        (5e-324, [1], math.inf),
    ],
)
def test_score_at_the_ends(p, x, expected):
    assert coin.score(x, p) == expected


@given(tosses)
def test_the_estimate_is_the_share_of_heads(x):
    assert coin.coin_mle(x) == sum(x) / len(x)


@given(tosses)
def test_no_candidate_is_more_likely_than_the_estimate(x):
    candidates = np.linspace(0, 1, 201)
    best = coin.log_likelihood(x, coin.coin_mle(x))
    assert np.all(coin.log_likelihood(x, candidates) <= best + 1e-12)


def test_the_score_is_zero_at_the_estimate():
    x = [1, 0, 0, 1, 0]
    assert_allclose(coin.score(x, coin.coin_mle(x)), 0, atol=1e-14)


def test_the_ascent_reaches_the_estimate():
    x = [1, 0, 0, 1, 0, 0, 0]
    assert_allclose(coin.coin_mle_by_gradient(x), 2 / 7, rtol=1e-12)


def test_the_ascent_takes_the_steps_it_is_told_to():
    """From log-odds 0 one step of size 2 with three heads of four leads to log-odds 0.5."""
    assert coin.coin_mle_by_gradient([1, 1, 1, 0], n_steps=0) == 0.5
    one_step = coin.coin_mle_by_gradient([1, 1, 1, 0], n_steps=1, step_size=2.0)
    assert_allclose(one_step, 1 / (1 + math.exp(-0.5)), rtol=1e-15)


def test_the_ascent_creeps_towards_a_coin_that_is_all_heads():
    few, many = (coin.coin_mle_by_gradient([1, 1], n_steps=n) for n in (10, 100))
    assert 0.5 < few < many < 1


@given(tosses, st.floats(0.01, 20))
def test_at_the_ends_of_the_interval_the_likelihood_has_dropped(x, drop):
    low, high = coin.likelihood_interval(x, drop)
    best = coin.coin_mle(x)
    assert 0 <= low <= best <= high <= 1
    top = coin.log_likelihood(x, best)
    for end, edge in [(low, 0.0), (high, 1.0)]:
        if best == edge:
            assert end == edge
        else:
            assert_allclose(top - coin.log_likelihood(x, end), drop, rtol=1e-6, atol=1e-9)


def test_the_interval_of_heads_alone_solves_an_equation():
    """Three heads: 3 log p = -2."""
    assert_allclose(coin.likelihood_interval([1, 1, 1]), [math.exp(-2 / 3), 1], rtol=1e-14)
    assert_allclose(coin.likelihood_interval([0, 0], 1.0), [0, 1 - math.exp(-0.5)], rtol=1e-14)


def test_the_interval_of_many_tosses_is_two_spreads_to_each_side():
    low, high = coin.likelihood_interval(np.repeat([1, 0], [70_000, 30_000]))
    spread = math.sqrt(0.7 * 0.3 / 100_000)
    assert_allclose([low, high], [0.7 - 2 * spread, 0.7 + 2 * spread], atol=0.01 * spread)


@pytest.mark.parametrize(
    "estimate", [coin.coin_mle, coin.coin_mle_by_gradient, coin.likelihood_interval]
)
def test_an_estimate_needs_a_toss(estimate):
    with pytest.raises(ValueError, match="0 tosses"):
        estimate([])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: coin.bernoulli_pmf(2, 0.5), "x must be 0 or 1, got 2"),
        (lambda: coin.bernoulli_pmf(1, 1.5), r"p must be in \[0, 1\], got 1.5"),
        (lambda: coin.log_likelihood([1], -0.25), r"p must be in \[0, 1\], got -0.25"),
        (lambda: coin.log_likelihood([1], [math.nan, 7]), r"p must be in \[0, 1\], got 7"),
        (lambda: coin.log_likelihood([1, 0.5], 0.5), "x must be 0 or 1, got 0.5"),
        (lambda: coin.log_likelihood([[1]], 0.5), r"x must have 1 axis but has shape \(1, 1\)"),
        (lambda: coin.score([math.nan], 0.5), "x must be 0 or 1, got nan"),
        (lambda: coin.score([1], 2), r"p must be in \[0, 1\], got 2"),
        (lambda: coin.coin_mle(["heads"]), "x must be an array of numbers.*heads"),
        (lambda: coin.coin_mle([1, -1]), "x must be 0 or 1, got -1"),
        (lambda: coin.coin_mle_by_gradient([1], n_steps=-1), "n_steps must be at least 0, got -1"),
        (lambda: coin.coin_mle_by_gradient([1], n_steps=1.5), "must be an integer, got 1.5"),
        (lambda: coin.likelihood_interval([1], 0), "drop must be positive and finite, got 0"),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
