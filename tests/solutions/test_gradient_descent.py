"""Losses against sklearn, gradients against differences, and walks step by step."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, special
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from solutions import gradient_descent as chapter

INF = math.inf


@pytest.fixture
def data():
    """Forty observations of two overlapping classes, with a column of ones."""
    rng = np.random.default_rng(0)
    X = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    y = (rng.random(40) < special.expit(X @ [0.3, 1.0, -2.0])).astype(int)
    return X, y


@pytest.fixture
def classes(data):
    """The same observations with three classes that overlap."""
    X, _ = data
    rng = np.random.default_rng(1)
    return X, np.argmax(X @ rng.normal(size=(3, 3)) + rng.gumbel(size=(40, 3)), axis=1)


def test_logistic_loss_agrees_with_sklearn(data):
    X, y = data
    w = np.array([0.1, -0.5, 0.7])
    assert_allclose(chapter.logistic_loss(X, y, w), log_loss(y, special.expit(X @ w)), rtol=1e-12)


def test_softmax_loss_agrees_with_sklearn(classes):
    X, y = classes
    W = np.random.default_rng(2).normal(size=(3, 3))
    expected = log_loss(y, special.softmax(X @ W, axis=1))
    assert_allclose(chapter.softmax_loss(X, y, W), expected, rtol=1e-12)


@pytest.mark.parametrize("loss", [chapter.logistic_loss, chapter.softmax_loss])
def test_the_penalty_is_half_the_squared_norm_times_its_strength(loss, data):
    X, y = data
    w = np.array([1.0, -2.0, 3.0])
    if loss is chapter.softmax_loss:
        w = np.column_stack([w, -w])
    added = loss(X, y, w, l2=0.1) - loss(X, y, w)
    assert_allclose(added, 0.05 * sum(v**2 for v in w.flat), rtol=1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_logistic_gradient_is_the_slope_of_the_loss(data, l2):
    w = np.array([0.1, -0.5, 0.7])
    slope = optimize.approx_fprime(w, lambda v: chapter.logistic_loss(*data, v, l2), 1e-7)
    assert_allclose(chapter.logistic_gradient(*data, w, l2), slope, atol=1e-6)


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_softmax_gradient_is_the_slope_of_the_loss(classes, l2):
    W = np.random.default_rng(2).normal(size=(3, 3))
    slope = chapter.numerical_gradient(lambda V: chapter.softmax_loss(*classes, V, l2), W)
    assert_allclose(chapter.softmax_gradient(*classes, W, l2), slope, atol=1e-8)


def test_logistic_gradient_is_the_sum_of_equation_61_over_n(data):
    X, y = data
    w = np.array([0.1, -0.5, 0.7])
    s1, s0 = special.expit(X @ w), special.expit(-(X @ w))
    expected = [-np.sum(X[:, v] * (y * s0 - (1 - y) * s1)) / len(y) for v in range(3)]
    assert_allclose(chapter.logistic_gradient(X, y, w), expected, rtol=1e-12)


def test_softmax_gradient_has_bs_two_cases():
    W = np.array([[0.2, -1.0, 0.5]])
    p = special.softmax(3 * W[0])
    expected = [3 * p[0], 3 * (p[1] - 1), 3 * p[2]]
    assert_allclose(chapter.softmax_gradient([[3.0]], [1], W)[0], expected, rtol=1e-13)


def test_two_columns_of_softmax_weights_are_logistic_regression(data):
    X, y = data
    w = np.array([0.1, -0.5, 0.7])
    W = np.column_stack([np.zeros(3), w])
    assert_allclose(chapter.softmax_loss(X, y, W), chapter.logistic_loss(X, y, w), rtol=1e-13)
    gradient = chapter.softmax_gradient(X, y, W)
    assert_allclose(gradient[:, 1], chapter.logistic_gradient(X, y, w), rtol=1e-12)
    assert_allclose(gradient.sum(axis=1), 0, atol=1e-15)


def test_huge_weights_raise_no_flag(data):
    X, y = data
    with np.errstate(all="raise"):
        assert chapter.logistic_loss(X, y, [1e300] * 3) > 1e299
        assert chapter.logistic_loss(X, y, [1e300] * 3, l2=1.0) == INF
        assert chapter.softmax_loss(X, y, np.diag([1e300] * 3)) > 1e298
        assert np.isfinite(chapter.logistic_gradient(X, y, [1e300] * 3)).all()
        assert np.isfinite(chapter.softmax_gradient(X, y, np.diag([1e300] * 3))).all()


def test_a_confident_right_prediction_has_a_loss_and_a_gradient():
    """Both would be 0 if 1 - p were computed from p."""
    assert_allclose(chapter.logistic_loss([[-50.0]], [0], [1.0]), math.exp(-50), rtol=1e-12)
    gradient = chapter.logistic_gradient([[-50.0]], [0], [1.0])
    assert_allclose(gradient, [-50 * math.exp(-50)], rtol=1e-12)


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3))
def test_numerical_gradient_of_a_quadratic_form(w):
    A = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 1.0]])
    gradient = chapter.numerical_gradient(lambda v: v @ A @ v / 2, w)
    assert_allclose(gradient, A @ w, atol=1e-8)


def test_numerical_gradient_is_central():
    """For w ** 3 at 0 central differences give eps ** 2, and one-sided ones too: but at 1 not."""
    gradient = chapter.numerical_gradient(lambda w: w**3, 1.0, eps=0.5)
    assert gradient == 3.25
    assert type(gradient) is float


def test_numerical_gradient_has_the_shape_of_w_and_leaves_w_alone():
    w = np.arange(6.0).reshape(2, 3)

    def spoil(v):
        total = float(np.sum(v * [[1, 2, 3], [4, 5, 6]]))
        v[:] = 99
        return total

    assert_allclose(chapter.numerical_gradient(spoil, w), [[1, 2, 3], [4, 5, 6]], rtol=1e-9)
    assert_array_equal(w, np.arange(6.0).reshape(2, 3))


def test_gradient_descent_takes_the_steps_of_the_equation():
    path = chapter.gradient_descent(lambda w: 2 * w, [8, -4], step_size=0.25, n_steps=3)
    assert_array_equal(path, [[8, -4], [4, -2], [2, -1], [1, -0.5]])


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_the_path_has_a_point_for_the_start_and_each_step(shape):
    path = chapter.gradient_descent(lambda w: 0 * w, np.ones(shape), n_steps=4)
    assert_array_equal(path, np.ones((5, *shape)))


def test_gradient_descent_of_no_steps_is_the_start():
    assert_array_equal(chapter.gradient_descent(lambda w: w, [3.0], n_steps=0), [[3.0]])


def test_gradient_descent_may_diverge_in_silence():
    with np.errstate(all="raise"):
        path = chapter.gradient_descent(lambda w: w, [1e300], step_size=-1e9, n_steps=2)
    assert path[-1, 0] == INF


def test_gradient_descent_reaches_sklearns_weights(data):
    X, y = data
    fitted = LogisticRegression(C=np.inf, tol=1e-10, fit_intercept=False).fit(X, y)
    path = chapter.gradient_descent(
        lambda w: chapter.logistic_gradient(X, y, w), np.zeros(3), step_size=1.0, n_steps=2000
    )
    assert_allclose(path[-1], fitted.coef_[0], rtol=1e-4)


def test_gradient_descent_with_a_penalty_reaches_sklearns_weights(data):
    """sklearn's C weighs the summed loss, so that it is 1 / (N l2)."""
    X, y = data
    fitted = LogisticRegression(C=1 / (40 * 0.1), tol=1e-10, fit_intercept=False).fit(X, y)
    path = chapter.gradient_descent(
        lambda w: chapter.logistic_gradient(X, y, w, l2=0.1), np.zeros(3), 0.5, n_steps=500
    )
    assert_allclose(path[-1], fitted.coef_[0], rtol=1e-4)


