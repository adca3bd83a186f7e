"""What a function did to its arguments: told on its side, made good on the caller's."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.wire import WireError


def pairs(value: Any) -> list:
    """Check that something is a list of pairs, as far as an answer has one."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, list) and len(v) == 2 for v in value):
        raise WireError("a list of pairs that is none")
    return value


def item(values: list, place: Any) -> Any:
    """Return the argument at a place that the other end names."""
    if type(place) is not int or not 0 <= place < len(values):
        raise WireError("a change of something that is no argument")
    return values[place]


def snapshot(value: Any) -> Any:
    """Keep what a container or an array holds, to tell later whether it was changed."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    if isinstance(value, dict):
        return [id(part) for pair in value.items() for part in pair]
    if isinstance(value, list):
        return [id(part) for part in value]
    return set(value)


def changed(value: Any, before: Any) -> bool:
    """Whether a value is not what its snapshot says."""
    return snapshot(value) != before


def change(argument: Any, contents: Any) -> None:
    """Give an argument the contents that the other end's copy of it has now."""
    if type(argument) is not type(contents) and not isinstance(argument, np.ndarray):
        raise WireError("an argument that changed its type")
    if isinstance(argument, np.ndarray):
        if not isinstance(contents, np.ndarray) or argument.dtype != contents.dtype:
            raise WireError("an array that changed its dtype")
        if argument.shape != contents.shape:
            argument.shape = contents.shape  # ``x.shape = …`` in place; fails if the sizes differ
        argument[...] = contents
    elif isinstance(argument, list):
        argument[:] = contents
    else:
        argument.clear()
        argument.update(contents)
