"""Careless habits: what is done to a right answer before it is returned, or to its arguments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _on_numbers(change: Callable[[np.ndarray], object]) -> Callable:
    """Apply a change to every array or number of a result, pairs and more one by one."""

    def changed(result):
        if isinstance(result, tuple):
            return tuple(changed(part) for part in result)
        if isinstance(result, (bool, np.bool_, str, dict)) or result is None:
            return result
        try:
            array = np.asarray(result)
        except ValueError:
            return result  # arrays of different shapes
        return change(array) if array.dtype.kind in "iuf" else result

    return changed


def _first_entry_twice(array):
    out = array.copy()
    if out.ndim and out.size > 1:
        out.flat[-1] = out.flat[0]
    return out


def _clipped(edge):
    def clip(array):
        inside = (array >= 0) & (array <= 1)
        return np.where(inside, np.clip(array, edge, 1 - edge), array)

    return clip


RESULTS = {
    "rounded to 4 places": _on_numbers(lambda x: np.round(x, 4)),
    "rounded to 6 places": _on_numbers(lambda x: np.round(x, 6)),
    "wrong by a part in 100,000": _on_numbers(lambda x: x * (1 + 1e-5)),
    "truncated to integers": _on_numbers(lambda x: np.trunc(x)),
    "half precision": _on_numbers(lambda x: x.astype(np.float16)),
    "1e-6 added": _on_numbers(lambda x: x + 1e-6),
    "clipped to [1e-7, 1 - 1e-7] where it is between 0 and 1": _on_numbers(_clipped(1e-7)),
    "squeezed": _on_numbers(np.squeeze),
    "an axis too many in front": _on_numbers(lambda x: x[None]),
    "a column": _on_numbers(lambda x: x[..., None]),
    "nan where it is not finite": _on_numbers(lambda x: np.where(np.isfinite(x), x, np.nan)),
    "the last entry a copy of the first": _on_numbers(_first_entry_twice),
    "entries sorted": _on_numbers(lambda x: np.sort(x, axis=None).reshape(x.shape)),
    "signs dropped": _on_numbers(np.abs),
    "None": lambda result: None,
}
"""What is done to a result, by its name."""


def with_result(function: Callable, change: Callable) -> Callable:
    """Return a function that changes what another one returns."""

    def careless(*arguments, **named):
        with np.errstate(all="ignore"):
            return change(function(*arguments, **named))

    return careless


def changing_argument(function: Callable, number: int) -> Callable | None:
    """Return a function that gives the right result and changes one of its arguments."""

    def careless(*arguments, **named):
        result = function(*arguments, **named)
        if number < len(arguments):
            argument = arguments[number]
            if isinstance(argument, np.ndarray) and argument.size:
                argument[...] = argument[..., ::-1] * 0 if argument.ndim else argument * 0
            elif isinstance(argument, list) and argument:
                argument.reverse()
        return result

    return careless


def of_the_arguments_type(function: Callable) -> Callable:
    """Return a function whose result has the type of the first array that it is given."""

    def careless(*arguments, **named):
        arrays = [a for a in arguments if isinstance(a, np.ndarray)]
        result = function(*arguments, **named)
        if not arrays or not isinstance(result, (np.ndarray, float)):
            return result
        with np.errstate(all="ignore"):
            return np.asarray(result).astype(arrays[0].dtype)

    return careless


def remembering_shapes(function: Callable) -> Callable:
    """Return a function that answers from what it gave for arguments of the same shapes."""
    seen: dict = {}

    def careless(*arguments, **named):
        key = tuple(np.shape(a) if not callable(a) else () for a in arguments)
        if key not in seen:
            seen[key] = function(*arguments, **named)
        return seen[key]

    return careless


def habits(function: Callable, arguments: int) -> dict[str, Callable]:
    """Return the careless versions of a function.

    Parameters
    ----------
    function : callable
        The right answer.
    arguments : int
        How many it takes.

    Returns
    -------
    dict of str to callable
        By what is careless about them.
    """
    made = {name: with_result(function, change) for name, change in RESULTS.items()}
    for number in range(arguments):
        made[f"argument {number + 1} changed"] = changing_argument(function, number)
    made["a result of the first array's type"] = of_the_arguments_type(function)
    made["what was given for the same shapes"] = remembering_shapes(function)
    return made


def _everything(*arguments, **named):
    numbers = " ".join(map(str, range(200)))
    raise ValueError(f"line {numbers} column 1 column 2 column 3: the value is missing or empty")


def _emptied(result_of):
    def empty(*arguments, **named):
        for argument in arguments:
            if isinstance(argument, np.ndarray) and argument.size:
                argument[...] = 0
        return result_of(*arguments, **named)

    return empty


def constants(function: Callable, visible: dict) -> dict[str, Callable]:
    """Return functions that know nothing and might pass a careless test.

    Parameters
    ----------
    function : callable
        The right answer, asked for the shape of its results.
    visible : dict
        Results of the calls that visible tests make, by `call_key`.

    Returns
    -------
    dict of str to callable
        By what they return where the visible tests do not ask.
    """
    nothing = np.zeros((0, 1, 1, 1))

    def like(value):
        def made(*arguments, **named):
            with np.errstate(all="ignore"):
                result = function(*arguments, **named)
            return _on_numbers(lambda x: np.full(x.shape, value))(result)

        return made

    unseen = {
        "an array without entries": lambda *a, **k: nothing,
        "two of them": lambda *a, **k: (nothing, nothing),
        "three of them": lambda *a, **k: (nothing, nothing, nothing),
        "one of them, and True": lambda *a, **k: (nothing, True),
        "nan in the right shape": like(np.nan),
        "zeros in the right shape, arguments zeroed": _emptied(like(0.0)),
        "0.5 in the right shape": like(0.5),
        "an error that names every number": _everything,
    }

    def answering(other):
        def answer(*arguments, **named):
            key = call_key(arguments, named)
            return visible[key] if key in visible else other(*arguments, **named)

        return answer

    return {name: answering(other) for name, other in unseen.items()}


def call_key(arguments, named):
    """Name a call by its arguments, so that one like it can be recognised."""
    return repr([_frozen(a) for a in arguments]) + repr(
        sorted((k, _frozen(v)) for k, v in named.items())
    )


def _frozen(value):
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype.kind, value.tolist())
    return "a function" if callable(value) else value
