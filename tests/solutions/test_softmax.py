"""The softmax: against scipy and sklearn, with infinite logits, and by properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy import special
from sklearn.preprocessing import LabelBinarizer

from solutions import softmax as chapter
from solutions.sigmoid import log_sigmoid, sigmoid

INF = math.inf
shapes = hnp.array_shapes(min_dims=1, max_dims=2, max_side=6)
any_finite = hnp.arrays(float, shapes, elements=st.floats(allow_nan=False, allow_infinity=False))
moderate = hnp.arrays(float, shapes, elements=st.floats(-100, 100))


def test_one_hot_agrees_with_sklearn():
    y = np.array([3, 0, 2, 2, 1])
    result = chapter.one_hot(y, 4)
    assert_array_equal(result, LabelBinarizer().fit(range(4)).transform(y))
    assert result.dtype == np.float64


def test_one_hot_of_one_class_and_of_no_labels():
    assert_array_equal(chapter.one_hot([0, 0], 1), [[1], [1]])
    assert chapter.one_hot([], 3).shape == (0, 3)


@given(moderate)
def test_softmax_agrees_with_scipy(logits):
    expected = special.softmax(logits, axis=-1)
    assert_allclose(chapter.softmax(logits), expected, rtol=1e-13)


@given(moderate)
def test_log_softmax_agrees_with_scipy(logits):
    expected = special.log_softmax(logits, axis=-1)
    assert_allclose(chapter.log_softmax(logits), expected, rtol=1e-12, atol=1e-13)


@given(any_finite)
def test_probabilities_of_any_finite_logits_sum_to_one(logits):
    with np.errstate(all="raise"):
        p = chapter.softmax(logits)
    assert p.shape == logits.shape
    assert p.min() >= 0
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)


@given(any_finite)
def test_log_probabilities_of_any_finite_logits_are_not_above_zero(logits):
    with np.errstate(all="raise"):
        assert chapter.log_softmax(logits).max() <= 0


@given(moderate, st.floats(-1000, 1000))
def test_a_number_added_to_all_logits_changes_nothing(logits, shift):
    assert_allclose(chapter.softmax(logits + shift), chapter.softmax(logits), rtol=1e-10)
    shifted = chapter.log_softmax(logits + shift)
    assert_allclose(shifted, chapter.log_softmax(logits), rtol=1e-10, atol=1e-10)


@given(any_finite)
def test_the_largest_logit_has_the_largest_probability(logits):
    p = chapter.softmax(logits)
    of_largest = np.take_along_axis(p, logits.argmax(axis=-1, keepdims=True), axis=-1)
    assert np.all(p <= of_largest)


@given(hnp.arrays(float, 5, elements=st.floats(-50, 50)), st.permutations(range(5)))
def test_permuted_logits_give_permuted_probabilities(logits, order):
    permuted = chapter.softmax(logits[order])
    assert_allclose(permuted, chapter.softmax(logits)[order], rtol=1e-13)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_two_classes_of_softmax_are_a_sigmoid(a):
    assert_allclose(chapter.softmax([0, a])[1], sigmoid(a), rtol=1e-14, atol=5e-324)
    assert_allclose(chapter.log_softmax([0, a])[1], log_sigmoid(a), rtol=1e-14, atol=5e-324)


def test_a_dominant_class_keeps_the_digits_of_its_log_probability():
    """1 + exp(-50) rounds to 1, whose logarithm is 0."""
    assert_allclose(chapter.log_softmax([0.0, 50.0, -800.0])[1], -math.exp(-50), rtol=1e-14)


def test_huge_logits():
    assert_array_equal(chapter.softmax([1e308, -1e308, 1e308]), [0.5, 0, 0.5])
    assert_array_equal(chapter.log_softmax([1000.0, 0.0, -1e308]), [0, -1000, -1e308])


def test_logits_further_apart_than_the_largest_float():
    assert_array_equal(chapter.log_softmax([1.7e308, -1.7e308]), [0, -INF])


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        ([0, -INF], [1, 0]),
        ([0, 0, -INF], [0.5, 0.5, 0]),
        ([INF, 0, -INF], [1, 0, 0]),
        ([INF, 1e308], [1, 0]),
        ([INF], [1]),
        ([[INF, 0], [0, 0]], [[1, 0], [0.5, 0.5]]),
        ([INF, INF, 0], [np.nan] * 3),
        ([-INF, -INF], [np.nan] * 2),
        ([[-INF, -INF], [0, 0]], [[np.nan] * 2, [0.5, 0.5]]),
        ([-INF], [np.nan]),
        ([np.nan, 0], [np.nan] * 2),
        ([np.nan], [np.nan]),
        ([np.nan, INF], [np.nan] * 2),
        ([[np.nan, 0], [0, 0]], [[np.nan] * 2, [0.5, 0.5]]),
    ],
)
def test_logits_that_are_not_finite(logits, expected):
    """One inf takes all, -inf takes nothing, and where the limit is not settled all is nan."""
    with np.errstate(all="raise"):
        p, log_p = chapter.softmax(logits), chapter.log_softmax(logits)
    assert_array_equal(p, expected)
    with np.errstate(divide="ignore"):
        assert_allclose(log_p, np.log(expected), rtol=1e-15)


@pytest.mark.parametrize("function", [chapter.softmax, chapter.log_softmax])
@pytest.mark.parametrize("shape", [(1,), (4,), (3, 4), (0, 4), (2, 3, 4)])
def test_softmax_keeps_the_shape(function, shape):
    assert function(np.zeros(shape)).shape == shape


def test_multiclass_logits_are_sums_of_products():
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    expected = [[sum(X[i] * W[:, c]) for c in range(2)] for i in range(4)]
    assert_allclose(chapter.multiclass_logits(X, W), expected, rtol=1e-13)


def test_sigmoid_per_class_answers_each_class_on_its_own():
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    p = chapter.sigmoid_per_class(X, W)
    assert_allclose(p, special.expit(X @ W), rtol=1e-14)
    assert_allclose(chapter.sigmoid_per_class(X, W[:, :1]), p[:, :1], rtol=1e-14)


def test_predicted_class_has_the_largest_probability():
    rng = np.random.default_rng(9)
    X, W = rng.normal(size=(50, 4)), rng.normal(size=(4, 6))
    assert_array_equal(chapter.predict_class(X, W), special.softmax(X @ W, axis=1).argmax(axis=1))


def test_predicted_class_of_a_tie_is_the_first():
    assert_array_equal(chapter.predict_class([[1.0], [-1.0], [0.0]], [[2.0, 5.0, 5.0]]), [1, 0, 0])


def test_predicted_class_of_no_class_has_no_meaning():
    with pytest.raises(ValueError, match=r"at least 1 class but has shape \(2, 0\)"):
        chapter.predict_class([[1.0, 2.0]], np.empty((2, 0)))


@pytest.mark.parametrize("function", [chapter.multiclass_logits, chapter.sigmoid_per_class])
def test_products_name_both_shapes_that_do_not_fit(function):
    with pytest.raises(ValueError, match="X has 3 columns but W has 4 rows"):
        function(np.ones((2, 3)), np.ones((4, 5)))
    with pytest.raises(ValueError, match=r"W must have 2 axes but has shape \(3,\)"):
        function(np.ones((2, 3)), np.ones(3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapter.one_hot([0, 3], 3), "y must be integers from 0 to 2, got 3"),
        (lambda: chapter.one_hot([-1], 3), "y must be integers from 0 to 2, got -1"),
        (lambda: chapter.one_hot([0.5], 3), "y must be integers from 0 to 2, got 0.5"),
        (lambda: chapter.one_hot([math.nan], 3), "y must be integers from 0 to 2, got nan"),
        (lambda: chapter.one_hot([[0]], 3), r"y must have 1 axis but has shape \(1, 1\)"),
        (lambda: chapter.one_hot([0], 0), "n_classes must be at least 1, got 0"),
        (lambda: chapter.one_hot([0], 2.0), "n_classes must be an integer, got 2.0"),
        (lambda: chapter.softmax(1.0), r"at least 1 class but have shape \(\)"),
        (lambda: chapter.softmax(np.empty((2, 0))), r"at least 1 class but have shape \(2, 0\)"),
        (lambda: chapter.log_softmax([]), r"at least 1 class but have shape \(0,\)"),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