@given(st.integers(0, 50), st.integers(1, 60), st.integers(0, 1000))
def test_batches_hold_each_observation_once(n, batch_size, seed):
    batches = chapter.minibatches(n, batch_size, seed)
    assert sorted(itertools.chain(*batches)) == list(range(n))
    assert all(len(batch) == batch_size for batch in batches[:-1])
    assert all(0 < len(batch) <= batch_size for batch in batches)


def test_batches_depend_on_the_seed_alone():
    first, again, other = (np.concatenate(chapter.minibatches(50, 7, s)) for s in (1, 1, 2))
    assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, np.arange(50))


def test_sgd_with_one_full_batch_is_gradient_descent(data):
    X, y = data
    path = chapter.sgd(X, y, np.zeros(3), [np.arange(40)] * 5, step_size=0.3, l2=0.2)
    expected = chapter.gradient_descent(
        lambda w: chapter.logistic_gradient(X, y, w, l2=0.2), np.zeros(3), 0.3, n_steps=5
    )
    assert_allclose(path, expected, rtol=1e-12)


def test_sgd_steps_on_the_mean_of_each_batch(data):
    X, y = data
    w0 = np.array([0.5, 0.0, -0.5])
    path = chapter.sgd(X, y, w0, [[3], [5, 7]], step_size=2.0)
    w1 = w0 - 2 * X[3] * (special.expit(X[3] @ w0) - y[3])
    w2 = w1 - 2 * X[[5, 7]].T @ (special.expit(X[[5, 7]] @ w1) - y[[5, 7]]) / 2
    assert_allclose(path, [w0, w1, w2], rtol=1e-12)


