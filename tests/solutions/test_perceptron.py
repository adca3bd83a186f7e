"""The perceptron: against sklearn's, against plane geometry, and by the convergence theorem."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import linprog
from sklearn import metrics, svm
from sklearn.linear_model import Perceptron

from solutions import perceptron

SIX_POINTS = np.array([[2, 1], [1, 2], [3, 1], [3, 2], [1, 3], [2, 3]])
SIX_LABELS = np.array([0, 1, 0, 0, 1, 1])

# Small integers make scores of exactly 0 likely, and every sum exact.
whole = st.integers(-5, 5).map(float)
rows = arrays(float, (8, 3), elements=whole)
vectors = arrays(float, 3, elements=whole)
labels = arrays(int, 8, elements=st.integers(0, 1))


def separable(seed, n=40, n_features=3, gap=0.2):
    """Points with a gap of at least `gap` on both sides of a plane, and the plane's unit normal."""
    rng = np.random.default_rng(seed)
    u = rng.normal(size=n_features)
    u /= np.linalg.norm(u)
    X = rng.normal(size=(n, n_features))
    side = np.where(X @ u >= 0, 1, -1)
    X += np.outer(side * gap, u)
    return X, (side + 1) // 2, u


def test_prediction_is_one_from_score_zero_up():
    result = perceptron.predict([[2, 1], [1, 2], [1, 1]], [-0.5, 0.5])
    assert_array_equal(result, [0, 1, 1])
    assert result.dtype.kind == "i"


@given(rows, vectors)
def test_prediction_is_numpys_heaviside_function(X, w):
    assert_array_equal(perceptron.predict(X, w), np.heaviside(X @ w, 1))


@given(rows, vectors, st.sampled_from([2.0**-30, 0.25, 2.0**40]))
def test_the_length_of_the_weights_changes_no_prediction(X, w, factor):
    assert_array_equal(perceptron.predict(X, factor * w), perceptron.predict(X, w))


@given(rows, vectors, labels)
def test_loss_is_sklearns_away_from_ties(X, w, y):
    off = X @ w != 0
    assume(off.any())
    expected = metrics.zero_one_loss(y[off], perceptron.predict(X[off], w))
    assert_allclose(perceptron.zero_one_loss(X[off], y[off], w), expected, rtol=1e-14)


@pytest.mark.parametrize("y", [[0, 0], [0, 1], [1, 1]])
def test_weights_of_zero_are_wrong_everywhere(y):
    result = perceptron.zero_one_loss([[1, 2], [3, 4]], y, [0, 0])
    assert result == 1.0
    assert type(result) is float


def test_loss_is_flat_where_no_point_is_crossed():
    """A (2)'s whole trouble: a central difference of it is exactly 0 almost everywhere."""
    X, y, _ = separable(0)
    rng = np.random.default_rng(1)
    for w in rng.normal(size=(20, 3)):
        for step in 1e-9 * np.eye(3):
            assert perceptron.zero_one_loss(X, y, w + step) == perceptron.zero_one_loss(X, y, w)


@given(rows, vectors)
def test_projection_leaves_a_rest_at_right_angles(X, w):
    assume(w.any())
    unit = w / np.linalg.norm(w)
    along = perceptron.projection(X, w)
    rest = X - np.outer(along, unit)
    assert_allclose(rest @ unit, 0, atol=1e-12)
    assert_allclose(along**2 + (rest**2).sum(axis=1), (X**2).sum(axis=1), atol=1e-10)


@given(vectors, vectors)
def test_projection_is_the_distance_from_the_plane(x, w):
    """The nearest point of the plane, found by least squares, is that far away."""
    assume(w.any())
    along = perceptron.projection(x[None], w)[0]
    basis = np.linalg.svd(w[None])[2][1:].T  # two directions inside the plane
    nearest = basis @ np.linalg.lstsq(basis, x, rcond=None)[0]
    assert_allclose(abs(along), np.linalg.norm(x - nearest), atol=1e-10)


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300, 1e308])
def test_projection_survives_extreme_weights(scale):
    assert_allclose(perceptron.projection([[3, 4]], np.array([0.6, 0.8]) * scale), [5], rtol=1e-13)


def test_margin_of_cs_boundary_is_the_widest():
    """sklearn's hard-margin machine finds the same line, x1 = x2, and the same distance."""
    machine = svm.SVC(kernel="linear", C=1e9).fit(SIX_POINTS, SIX_LABELS)
    expected = 1 / np.linalg.norm(machine.coef_)
    assert_allclose(perceptron.margin(SIX_POINTS, SIX_LABELS, [-0.5, 0.5]), expected, rtol=1e-6)
    assert_allclose(expected, 1 / math.sqrt(2), rtol=1e-6)


@given(rows, vectors, labels)
def test_margin_is_positive_exactly_where_the_loss_is_zero(X, w, y):
    assume(w.any())
    assert (perceptron.margin(X, y, w) > 0) == (perceptron.zero_one_loss(X, y, w) == 0)


@given(vectors, vectors, st.integers(0, 1))
def test_an_update_moves_the_score_by_the_squared_length(w, x, y):
    moved = perceptron.perceptron_update(x, y, w)
    sign = 2 * y - 1
    step = x @ x if sign * (x @ w) <= 0 else 0
    assert sign * (x @ moved) == sign * (x @ w) + step


