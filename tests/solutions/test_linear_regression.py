"""Fitting a line: against scipy, sklearn, mpmath and finite differences, and where X is awkward."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import linalg
from sklearn import metrics
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.preprocessing import PolynomialFeatures

from solutions import linear_regression as lr

numbers = st.floats(-100, 100)
pairs = st.integers(1, 20).flatmap(
    lambda n: st.tuples(*[hnp.arrays(np.float64, n, elements=numbers)] * 2)
)
MEANS = [lr.mean_squared_error, lr.mean_absolute_error]


@pytest.fixture(params=[0, 1, 2])
def data(request):
    rng = np.random.default_rng(request.param)
    X = np.column_stack([np.ones(30), rng.normal(size=(30, 3))])
    return X, X @ rng.normal(size=4) + rng.normal(size=30)


@given(pairs)
def test_the_means_agree_with_sklearn(pair):
    assert_allclose(lr.mean_squared_error(*pair), metrics.mean_squared_error(*pair), rtol=1e-12)
    assert_allclose(lr.mean_absolute_error(*pair), metrics.mean_absolute_error(*pair), rtol=1e-12)


@given(hnp.arrays(np.float64, st.integers(1, 15), elements=numbers))
def test_the_best_constant_is_the_mean_or_the_median(y):
    """C's two losses of a model with a bias alone."""
    for loss, best in [
        (lr.mean_squared_error, np.mean(y)),
        (lr.mean_absolute_error, np.median(y)),
    ]:
        least = loss(y, np.full(y.shape, best))
        for constant in np.linspace(-100, 100, 81):
            assert least <= loss(y, np.full(y.shape, constant)) * (1 + 1e-12) + 1e-9


@pytest.mark.parametrize("mean", MEANS)
def test_a_mean_is_a_float_and_no_sum(mean):
    assert type(mean([1, 2], [1, 2])) is float
    assert mean([0.0] * 10, [1.0] * 10) == 1.0


@pytest.mark.parametrize("mean", MEANS)
def test_means_at_the_limits_of_floats(mean):
    """Beyond the largest float is inf, without a warning; nan stays nan."""
    assert mean([1e308, 1.0], [-1e308, 1.0]) == math.inf
    assert mean([math.inf], [0.0]) == math.inf
    assert math.isnan(mean([math.nan, 1.0], [0.0, 1.0]))
    assert math.isnan(mean([math.inf], [math.inf]))


@pytest.mark.parametrize("degree", [0, 1, 2, 7])
def test_powers_agree_with_sklearn(degree):
    x = np.random.default_rng(0).normal(size=9)
    expected = PolynomialFeatures(degree).fit_transform(x[:, None])
    assert_allclose(lr.polynomial_features(x, degree), expected, rtol=1e-14)


def test_powers_start_with_ones_for_zero_and_nan_too():
    assert_array_equal(lr.polynomial_features([0.0, math.nan], 0), [[1.0], [1.0]])
    assert_array_equal(lr.polynomial_features([0.0, 1e200], 2), [[1, 0, 0], [1, 1e200, math.inf]])


def test_least_squares_agrees_with_sklearn(data):
    X, y = data
    model = LinearRegression().fit(X[:, 1:], y)
    assert_allclose(lr.least_squares(X, y), [model.intercept_, *model.coef_], rtol=1e-10)


def test_least_squares_leaves_errors_at_right_angles_to_the_features(data):
    X, y = data
    assert_allclose(X.T @ (y - X @ lr.least_squares(X, y)), 0, atol=1e-12)


def test_least_squares_of_the_worked_example():
    """The three points of the chapter, worked out in fractions."""
    X, y = [[1, 1], [1, 2], [1, 3]], [1, 2, 2]
    assert_allclose(lr.least_squares(X, y), [2 / 3, 1 / 2], rtol=1e-14)


@given(
    hnp.arrays(np.int8, (6, 2), elements=st.integers(-3, 3)),
    hnp.arrays(np.int8, 6, elements=st.integers(-9, 9)),
)
def test_of_many_solutions_the_shortest_is_given(columns, y):
    """A third column that is the sum of the others leaves a line of solutions."""
    X = np.column_stack([columns, columns.sum(axis=1)])
    w = lr.least_squares(X, y)
    assert_allclose(X.T @ (X @ w - y), 0, atol=1e-10)
    assert_allclose(w, linalg.pinv(X.astype(float)) @ y, atol=1e-10)


def test_more_weights_than_observations_fit_exactly():
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(3, 8)), rng.normal(size=3)
    w = lr.least_squares(X, y)
    assert_allclose(X @ w, y, rtol=1e-12)
    null = linalg.null_space(X)
    assert_allclose(null.T @ w, 0, atol=1e-12)


