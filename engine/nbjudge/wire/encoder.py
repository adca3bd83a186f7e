"""Turn values into what goes over the wire: JSON nodes and blocks of bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nbjudge.wire.frames import Limits, WireError, join
from nbjudge.wire.known_types import DTYPE_KINDS, EXCEPTION_NAMES, SCALARS, TYPE_NAMES

_SMALL = 1 << 62  # ints below it go as JSON numbers, larger ones in hexadecimal (linear to parse)


@dataclass
class Encoder:
    """Turn values into a frame's JSON and blocks.

    Attributes
    ----------
    reference : callable or None
        Called with a callable, returns the number by which the other side may call it.
    limits : Limits
        Of the frame.
    mutables : list
        The containers and arrays encoded so far; a second occurrence becomes a link to the first.
    """

    reference: Callable[[Callable], int] | None = None
    limits: Limits = field(default_factory=Limits)
    mutables: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    _index: dict[int, int] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, value in enumerate(self.mutables):
            self._index[id(value)] = number

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Encode one value as a JSON node.

        Raises
        ------
        WireError
            If it is of a type that does not go over the wire, too deep, or contains itself.
        """
        kind = type(value)
        if kind in SCALARS:
            return value
        if kind is int:
            return value if -_SMALL < value < _SMALL else ["i", hex(value)]
        if depth > self.limits.depth:
            raise WireError(f"nested deeper than {self.limits.depth} containers")
        if kind in (list, dict, set) or isinstance(value, np.ndarray):
            if id(value) in self._index:
                return ["@", self._index[id(value)]]
            node = self.contents(value, depth)
            self._index[id(value)] = len(self.mutables)
            self.mutables.append(value)
            return node
        if kind is tuple:
            return ["t", *self._items(value, depth)]
        return self._other(value, depth)

    def contents(self, value: Any, depth: int = 0) -> list:
        """Encode a container or an array by what is in it, even if it was encoded before."""
        if id(value) in self._open:
            raise WireError(f"a {type(value).__name__} that contains itself")
        self._open.add(id(value))
        try:
            if isinstance(value, np.ndarray):
                return self._array(value, depth)
            if isinstance(value, dict):
                pairs = [part for pair in value.items() for part in pair]
                return ["d", *self._items(pairs, depth)]
            tag = {list: "l", tuple: "t", set: "s", frozenset: "z"}[type(value)]
            return [tag, *self._items(value, depth)]
        finally:
            self._open.discard(id(value))

    def _items(self, values: Any, depth: int) -> list:
        if SCALARS.issuperset(map(type, values)):
            return list(values)
        return [self.encode(value, depth + 1) for value in values]

    def _array(self, value: np.ndarray, depth: int) -> list:
        value = np.asarray(value)
        if value.dtype.kind == "O":
            return ["o", list(value.shape), *self._items(value.ravel().tolist(), depth)]
        if value.dtype.kind not in DTYPE_KINDS:
            raise WireError(f"an array of the dtype {value.dtype}")
        order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        block = self._block(value.tobytes(order))
        flags = order + ("" if value.flags.writeable else "r")
        return ["a", value.dtype.str, list(value.shape), flags, block]

    def _block(self, data: bytes) -> int:
        self.blocks.append(data)
        return len(self.blocks) - 1

    def _other(self, value: Any, depth: int) -> list:
        if isinstance(value, np.generic):
            if value.dtype.kind not in DTYPE_KINDS:
                raise WireError(f"a numpy scalar of the dtype {value.dtype}")
            return ["n", value.dtype.str, self._block(value.tobytes())]
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, (bytes, bytearray)):
            return ["b", self._block(bytes(value))]
        if isinstance(value, range):
            return ["r", *self._items([value.start, value.stop, value.step], depth)]
        if value is Ellipsis:
            return ["..."]
        if isinstance(value, np.dtype) and value.kind in DTYPE_KINDS:
            return ["D", value.str]
        if isinstance(value, BaseException):
            return self.exception(value)
        if isinstance(value, type) and value in TYPE_NAMES:
            return ["k", TYPE_NAMES[value]]
        for base in (int, float, str, tuple, list, dict, set, frozenset):
            if isinstance(value, base):  # a subclass of a built-in type goes as that type
                return (
                    self.encode(base(value), depth)
                    if base is not frozenset
                    else (self.contents(frozenset(value), depth))
                )
        if callable(value) and self.reference is not None:
            name = getattr(value, "__name__", type(value).__name__)
            return ["f", self.reference(value), str(name)]
        raise WireError(f"a value of the type {type(value).__name__}")

    def exception(self, error: BaseException) -> list:
        """Encode an exception: the name of its type, its nearest known base, its arguments."""
        name = type(error).__name__
        known = (EXCEPTION_NAMES[t] for t in type(error).__mro__ if t in EXCEPTION_NAMES)
        base = next(known, None)
        args = error.args
        if not all(type(arg) in SCALARS or type(arg) is int for arg in args):
            args = (str(error),)
        return ["e", name, base, *(self.encode(arg) for arg in args)]

    def frame(self, message: Any) -> bytes:
        """Close the frame: a JSON message (which holds encoded nodes) and the blocks so far.

        Raises
        ------
        WireError
            If it is larger than the limits.
        """
        text = json.dumps(message, separators=(",", ":"), check_circular=False).encode("ascii")
        return join(text, self.blocks, self.limits)