def test_an_update_leaves_what_is_right_and_shares_nothing():
    w = np.array([0.5, -0.5])
    result = perceptron.perceptron_update([2, 1], 1, w)
    assert_array_equal(result, w)
    assert not np.shares_memory(result, w)


def test_cs_six_points_take_one_pass_and_another_to_see_it():
    w, mistakes = perceptron.train_perceptron(SIX_POINTS, SIX_LABELS, [0.5, -0.5])
    assert_array_equal(w, [-0.5, 0.5])
    assert_array_equal(mistakes, [2, 0])


@given(rows, labels, vectors, st.integers(0, 4))
def test_training_is_the_update_repeated(X, y, w, max_passes):
    expected, counts = w, []
    while len(counts) < max_passes and 0 not in counts:
        counts.append(0)
        for x, label in zip(X, y, strict=True):
            counts[-1] += (2 * label - 1) * (x @ expected) <= 0
            expected = perceptron.perceptron_update(x, label, expected)
    result, mistakes = perceptron.train_perceptron(X, y, w, max_passes)
    assert_array_equal(result, expected)
    assert_array_equal(mistakes, counts)


@pytest.mark.parametrize("seed", range(5))
def test_training_ends_where_sklearns_perceptron_ends(seed):
    X, y, _ = separable(seed)
    w, mistakes = perceptron.train_perceptron(X, y, np.zeros(3))
    other = Perceptron(fit_intercept=False, shuffle=False, tol=None, max_iter=len(mistakes))
    assert_allclose(w, other.fit(X, y).coef_[0], rtol=1e-10)


@pytest.mark.parametrize("gap", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_mistakes_stay_below_the_bound(seed, gap):
    """Novikoff: (R / margin)^2, for any separating direction."""
    X, y, u = separable(seed, gap=gap)
    _, mistakes = perceptron.train_perceptron(X, y, np.zeros(3), max_passes=5000)
    assert mistakes[-1] == 0
    radius = np.linalg.norm(X, axis=1).max()
    assert 0 < mistakes.sum() <= (radius / perceptron.margin(X, y, u)) ** 2


def test_exclusive_or_is_never_learnt():
    """A linear programme finds no weights for it, and training makes a mistake in every pass."""
    X = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
    y = np.array([0, 1, 1, 0])
    signs = 2 * y - 1
    programme = linprog([0, 0, 0], A_ub=-signs[:, None] * X, b_ub=-np.ones(4), bounds=(None, None))
    assert programme.status == 2  # infeasible
    _, mistakes = perceptron.train_perceptron(X, y, np.zeros(3), max_passes=200)
    assert len(mistakes) == 200
    assert mistakes.min() > 0


@given(rows, labels, vectors, st.integers(0, 3))
def test_the_pocket_holds_the_first_of_the_best_weights_met(X, y, w, max_passes):
    met, mistaken = [w], True
    for _ in range(max_passes):
        if not mistaken:
            break
        mistaken = False
        for x, label in zip(X, y, strict=True):
            moved = perceptron.perceptron_update(x, label, met[-1])
            if perceptron.zero_one_loss([x], [label], met[-1]):
                met.append(moved)
                mistaken = True
    losses = [perceptron.zero_one_loss(X, y, weights) for weights in met]
    best, loss = perceptron.train_pocket(X, y, w, max_passes)
    assert_array_equal(best, met[int(np.argmin(losses))])
    assert loss == min(losses)


@pytest.mark.parametrize("seed", range(5))
def test_on_separable_data_the_pocket_is_where_training_ends(seed):
    X, y, _ = separable(seed)
    w, _ = perceptron.train_perceptron(X, y, np.zeros(3))
    best, loss = perceptron.train_pocket(X, y, np.zeros(3))
    assert_array_equal(best, w)
    assert loss == 0


def test_no_pass_is_no_change():
    w, mistakes = perceptron.train_perceptron(SIX_POINTS, SIX_LABELS, [1.0, 2.0], max_passes=0)
    assert_array_equal(w, [1, 2])
    assert mistakes.size == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: perceptron.predict([[1, 2]], [1]), "X has 2 columns but w has 1 entries"),
        (lambda: perceptron.predict([[1.0], [math.nan]], [1]), "row 1 is nan"),
        (lambda: perceptron.zero_one_loss([[1]], [2], [1]), "y must be 0 or 1, got 2"),
        (lambda: perceptron.zero_one_loss([[1]], [-1], [1]), "y must be 0 or 1, got -1"),
        (lambda: perceptron.zero_one_loss(np.empty((0, 1)), [], [1]), "X has no rows"),
        (lambda: perceptron.projection([[1, 2]], [0, 0]), "w must have a direction"),
        (lambda: perceptron.projection([[1, 2]], [math.inf, 0]), "w must have a direction"),
        (lambda: perceptron.margin([[1]], [1], [0]), "w must have a direction"),
        (lambda: perceptron.margin([[1]], [1, 0], [1]), "X has 1 rows but y has 2 entries"),
        (lambda: perceptron.perceptron_update([1, 2], 0, [1]), "x has 2 entries but w has 1"),
        (lambda: perceptron.perceptron_update([1], 3, [1]), "y must be 0 or 1, got 3"),
        (lambda: perceptron.perceptron_update([1], [1], [1]), "y must have 0 axes"),
        (lambda: perceptron.train_perceptron([[1]], [1], [1], -1), "max_passes must be at least 0"),
        (lambda: perceptron.train_pocket([[1]], [1], [1], 0.5), "max_passes must be an integer"),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
