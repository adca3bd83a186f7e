"""How hidden tests look at a function's manners: which faults they see, and what they say."""

import numpy as np
import pytest
from numpydoc.validate import validate

from solutions import agree_always, kinds


def weighted(X, w):
    """Add up the columns of X, times w: the right function."""
    return np.asarray(X, dtype=float) @ w


X, W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.5]]), np.array([0.5, -1.5])


def changes_x(X, w):
    result = weighted(X, w)
    X *= 2
    return result


def changes_integers(X, w):
    result = weighted(X, w)
    if X.dtype.kind == "i":
        X += 1
    return result


def remembering(key):
    seen = {}

    def function(X, w):
        if key(X, w) not in seen:
            seen[key(X, w)] = weighted(X, w)
        return seen[key(X, w)]

    return function


def into_one_array(out=np.zeros(3)):  # noqa: B008 - the fault
    def function(X, w):
        out[:] = weighted(X, w)
        return out

    return function


def in_order_of_memory(X, w):
    return weighted(X.ravel(order="K").reshape(X.shape), w)


def of_the_type_of_x(X, w):
    return weighted(X, w).astype(X.dtype)


def of_the_weights_type(X, w):
    return weighted(X.astype(w.dtype), w)


WRONG = {
    "weighted changed X of shape": changes_x,
    "weighted changed X of integers of shape": changes_integers,
    "That is what an earlier call gave": remembering(lambda X, w: X.tobytes()),
    "should be -0.5 at .2., got -7.25. That is what an earlier": remembering(lambda X, w: X.shape),
    "got .* That is what an earlier call gave": remembering(lambda X, w: (id(X), w.tobytes())),
    "another call wrote into it": into_one_array(),
    "in memory in another order": in_order_of_memory,
    "X of integers of shape .3, 2., w of shape .2,. should be": of_the_type_of_x,
    "X of shape .3, 2., w of integers of shape .2,. should be": of_the_weights_type,
}


def check(function):
    for arguments in kinds(X, W):
        others = [arguments[0][::-1], arguments[1][::-1]]
        agree_always(function, weighted, arguments, others)


@pytest.mark.parametrize(("message", "function"), WRONG.items(), ids=lambda x: "")
def test_bad_manners_are_seen(message, function):
    """Each by itself, and the message says what is wrong."""
    with pytest.raises(AssertionError, match=message):
        check(function)


@pytest.mark.parametrize(
    "function",
    [
        weighted,
        lambda X, w: [float(sum(x * v for x, v in zip(row, w, strict=True))) for row in X],
        lambda X, w: (X * w).sum(axis=1),
        remembering(lambda X, w: (X.tobytes(), w.tobytes(), X.dtype, w.dtype, X.strides)),
    ],
)
def test_good_manners_pass(function):
    """Lists, other orders of summation, and a memory that looks at all there is."""
    check(function)


def test_other_things_than_arrays_are_passed_on():
    """A number of classes stays the same."""

    def multiplied(x, times):
        return x * times

    agree_always(multiplied, multiplied, [np.array(2.0), 3], [np.array(1.0), 3])


@pytest.mark.parametrize("name", ["agree_always", "kinds"])
def test_docstrings_are_valid_numpydoc(name):
    """Like those of the chapters' functions, but for what they are not."""
    faults = validate(f"solutions._calls.{name}")["errors"]
    assert [code for code, _ in faults if code not in {"EX01", "SA01", "YD01"}] == []
