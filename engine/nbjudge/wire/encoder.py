"""Turn values into what goes over the wire: JSON nodes and blocks of bytes."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nbjudge.wire import named_classes
from nbjudge.wire.codec import Codec
from nbjudge.wire.codecs import codec_of
from nbjudge.wire.dtypes import dtype_node
from nbjudge.wire.frames import Limits, WireError, check_sizes, join
from nbjudge.wire.iterators import KINDS, drawing
from nbjudge.wire.known_types import EXCEPTION_NAMES, SCALARS, type_name
from nbjudge.wire.objects import Objects

if TYPE_CHECKING:
    from nbjudge.wire.kept import Kept

_BUILT_IN = frozenset({list, dict, set, np.ndarray, np.memmap})
"""What is changed in place and goes by its contents; `nbjudge.wire.codecs` has more of these."""

_FUNCTIONS = (
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType),
    *(types.MethodDescriptorType, types.WrapperDescriptorType, partial, np.ufunc),
)
"""What is called, and looked at as a function; other callables are objects."""

HEAP_TYPE = 1 << 9
"""The flag of a class that was made by a ``class`` statement."""
_WHOLE = {int}
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
    objects : Objects or None
        Where this side keeps what the other one may use by number. Without it, only functions go.
    home : callable or None
        Called with a value, returns the number or the name of the other side's object that it
        stands for here, or None.
    kept : Kept or None
        What the other side has as well, and gets by its number.
    views : list of tuple of int and ndarray
        Arrays among the mutables, with their places, of which a value may be a view.
    """

    reference: Callable[[Callable[..., Any]], int] | None = None
    limits: Limits = field(default_factory=Limits)
    mutables: list[Any] = field(default_factory=list)
    objects: Objects | None = None
    home: Callable[[Any], int | str | None] | None = None
    kept: Kept | None = None
    views: list[tuple[int, np.ndarray]] = field(default_factory=list)
    blocks: list[bytes] = field(default_factory=list)
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
        if kind in _BUILT_IN:
            return self._mutable(value, depth, None)
        if kind is tuple:
            return ["t", *self._items(value, depth)]
        codec = codec_of(kind)
        if codec is None:
            return self._other(value, kind, depth)
        if codec.refresh is not None:
            return self._mutable(value, depth, codec)
        return self._parts(value, codec, depth)

    def _mutable(self, value: Any, depth: int, codec: Codec | None) -> list[Any]:
        if id(value) in self._index:
            return ["@", self._index[id(value)]]
        if self.kept is not None and (number := self.kept.number(value)) is not None:
            return ["^", number]
        node = self.contents(value, depth, codec)
        self._index[id(value)] = len(self.mutables)
        self.mutables.append(value)
        return node

    def state(self, value: Any) -> list[Any]:
        """Encode what something holds now that the other side has as well."""
        node = self.contents(value)
        self.mutables.append(value)  # it decodes to one more value
        return node

    def contents(self, value: Any, depth: int = 0, codec: Codec | None = None) -> list[Any]:
        """Encode what can be changed in place by what is in it, even if it was encoded before."""
        if id(value) in self._open:
            raise WireError(f"a {type(value).__name__} that contains itself")
        self._open.add(id(value))
        try:
            kind = type(value)
            if kind is np.ndarray or kind is np.memmap:
                return self._array(value, depth)
            if kind is dict:
                pairs = [part for pair in value.items() for part in pair]
                return ["d", *self._items(pairs, depth)]
            if kind is list or kind is set:
                return ["l" if kind is list else "s", *self._items(value, depth)]
            codec = codec or codec_of(kind)
            assert codec is not None
            return self._parts(value, codec, depth)
        finally:
            self._open.discard(id(value))

    def _parts(self, value: Any, codec: Codec, depth: int) -> list[Any]:
        tag = "x" if codec.refresh is None else "X"
        return [tag, codec.name, *self._items(codec.parts(value), depth)]

    def _items(self, values: Any, depth: int) -> list[Any]:
        kinds = set(map(type, values))
        if kinds <= SCALARS:
            return list(values)
        # A list of a thousand whole numbers, which a test may hand over a thousand times.
        if kinds == _WHOLE and min(values) > -_SMALL and max(values) < _SMALL:
            return list(values)
        return [self.encode(value, depth + 1) for value in values]

    def _array(self, value: np.ndarray, depth: int) -> list[Any]:
        value = np.asarray(value)
        if value.dtype.kind == "O":
            return ["o", list(value.shape), *self._items(value.ravel().tolist(), depth)]
        view = self._view(value) if self.views else None
        if view is not None:
            return view
        order: Literal["F", "C"] = (
            "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
        )
        dtype = dtype_node(value.dtype)
        check_sizes(0, [value.nbytes], self.limits)  # before it is copied
        block = self._block(value.tobytes(order))
        flags = order + ("" if value.flags.writeable else "r")
        if not (value.flags.c_contiguous or value.flags.f_contiguous):
            flags += "s"
        return ["a", dtype, list(value.shape), flags, block]

    def _view(self, value: np.ndarray) -> list[Any] | None:
        """Encode an array that lies in the memory of an argument as a view of that."""
        if value.size == 0 or value.dtype.hasobject:
            return None
        low, high = _bounds(value)
        for place, array in self.views:
            start, end = _bounds(array)
            if start <= low and high <= end and value is not array:
                offset = value.__array_interface__["data"][0] - start
                form = [dtype_node(value.dtype), list(value.shape), list(value.strides)]
                return ["v", place, offset, *form, value.flags.writeable]
        return None

    def _block(self, data: bytes) -> int:
        self.blocks.append(data)
        return len(self.blocks) - 1

    def _other(self, value: Any, kind: type, depth: int) -> list[Any]:
        """Encode what is of no type that goes by its parts.

        By its exact type throughout: a subclass of a number or a container may behave in any way,
        so it is no number and no container here.
        """
        if issubclass(kind, np.generic) and np.dtype(kind).type is kind:
            return ["n", dtype_node(value.dtype), self._block(value.tobytes())]
        if kind is complex:
            return ["c", value.real, value.imag]
        if kind is bytes:
            return ["b", self._block(value)]
        if kind is frozenset:
            return ["z", *self._items(value, depth)]
        if kind is range:
            return ["r", *self._items([value.start, value.stop, value.step], depth)]
        if value is Ellipsis:
            return ["..."]
        if issubclass(kind, np.dtype):
            return ["D", dtype_node(value)]
        if self.home is not None and (place := self.home(value)) is not None:
            return ["H", place]
        if issubclass(kind, BaseException):
            return self.exception(value)
        if issubclass(kind, type):
            name = type_name(value)
            if name is not None:
                return ["k", name]
            if named_classes.is_named_tuple(value) or named_classes.is_enum(value):
                return ["C", self.encode(named_classes.describe(value), depth + 1)]
        if named_classes.is_named_tuple(kind):
            of = self.encode(named_classes.describe(kind), depth + 1)
            return ["N", of, *self._items(tuple(value), depth)]
        if named_classes.is_enum(kind):
            of = self.encode(named_classes.describe(kind), depth + 1)
            return ["E", of, self.encode(value._value_, depth + 1)]
        if self.objects is not None:
            return self._by_number(value, kind, self.objects)
        if kind in KINDS and self.reference is not None:
            return ["g", self.reference(drawing(value)), kind.__name__]
        if callable(value) and self.reference is not None:
            name = getattr(value, "__name__", kind.__name__)
            tag = "f" if kind in _FUNCTIONS or isinstance(value, type) else "F"
            return [tag, self.reference(value), str(name)]
        raise WireError(f"a value of the type {kind.__name__}")

    @staticmethod
    def _by_number(value: Any, kind: type, objects: Objects) -> list[Any]:
        if value is NotImplemented:
            return ["!"]
        if issubclass(kind, type):
            return ["K", objects.number(value)]
        if kind in _FUNCTIONS:
            name = getattr(value, "__name__", kind.__name__)
            return ["f", objects.number(value), str(name)]
        return ["h", objects.number(value), objects.number(kind), str(kind.__name__)]

    def exception(self, error: BaseException) -> list[Any]:
        """Encode an exception: the name of its type, its nearest known base, its arguments."""
        name = type(error).__name__
        known = (EXCEPTION_NAMES[t] for t in type(error).__mro__ if t in EXCEPTION_NAMES)
        base = next(known, None)
        args = error.args
        if not all(type(arg) in SCALARS or type(arg) is int for arg in args):
            args = (str(error),)
        node = [name, base, *(self.encode(arg) for arg in args)]
        if self.objects is None or not type(error).__flags__ & HEAP_TYPE:
            return ["e", *node]
        numbers = self.objects.number(error), self.objects.number(type(error))
        return ["y", *numbers, *node]

    def frame(self, message: Any) -> bytes:
        """Close the frame: a JSON message (which holds encoded nodes) and the blocks so far.

        Raises
        ------
        WireError
            If it is larger than the limits.
        """
        text = json.dumps(message, separators=(",", ":"), check_circular=False).encode("ascii")
        return join(text, self.blocks, self.limits)


def _bounds(array: np.ndarray) -> tuple[int, int]:
    """Return where the memory of an array begins and ends."""
    start = low = high = array.__array_interface__["data"][0]
    for length, stride in zip(array.shape, array.strides, strict=True):
        low += min(0, (length - 1) * stride)
        high += max(0, (length - 1) * stride)
    return (low, high + array.itemsize) if array.size else (start, start)
