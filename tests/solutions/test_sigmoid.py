"""The sigmoid and its relatives: against scipy and mpmath, far out, and by properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, special

from solutions import sigmoid as chapter

EXTREMES = np.array([-np.inf, -1.8e308, -1000, -746, -745, -720, -709.5, -37, -1e-300, 0, 5e-324])
EXTREMES = np.concatenate([EXTREMES, -EXTREMES])
finite = st.floats(allow_nan=False, allow_infinity=False)


def exact(function, a):
    """Compute with 400 digits, enough for 1 - exp(-720), what float64 should hold."""
    with mp.workdps(400):
        return [float(function(mp.mpf(float(number)))) for number in np.atleast_1d(a)]


def exact_sigmoid(a):
    return 1 / (1 + mp.exp(-a))


def test_sigmoid_agrees_with_scipy():
    a = np.linspace(-40, 40, 2001)
    assert_allclose(chapter.sigmoid(a), special.expit(a), rtol=1e-15)


def test_sigmoid_agrees_with_exact_arithmetic_down_to_the_last_subnormal():
    a = np.array([-745.0, -744.4, -720.0, -709.9, -708.0, -700.5, -699.5, -1.0, 0.0, 1.0, 37.0])
    assert_allclose(chapter.sigmoid(a), exact(exact_sigmoid, a), rtol=1e-13, atol=5e-324)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (chapter.sigmoid, [0, 1]),
        (chapter.log_sigmoid, [-np.inf, 0]),
        (chapter.sigmoid_derivative, [0, 0]),
    ],
)
def test_the_limits_at_the_infinities_are_exact(function, expected):
    assert_array_equal(function([-np.inf, np.inf]), expected)


@pytest.mark.parametrize(
    "function", [chapter.sigmoid, chapter.log_sigmoid, chapter.sigmoid_derivative]
)
def test_nan_stays_nan(function):
    assert_array_equal(np.isnan(function([np.nan, 0.0, -800.0])), [True, False, False])
    assert math.isnan(function(math.nan))


@pytest.mark.parametrize(
    "function", [chapter.sigmoid, chapter.log_sigmoid, chapter.sigmoid_derivative]
)
def test_no_logit_raises_a_floating_point_flag(function):
    with np.errstate(all="raise"):
        result = function(EXTREMES)
    assert not np.isnan(result).any()


@pytest.mark.parametrize(
    "function", [chapter.sigmoid, chapter.log_sigmoid, chapter.sigmoid_derivative]
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_elementwise_functions_keep_the_shape(function, shape):
    result = function(np.zeros(shape))
    assert np.shape(result) == shape
    assert shape or type(result) is float


@given(finite)
def test_the_two_probabilities_sum_to_one(a):
    assert_allclose(chapter.sigmoid(a) + chapter.sigmoid(-a), 1, rtol=1e-15)


@given(finite, finite)
def test_sigmoid_never_falls(a, b):
    low, high = sorted((a, b))
    assert chapter.sigmoid(low) <= chapter.sigmoid(high)


def test_sigmoid_of_any_memory_layout():
    a = np.arange(12.0).reshape(3, 4).T[::2]
    assert_allclose(chapter.sigmoid(a), special.expit(a), rtol=1e-15)


def test_sigmoid_of_float32_is_float64():
    a = np.float32([0.1, -3])
    assert chapter.sigmoid(a).dtype == np.float64
    assert_allclose(chapter.sigmoid(a), special.expit(a.astype(float)), rtol=1e-15)


def test_derivative_agrees_with_exact_arithmetic_out_to_700():
    a = np.array([-700.0, -300.0, -40.0, -1.5, 0.0, 0.3, 36.0, 40.0, 300.0, 700.0])
    expected = exact(lambda x: exact_sigmoid(x) * exact_sigmoid(-x), a)
    assert_allclose(chapter.sigmoid_derivative(a), expected, rtol=1e-13)


@given(st.floats(-20, 20))
def test_derivative_is_the_slope_of_the_sigmoid(a):
    slope = optimize.approx_fprime([a], lambda x: chapter.sigmoid(x[0]), 1e-6)[0]
    assert_allclose(chapter.sigmoid_derivative(a), slope, rtol=1e-4, atol=1e-9)


def test_logit_agrees_with_exact_arithmetic():
    p = [5e-324, 1e-300, 1e-9, 0.2499, 0.25, 0.3, 0.5 - 1e-12, 0.5 + 1e-9, 0.75, 0.7501, 1 - 2**-53]
    expected = exact(lambda x: mp.log(x / (1 - x)), p)
    assert_allclose(chapter.logit(p), expected, rtol=4e-16)


def test_logit_at_the_ends_and_of_nan():
    assert_array_equal(chapter.logit([0, 0.5, 1, np.nan]), [-np.inf, 0, np.inf, np.nan])


@given(st.floats(-30, 30))
def test_logit_undoes_the_sigmoid(a):
    """To as many digits as 1 - p keeps."""
    assert_allclose(chapter.logit(chapter.sigmoid(a)), a, rtol=1e-12, atol=3e-16 * math.exp(abs(a)))


@given(st.floats(0, 1))
def test_the_sigmoid_undoes_logit(p):
    assert_allclose(chapter.sigmoid(chapter.logit(p)), p, rtol=1e-12, atol=1e-323)


def test_log_sigmoid_agrees_with_scipy_and_exact_arithmetic():
    a = np.array([-1e300, -745.5, -40.0, -1.0, 0.0, 1.0, 40.0, 700.0])
    assert_allclose(chapter.log_sigmoid(a), exact(lambda x: -mp.log1p(mp.exp(-x)), a), rtol=4e-16)
    grid = np.linspace(-50, 50, 1001)
    assert_allclose(chapter.log_sigmoid(grid), special.log_expit(grid), rtol=1e-15)


@given(st.floats(-700, 30))
def test_log_sigmoid_is_the_logarithm_of_the_sigmoid(a):
    expected = math.log(chapter.sigmoid(a))
    assert_allclose(chapter.log_sigmoid(a), expected, rtol=1e-12, atol=1e-15)


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = np.column_stack([np.ones(20), rng.normal(size=(20, 2))])
    return rng.normal(size=3), X, rng.integers(0, 2, 20)


def test_predict_proba_is_the_sigmoid_of_the_scores(data):
    w, X, _ = data
    expected = [special.expit(sum(x * v for x, v in zip(row, w, strict=True))) for row in X]
    assert_allclose(chapter.predict_proba(X, w), expected, rtol=1e-14)


def test_predict_proba_of_scores_beyond_the_largest_float():
    assert_array_equal(chapter.predict_proba([[1e200], [-1e200]], [1e200]), [1, 0])


def test_predict_proba_of_no_rows_is_empty():
    assert chapter.predict_proba(np.empty((0, 2)), [1.0, 2.0]).shape == (0,)


def test_squared_error_by_hand():
    """Probabilities 1/2 and 3/4 for targets 0 and 1: (1/4 + 1/16) / 2."""
    result = chapter.squared_error([[0], [1]], [0, 1], [math.log(3)])
    assert_allclose(result, 5 / 32, rtol=1e-15)


def test_squared_error_of_a_confident_prediction_keeps_its_digits():
    assert_allclose(chapter.squared_error([[50.0]], [1], [1.0]), math.exp(-100), rtol=1e-12)


def test_squared_error_gradient_is_its_slope(data):
    w, X, y = data
    slope = optimize.approx_fprime(w, lambda w: chapter.squared_error(X, y, w), 1e-7)
    assert_allclose(chapter.squared_error_gradient(X, y, w), slope, atol=1e-6)


def test_squared_error_gradient_is_bs_batch_rule_elementwise(data):
    w, X, y = data
    p = special.expit(X @ w)
    expected = [-2 / 20 * np.sum(X[:, j] * p * (1 - p) * (y - p)) for j in range(3)]
    assert_allclose(chapter.squared_error_gradient(X, y, w), expected, rtol=1e-12)


def test_squared_error_gradient_vanishes_where_the_prediction_is_badly_wrong():
    slight, bad = (chapter.squared_error_gradient([[1.0]], [0], [a])[0] for a in (1.0, 40.0))
    assert 0 < bad < 1e-16 < slight


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapter.sigmoid(["a"]), "a must be an array of numbers"),
        (lambda: chapter.sigmoid([[1], [1, 2]]), "a must be an array of numbers"),
        (lambda: chapter.logit([0.5, 1.25]), r"p must be in \[0, 1\], got 1.25"),
        (lambda: chapter.logit(-1), r"p must be in \[0, 1\], got -1"),
        (
            lambda: chapter.predict_proba(np.ones((2, 3)), np.ones(4)),
            "X has 3 columns but w has 4 entries",
        ),
        (lambda: chapter.predict_proba([1, 2], [1, 2]), r"X must have 2 axes .* \(2,\)"),
        (lambda: chapter.predict_proba([[1]], [[1]]), r"w must have 1 axis .* \(1, 1\)"),
        (
            lambda: chapter.squared_error([[1], [2]], [1, 0, 1], [1]),
            "X has 2 rows but y has 3 entries",
        ),
        (lambda: chapter.squared_error([[1]], [2], [1]), "y must be 0 or 1, got 2"),
        (lambda: chapter.squared_error(np.empty((0, 1)), [], [1]), r"X has no rows.*\(0, 1\)"),
        (lambda: chapter.squared_error_gradient([[1]], [-1], [1]), "y must be 0 or 1, got -1"),
        (
            lambda: chapter.squared_error_gradient(np.empty((0, 1)), [], [1]),
            r"X has no rows.*\(0, 1\)",
        ),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