def test_a_feature_that_is_always_zero_gets_the_weight_zero():
    assert_allclose(lr.least_squares([[1, 0], [2, 0]], [2, 4]), [2, 0], atol=1e-15)
    assert_array_equal(lr.least_squares(np.zeros((3, 2)), [1, 2, 3]), [0, 0])


def test_nearly_equal_columns_do_not_spoil_the_fit():
    """The condition number is 1e8, its square is beyond float64; the exact answer is mpmath's."""
    t = np.linspace(0, 1, 12)
    X, y = np.column_stack([np.ones(12), t, t + 1e-8 * np.sin(40 * t)]), np.cos(3 * t)
    with mp.workdps(60):
        exact = mp.lu_solve(mp.matrix(X.T.tolist()) * mp.matrix(X.tolist()),
                            mp.matrix(X.T.tolist()) * mp.matrix(y.tolist()))  # fmt: skip
        exact = [float(weight) for weight in exact]
    assert_allclose(lr.least_squares(X, y), exact, rtol=1e-6)
    with np.errstate(all="ignore"):
        inverse = np.linalg.inv(X.T @ X) @ X.T @ y
    assert not np.allclose(inverse, exact, rtol=1e-2), "the normal equations should suffer here"


def test_huge_and_tiny_features_make_no_warning():
    X = np.array([[1e-300, 0.0], [0.0, 1e300]])
    for w in [lr.least_squares(X, [1.0, 1.0]), lr.ridge(X, [1.0, 1.0], 1.0)]:
        assert w.shape == (2,)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_not_finite_gives_nan_weights(bad):
    for X, y in [([[1.0, bad]], [1.0]), ([[1.0, 2.0]], [bad])]:
        assert np.isnan(lr.least_squares(X, y)).all()
        assert np.isnan(lr.ridge(X, y, 1.0)).all()


@pytest.mark.parametrize("l2", [1e-3, 1.0, 50.0])
def test_ridge_agrees_with_sklearn(data, l2):
    """One strength for all weights is a fit without intercept; a free bias is one with."""
    X, y = data
    assert_allclose(lr.ridge(X, y, l2), Ridge(l2, fit_intercept=False).fit(X, y).coef_, rtol=1e-9)
    model = Ridge(l2).fit(X[:, 1:], y)
    free = lr.ridge(X, y, [0, l2, l2, l2])
    assert_allclose(free, [model.intercept_, *model.coef_], rtol=1e-9)


def test_ridge_solves_cs_closed_form(data):
    X, y = data
    expected = np.linalg.inv(X.T @ X + 2.5 * np.eye(4)) @ X.T @ y
    assert_allclose(lr.ridge(X, y, 2.5), expected, rtol=1e-10)


def test_a_free_bias_follows_a_shift_and_a_penalised_one_lags(data):
    X, y = data
    free = lr.ridge(X, y + 100, [0, 3, 3, 3]) - lr.ridge(X, y, [0, 3, 3, 3])
    assert_allclose(free, [100, 0, 0, 0], atol=1e-9)
    lagging = lr.ridge(X, y + 100, 3) - lr.ridge(X, y, 3)
    assert 0 < lagging[0] < 99


def test_no_penalty_is_least_squares_where_it_is_not_unique_too(data):
    X, y = data
    X = np.column_stack([X, X[:, 1]])
    assert_allclose(lr.ridge(X, y, 0.0), lr.least_squares(X, y), atol=1e-12)
    assert_allclose(lr.ridge(X, y, 1e-6), lr.least_squares(X, y), atol=1e-5)


def test_a_stronger_penalty_means_shorter_weights_and_a_larger_training_error(data):
    X, y = data
    fits = [lr.ridge(X, y, l2) for l2 in [0.0, 0.1, 1.0, 10.0, 1e6]]
    assert np.all(np.diff([np.linalg.norm(w) for w in fits]) < 0)
    assert np.all(np.diff([lr.mean_squared_error(y, X @ w) for w in fits]) > 0)
    assert np.linalg.norm(fits[-1]) < 1e-3


def half_mean_square(w, X, y, l2):
    return np.mean((X @ w - y) ** 2) / 2 + l2 / 2 * w @ w


@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_a_step_goes_against_the_gradient(data, l2):
    X, y = data
    w = np.array([0.5, -1.0, 2.0, 0.0])
    slope = np.empty(4)
    for j, unit in enumerate(np.eye(4) * 1e-4):
        above, below = half_mean_square(w + unit, X, y, l2), half_mean_square(w - unit, X, y, l2)
        slope[j] = (above - below) / 2e-4
    assert_allclose(lr.gradient_step(X, y, w, 0.3, l2), w - 0.3 * slope, rtol=1e-7)


