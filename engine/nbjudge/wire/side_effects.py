"""Changes that a function made to its arguments: found on its side, repeated on the caller's."""

from __future__ import annotations

import collections
import operator
from typing import Any

import numpy as np

from nbjudge.wire.codecs import codec_of
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import WireError

PLAIN_CONTAINERS = frozenset(
    {list, dict, set, collections.deque, collections.Counter}
    | {collections.OrderedDict, collections.defaultdict}
)
"""What is compared by its parts themselves."""


def list_of_pairs(value: Any) -> list[Any]:
    """Return a list of pairs of an answer; an answer without one has an empty list."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, list) and len(v) == 2 for v in value):
        raise WireError("expected a list of [index, value] pairs")
    return value


def argument_at(values: list[Any], place: Any) -> Any:
    """Return the argument at a place that the other end names."""
    if type(place) is not int or not 0 <= place < len(values):
        raise WireError("a change of something that is not an argument")
    return values[place]


def snapshot(value: Any) -> Any:
    """Keep what a container or an array holds, to tell later whether it was changed.

    The parts themselves are kept, and not their ids, which may be given to new objects.
    """
    codec = codec_of(type(value))
    if codec is not None and codec.name not in _OF_PARTS:
        return (_bytes(value),), []
    if isinstance(value, np.ndarray):
        parts = value.ravel().tolist() if value.dtype.kind == "O" else []
        return (value.dtype, value.shape, b"" if parts else value.tobytes()), parts
    if isinstance(value, dict):
        return (), [part for pair in value.items() for part in pair]
    return (), list(value)


_OF_PARTS = frozenset({"deque", "Counter", "OrderedDict", "defaultdict"})


def _bytes(value: Any) -> bytes:
    try:
        encoder = Encoder(reference=id)
        return encoder.frame(encoder.contents(value))
    except WireError:  # what cannot go over the wire is not told apart either
        return b""


def is_changed(value: Any, before: Any) -> bool:
    """Whether a value differs from its snapshot."""
    form, parts = snapshot(value)
    if form != before[0] or len(parts) != len(before[1]):
        return True
    return not all(map(operator.is_, parts, before[1]))


def assign(argument: Any, contents: Any) -> None:
    """Give an argument the contents that the other end's copy of it has now."""
    if type(argument) is not type(contents) and type(argument) is not np.memmap:
        raise WireError("an argument that changed its type")
    codec = codec_of(type(argument))
    if codec is not None and codec.refresh is not None:
        codec.refresh(argument, contents)
        return
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
