"""What every function checks of its arguments; messages name both values that do not fit."""

import operator

import numpy as np


def as_floats(value, name, ndim=None):
    """Convert to a float64 array, with a given number of axes if one is asked for."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be an array of numbers: {error}") from error
    return with_axes(array, name, ndim)


def with_axes(array, name, ndim):
    """Check the number of axes, if one is asked for."""
    if ndim is not None and array.ndim != ndim:
        axes = "axis" if ndim == 1 else "axes"
        raise ValueError(f"{name} must have {ndim} {axes} but has shape {array.shape}")
    return array


def as_result(array):
    """Give a float for an array without axes, and the array itself otherwise."""
    return array if np.ndim(array) else float(array)


def as_count(value, name, least):
    """Convert to an int that is at least `least`."""
    try:
        count = operator.index(value)
    except TypeError as error:
        raise ValueError(f"{name} must be an integer, got {value!r}") from error
    if count < least:
        raise ValueError(f"{name} must be at least {least}, got {count}")
    return count


def design(X, w, weights_ndim):
    """Check that `X` is (N, D) and that `w` has D rows."""
    X = as_floats(X, "X", ndim=2)
    name = "w" if weights_ndim == 1 else "W"
    w = as_floats(w, name, ndim=weights_ndim)
    if X.shape[1] != w.shape[0]:
        unit = "entries" if weights_ndim == 1 else "rows"
        raise ValueError(f"X has {X.shape[1]} columns but {name} has {w.shape[0]} {unit}")
    return X, w


def observations(X, y):
    """Check that the rows of `X`, at least one, are as many as the entries of `y`."""
    if X.shape[0] == 0:
        raise ValueError(f"X has no rows: its shape is {X.shape}")
    same_length(X, y, "X", "y", unit="rows")


def same_length(first, second, first_name, second_name, unit="entries"):
    """Check that two arrays are equally long."""
    if len(first) != len(second):
        raise ValueError(
            f"{first_name} has {len(first)} {unit} but {second_name} has {len(second)} entries"
        )


def binary_labels(y, name="y", ndim=None):
    """Check that all labels are 0 or 1, and give them as booleans."""
    array = np.asarray(y)
    if array.dtype != np.bool_:
        array = as_floats(array, name)
        ones = array == 1
        right = ones | (array == 0)
        if not right.all():
            raise ValueError(f"{name} must be 0 or 1, got {_shown(array[~right])}")
        array = ones
    return with_axes(array, name, ndim)


def class_labels(y, n_classes, name="y", ndim=1):
    """Check that all labels are among 0..n_classes-1, and give them as integers."""
    array = as_floats(y, name, ndim=ndim)
    wrong = ~((array >= 0) & (array < n_classes) & (array == np.floor(array)))
    if wrong.any():
        raise ValueError(
            f"{name} must be integers from 0 to {n_classes - 1}, got {_shown(array[wrong])}"
        )
    return array.astype(np.intp)


def probabilities(p, name="p"):
    """Check that no probability is outside [0, 1]; nan passes."""
    array = as_floats(p, name)
    # Two fast reductions settle nearly every call; only nan or an offender needs the slow look.
    if array.size and not (array.min() >= 0 and array.max() <= 1):
        wrong = (array < 0) | (array > 1)
        if wrong.any():
            raise ValueError(f"{name} must be in [0, 1], got {_shown(array[wrong])}")
    return array


def distribution(p, name):
    """Check that the last axis holds probabilities that sum to one within 1e-8."""
    array = probabilities(p, name)
    if array.ndim == 0:
        raise ValueError(f"{name} must have at least 1 axis but is the number {array}")
    sums = np.asarray(array @ np.ones(array.shape[-1]))  # much faster than a sum of short rows
    wrong = np.abs(sums - 1) > 1e-8
    if wrong.any():
        raise ValueError(f"{name} must sum to 1, got a sum of {_shown(sums[wrong])}")
    return array


def penalty(l2):
    """Check that the strength of the L2 penalty is finite and not negative."""
    if not 0 <= l2 < float("inf"):
        raise ValueError(f"l2 must be finite and at least 0, got {l2}")
    return float(l2)


def _shown(numbers):
    """Write the first of some numbers, whole ones without a point."""
    number = float(numbers.flat[0])
    return str(int(number)) if number.is_integer() else repr(number)