def test_sgd_without_batches_is_the_start(data):
    assert_array_equal(chapter.sgd(*data, [1, 2, 3], []), [[1, 2, 3]])


def test_sgd_comes_near_the_lowest_loss(data):
    X, y = data
    batches = [batch for seed in range(200) for batch in chapter.minibatches(40, 8, seed)]
    last = chapter.sgd(X, y, np.zeros(3), batches, step_size=0.05)[-1]
    lowest = optimize.minimize(lambda w: chapter.logistic_loss(X, y, w), np.zeros(3)).fun
    assert chapter.logistic_loss(X, y, last) < lowest + 1e-3


def test_random_start_is_uniform_between_minus_one_and_one():
    w = chapter.random_start(10_000, seed=0)
    assert w.shape == (10_000,)
    assert -1 <= w.min() < -0.99
    assert 0.99 < w.max() <= 1
    assert abs(w.mean()) < 0.02


def test_random_start_depends_on_the_seed_alone():
    assert_array_equal(chapter.random_start(4, 7), chapter.random_start(4, 7))
    assert not np.array_equal(chapter.random_start(4, 7), chapter.random_start(4, 8))


def walk(loss, gradient, w0, **settings):
    """Walk adaptively, and record each point that the loss was asked for."""
    asked = []

    def recorded(w):
        asked.append(float(w))
        return loss(w)

    return chapter.adaptive_gradient_descent(recorded, gradient, w0, **settings), asked


def test_a_step_that_lowers_the_loss_makes_the_next_one_longer():
    """On a slope of 1 the steps themselves are seen: 1, then 1.1 times as long each."""
    _, asked = walk(lambda w: w, lambda w: np.ones(()), 0.0, max_steps=3)
    assert_allclose(asked, [0, -1, -2.1, -3.31], rtol=1e-14)


def test_a_step_that_raises_the_loss_is_tried_again_at_half_the_size():
    _, asked = walk(lambda w: w * w, lambda w: 2 * w, 1.0, step_size=4.0, max_steps=4)
    assert_allclose(asked, [1, -7, -3, -1, 0], atol=1e-14)  # -1 is no lower than 1


@pytest.mark.parametrize("wall", [INF, math.nan, -INF])
def test_a_step_to_a_loss_that_is_not_finite_is_taken_back(wall):
    w, asked = walk(lambda w: w * w if w > -1 else wall, lambda w: 2 * w, 1.0, step_size=2.0)
    assert asked[1] == -3
    assert abs(w) < 1e-3


def test_a_finite_loss_is_lower_than_an_infinite_start():
    w, _ = walk(lambda w: INF if w > 4 else w * w, lambda w: 2 * w, 5.0, step_size=0.25)
    assert abs(w) < 1e-3


def test_the_walk_ends_when_the_loss_falls_by_less_than_eps():
    coarse, asked_coarse = walk(lambda w: w * w, lambda w: 2 * w, 1.0, step_size=0.01, eps=0.1)
    fine, asked_fine = walk(lambda w: w * w, lambda w: 2 * w, 1.0, step_size=0.01, eps=1e-12)
    assert len(asked_coarse) == 2
    assert_allclose(coarse, 0.98)
    assert abs(fine) < 1e-5
    assert len(asked_fine) < 200


def test_the_walk_ends_when_no_step_moves_the_weights():
    """At a kink every step rises, and halving ends once the step is lost to rounding."""
    w, asked = walk(abs, lambda w: np.ones(()), 0.0)
    assert w == 0
    assert 1000 < len(asked) < 1200
    w, asked = walk(lambda w: w * w, lambda w: 0 * w, 3.0)
    assert (w, len(asked)) == (3.0, 1)


def test_the_walk_ends_after_max_steps():
    w, asked = walk(lambda w: w, lambda w: np.ones(()), 0.0, max_steps=0)
    assert (w, asked) == (0.0, [0.0])