def test_a_step_on_one_observation_is_the_rule_of_the_errata():
    """(x w - y) x_1 + l2 w_1 for the first weight, where C prints x y / (x^2 + l2)."""
    w, x, y = np.array([0.5, -1.0]), np.array([2.0, 3.0]), 4.0
    expected = w - 0.1 * ((x @ w - y) * x + 0.2 * w)
    assert_allclose(lr.gradient_step([x], [y], w, 0.1, 0.2), expected, rtol=1e-15)


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_steps_lead_to_ridge_with_n_times_the_strength(data, l2):
    X, y = data
    w = np.zeros(4)
    for _ in range(3000):
        w = lr.gradient_step(X, y, w, 0.2, l2)
    assert_allclose(w, lr.ridge(X, y, len(y) * l2), rtol=1e-9)


@given(st.floats(0.01, 3.0), st.floats(-5, 5))
def test_a_step_from_the_minimum_stays_there(step_size, slope):
    assume(abs(slope) > 1e-3)
    x = np.array([[1.0], [2.0]])
    assert_allclose(lr.gradient_step(x, x[:, 0] * slope, [slope], step_size), [slope], rtol=1e-12)


def test_a_step_keeps_nan_and_overflows_silently():
    assert np.isnan(lr.gradient_step([[1.0]], [1.0], [math.nan])).all()
    assert np.isinf(lr.gradient_step([[1e300]], [1.0], [1e300])).all()


@pytest.mark.parametrize("l1", [0.0, 0.3, 5.0])
@pytest.mark.parametrize("seed", range(4))
def test_lasso_is_sklearns(seed, l1):
    """Theirs halves the mean of the squares, so that its alpha is l1 / N."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 6)), rng.normal(size=30)
    if l1 == 0:
        expected = lr.least_squares(X, y)
    else:
        other = Lasso(alpha=l1 / 30, fit_intercept=False, tol=1e-12, max_iter=100_000)
        expected = other.fit(X, y).coef_
    assert_allclose(lr.lasso(X, y, l1), expected, rtol=1e-6, atol=1e-9)
    assert_array_equal(lr.lasso(X, y, l1) == 0, expected == 0)


def test_lasso_leaves_columns_of_zeros_alone():
    assert_array_equal(lr.lasso([[0.0, 1.0], [0.0, 2.0]], [1.0, 2.0], 0.0), [0.0, 1.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: lr.mean_squared_error([1, 2], [1]), "y_true has 2 .* y_pred has 1"),
        (lambda: lr.mean_absolute_error([], []), "y_true has 0 entries"),
        (lambda: lr.mean_squared_error([[1]], [[1]]), r"y_true must have 1 axis .* \(1, 1\)"),
        (lambda: lr.mean_squared_error(["rent"], [1]), "y_true must be an array of numbers"),
        (lambda: lr.polynomial_features([1.0], -1), "degree must be at least 0, got -1"),
        (lambda: lr.polynomial_features([1.0], 1.5), "degree must be an integer, got 1.5"),
        (lambda: lr.polynomial_features([[1.0]], 1), "x must have 1 axis"),
        (lambda: lr.least_squares([[1.0]], [1.0, 2.0]), "X has 1 rows but y has 2"),
        (lambda: lr.least_squares(np.ones((0, 2)), []), r"X has no rows: its shape is \(0, 2\)"),
        (lambda: lr.least_squares([1.0], [1.0]), "X must have 2 axes"),
        (lambda: lr.ridge([[1.0]], [1.0], -0.5), "l2 must be finite and at least 0, got -0.5"),
        (lambda: lr.ridge([[1.0, 2.0]], [1.0], [0.0, math.inf]), "l2 must be finite .* inf"),
        (lambda: lr.ridge([[1.0, 2.0]], [1.0], [1.0]), r"l2 has shape \(1,\) but X has 2 columns"),
        (lambda: lr.gradient_step([[1.0, 2.0]], [1.0], [1.0]), "X has 2 columns but w has 1"),
        (lambda: lr.lasso([[1.0]], [1.0], -1.0), "l1 must be finite and at least 0, got -1"),
        (lambda: lr.lasso([[1.0]], [1.0], 1.0, 0.5), "n_passes must be an integer"),
        (lambda: lr.gradient_step([[1.0]], [1.0], [1.0], l2=math.nan), "l2 must be finite"),
        (lambda: lr.gradient_step([[1.0]], [1.0, 1.0], [1.0]), "X has 1 rows but y has 2"),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