def test_the_adaptive_walk_reaches_sklearns_loss(data):
    X, y = data
    fitted = LogisticRegression(C=np.inf, tol=1e-10, fit_intercept=False).fit(X, y)
    w = chapter.adaptive_gradient_descent(
        lambda w: chapter.logistic_loss(X, y, w),
        lambda w: chapter.logistic_gradient(X, y, w),
        chapter.random_start(3, seed=0),
        eps=1e-12,
    )
    expected = log_loss(y, fitted.predict_proba(X)[:, 1])
    assert_allclose(chapter.logistic_loss(X, y, w), expected, atol=1e-9)


def test_the_adaptive_walk_fits_softmax_regression_as_well_as_sklearn(classes):
    X, y = classes
    fitted = LogisticRegression(C=np.inf, tol=1e-10, fit_intercept=False).fit(X, y)
    W = chapter.adaptive_gradient_descent(
        lambda W: chapter.softmax_loss(X, y, W),
        lambda W: chapter.softmax_gradient(X, y, W),
        np.zeros((3, 3)),
        eps=1e-12,
    )
    expected = log_loss(y, fitted.predict_proba(X))
    assert_allclose(chapter.softmax_loss(X, y, W), expected, atol=1e-8)


ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapter.logistic_loss(ONES, [0, 1], [0] * 4), "X has 3 columns but w has 4"),
        (lambda: chapter.logistic_loss(ONES, [0], [0] * 3), "X has 2 rows but y has 1 entries"),
        (lambda: chapter.logistic_loss(ONES, [0, 2], [0] * 3), "y must be 0 or 1, got 2"),
        (lambda: chapter.logistic_loss(ONES[:0], [], [0] * 3), r"X has no rows.*\(0, 3\)"),
        (lambda: chapter.logistic_loss(ONES, [0, 1], [0] * 3, -1), "at least 0, got -1"),
        (lambda: chapter.logistic_gradient(ONES, [0, 1], [0] * 4), "X has 3 columns but w has 4"),
        (lambda: chapter.logistic_gradient(ONES, [0], [0] * 3), "X has 2 rows but y has 1"),
        (lambda: chapter.logistic_gradient(ONES[:0], [], [0] * 3), "X has no rows"),
        (lambda: chapter.logistic_gradient(ONES, [0, 1], [0] * 3, INF), "at least 0, got inf"),
        (lambda: chapter.softmax_loss(ONES, [0, 1], np.ones((4, 2))), "but W has 4 rows"),
        (lambda: chapter.softmax_loss(ONES, [0, 2], np.ones((3, 2))), "from 0 to 1, got 2"),
        (lambda: chapter.softmax_gradient(ONES, [0, -1], np.ones((3, 2))), "from 0 to 1, got -1"),
        (lambda: chapter.softmax_gradient(ONES, [0], np.ones((3, 2))), "X has 2 rows but y has 1"),
        (lambda: chapter.softmax_gradient(ONES[:0], [], np.ones((3, 2))), "X has no rows"),
        (lambda: chapter.numerical_gradient(sum, [1.0], eps=0), "eps must be above 0, got 0"),
        (
            lambda: chapter.gradient_descent(lambda w: w[:1], [1.0, 2.0]),
            r"the gradient has shape \(1,\) but w0 has shape \(2,\)",
        ),
        (lambda: chapter.gradient_descent(abs, [1.0], n_steps=-1), "n_steps .* got -1"),
        (lambda: chapter.minibatches(-1, 2, 0), "n must be at least 0, got -1"),
        (lambda: chapter.minibatches(4, 0, 0), "batch_size must be at least 1, got 0"),
        (lambda: chapter.sgd(ONES, [0, 1], [0] * 4, []), "X has 3 columns but w has 4 entries"),
        (lambda: chapter.sgd(ONES, [0], [0] * 3, []), "X has 2 rows but y has 1 entries"),
        (lambda: chapter.sgd(ONES, [0, 1], [0] * 3, [[]]), "X has no rows"),
        (lambda: chapter.random_start(0, 0), "n_features must be at least 1, got 0"),
        (
            lambda: chapter.adaptive_gradient_descent(lambda w: math.nan, abs, [1.0]),
            r"the loss at the start \[1.\] is nan",
        ),
        (
            lambda: chapter.adaptive_gradient_descent(sum, abs, [1.0], step_size=0),
            "step_size must be above 0, got 0",
        ),
        (
            lambda: chapter.adaptive_gradient_descent(sum, lambda w: 1.0, [1.0]),
            r"the gradient has shape \(\) but w0 has shape \(1,\)",
        ),
        (
            lambda: chapter.adaptive_gradient_descent(sum, abs, [1.0], max_steps=-1),
            "max_steps must be at least 0, got -1",
        ),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
