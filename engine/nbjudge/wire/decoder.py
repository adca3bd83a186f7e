"""Turn what came over the wire into values: the one place where a student's bytes become objects.

Whatever arrives decodes to fresh values of exact built-in and numpy types, or to one `WireError`.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nbjudge.wire import named_classes
from nbjudge.wire.codecs import codec_named
from nbjudge.wire.dtypes import dtype_of
from nbjudge.wire.frames import Limits, WireError
from nbjudge.wire.iterators import drawn
from nbjudge.wire.known_types import (
    CLASSES,
    EXCEPTIONS,
    SCALARS,
    Reference,
    RemoteError,
    remote_exception,
    remote_instance,
    sealed,
)
from nbjudge.wire.spread import spread

if TYPE_CHECKING:
    from nbjudge.wire.kept import Kept


@dataclass
class Decoder:
    """Turn a frame's nodes back into values.

    Attributes
    ----------
    blocks : list of bytes
        Those of the frame.
    callable_ : callable or None
        Called with a `Reference`, returns what stands for it here.
    limits : Limits
        Of the frame.
    mutables : list
        As in `Encoder`; links point into it.
    sealed : bool
        Whether types of arrays arrive as ones that cannot be called.
    object_ : callable or None
        Called with the numbers of an object and of its class, the class's name, and how deep it
        stands in the value; returns what stands for the object here.
    class_ : callable or None
        Called with the number of a class, returns what stands for it here.
    own : callable or None
        Called with the number or the name of an object of this side, returns the object.
    kept : Kept or None
        What both sides have.
    missing : callable or None
        Called with the type's name, and how deep it stands, of a value that is missing in part.
    strided : set of int
        The ids of arrays whose memory is laid out otherwise on the other side.
    """

    blocks: list[bytes] = field(default_factory=list)
    callable_: Callable[[Reference], Any] | None = None
    limits: Limits = field(default_factory=Limits)
    mutables: list[Any] = field(default_factory=list)
    sealed: bool = False
    object_: Callable[[int, int, str, int], Any] | None = None
    class_: Callable[[int], type] | None = None
    own: Callable[[Any], Any] | None = None
    kept: Kept | None = None
    missing: Callable[[str, int], None] | None = None
    strided: set[int] = field(default_factory=set)

    def decode(self, node: Any) -> Any:
        """Decode one node.

        Raises
        ------
        WireError
            For anything that `Encoder.encode` would not have made.
        """
        try:
            return self._decode(node, 0)
        except WireError:
            raise
        except (RecursionError, MemoryError) as error:
            raise WireError(f"a value too large or too deep: {type(error).__name__}") from error
        except Exception as error:
            raise WireError(f"not a value: {type(error).__name__}: {error}") from error

    def _decode(self, node: Any, depth: int) -> Any:
        if type(node) is not list:
            if type(node) in SCALARS or type(node) is int:
                return node
            raise WireError("a JSON object where a value should be")
        if depth > self.limits.depth + 1:
            raise WireError(f"nested deeper than {self.limits.depth} containers")
        tag, *rest = node
        if tag == "@":
            (number,) = rest
            return self.mutables[_count(number)]
        if tag == "t":
            return tuple(self._items(rest, depth))
        if tag == "z":
            return frozenset(spread(self._items(rest, depth)))
        if tag in ("l", "d", "s", "a", "o", "X", "v"):
            value = self._mutable(tag, rest, depth)
            self.mutables.append(value)
            return value
        if tag == "^" and self.kept is not None:
            (number,) = rest
            return self.kept.value(_count(number))
        if tag in ("h", "K", "y", "H", "!"):
            return self._by_number(tag, rest, depth)
        return self._plain(tag, rest, depth)

    def _by_number(self, tag: str, rest: list[Any], depth: int) -> Any:
        match tag, rest:
            case "h", [number, of, str(name)] if self.object_ is not None:
                return self.object_(_count(number), _count(of), name[:200], depth)
            case "K", [number] if self.class_ is not None:
                return self.class_(_count(number))
            case "y", [number, of, str(name), base, *args] if self.class_ is not None:
                if base is not None and base not in EXCEPTIONS:
                    raise WireError("an exception with an unknown base")
                kind = self.class_(_count(of))
                if not issubclass(kind, RemoteError):
                    raise WireError("an exception whose class is none")
                return remote_instance(kind, _count(number), tuple(self._items(args, depth)))
            case "H", [place] if self.own is not None:
                return self.own(place)
            case "!", [] if self.class_ is not None:
                return NotImplemented
        raise WireError("a node of an unknown kind")

    def _items(self, nodes: list[Any], depth: int) -> list[Any]:
        if list not in set(map(type, nodes)) and dict not in set(map(type, nodes)):
            return nodes
        return [self._decode(node, depth + 1) for node in nodes]

    def _mutable(self, tag: str, rest: list[Any], depth: int) -> Any:
        if tag == "a":
            return self._array(*rest)
        if tag == "v":
            return self._view(*rest)
        if tag == "o":
            shape, *nodes = rest
            array = np.empty(len(nodes), dtype=object)
            array[:] = self._items(nodes, depth)
            return array.reshape([_count(n) for n in shape])
        if tag == "X":
            return self._built(rest, depth, refreshed=True)
        items = self._items(rest, depth)
        if tag == "l":
            return items
        if tag == "s":
            return set(spread(items))
        return dict(zip(spread(items[::2]), items[1::2], strict=True))

    def _built(self, rest: list[Any], depth: int, *, refreshed: bool) -> Any:
        name, *nodes = rest
        codec = codec_named(name)
        if (codec.refresh is not None) is not refreshed:
            raise WireError("a value of an unknown kind")
        value = codec.build(*self._items(nodes, depth))
        if self.missing is not None and codec.lacks is not None and codec.lacks(value):
            self.missing(codec.name, depth)
        return value

    def _array(self, dtype: Any, shape: list[Any], flags: str, block: int) -> np.ndarray:
        kind, data = dtype_of(dtype), self.blocks[_count(block)]
        sizes = tuple(_count(n) for n in shape)
        length = math.prod(sizes)
        if length * kind.itemsize != len(data) or len(sizes) > 32:
            raise WireError(f"an array of the shape {sizes} and {dtype} in {len(data)} bytes")
        if kind.itemsize == 0 and length:
            raise WireError("an array of elements without size")
        order: Literal["F", "C"] = "F" if flags.startswith("F") else "C"
        # A bytearray of its own makes the array writeable and lets the frame go.
        array = np.ndarray(sizes, kind, buffer=bytearray(data), order=order)
        array.flags.writeable = "r" not in flags
        if "s" in flags:
            self.strided.add(id(array))
        return array

    def _view(
        self,
        place: int,
        offset: int,
        dtype: Any,
        shape: list[Any],
        strides: list[Any],
        writeable: bool,
    ) -> np.ndarray:
        """Make a view of an argument; numpy checks that it lies within."""
        base, kind = self.mutables[_count(place)], dtype_of(dtype)
        if type(base) is not np.ndarray or base.dtype.hasobject or kind.hasobject:
            raise WireError("a view of something that is no array")
        if len(shape) > 32 or not all(type(n) is int for n in (*shape, *strides)):
            raise WireError("a view of no shape")
        memory = base if base.flags.c_contiguous else base.T
        view = np.ndarray([_count(n) for n in shape], kind, memory, _count(offset), strides)
        if writeable is False:
            view.flags.writeable = False
        return view

    def _plain(self, tag: str, rest: list[Any], depth: int) -> Any:
        match tag, rest:
            case "i", [str(digits)]:
                return int(digits, 16)
            case "c", [real, imag]:
                return complex(_number(real), _number(imag))
            case "b", [block]:
                return bytes(self.blocks[_count(block)])
            case "n", [dtype, block]:
                element, data = dtype_of(dtype), self.blocks[_count(block)]
                if element.itemsize != len(data) or not data:
                    raise WireError(f"a scalar of {dtype} in {len(data)} bytes")
                return np.frombuffer(data, element)[0]
            case "r", [*bounds]:
                bounds = self._items(bounds, depth)
                if not all(type(bound) is int for bound in bounds):
                    raise WireError("a range of something else than whole numbers")
                return range(*bounds)
            case "...", []:
                return ...
            case "D", [dtype]:
                return dtype_of(dtype)
            case "k", [str(name)]:
                kind = CLASSES[name] if name in CLASSES else codec_named(name).kind
                of_arrays = issubclass(kind, np.ndarray)
                return sealed(kind) if self.sealed and of_arrays else kind
            case "x", [str(), *_]:
                return self._built(rest, depth, refreshed=False)
            case "C", [description]:
                return named_classes.class_of(self._decode(description, depth + 1))
            case "N", [description, *nodes]:
                kind = named_classes.class_of(self._decode(description, depth + 1))
                if not issubclass(kind, tuple) or len(nodes) != len(vars(kind)["_fields"]):
                    raise WireError("a named tuple with the wrong number of fields")
                return tuple.__new__(kind, self._items(nodes, depth))
            case "E", [description, member]:
                kind = named_classes.class_of(self._decode(description, depth + 1))
                if not issubclass(kind, enum.Enum):
                    raise WireError("a member of something that is no enumeration")
                return kind(self._decode(member, depth + 1))
            case "e", [str(name), base, *args]:
                if base is not None and base not in EXCEPTIONS:
                    raise WireError("an exception with an unknown base")
                return remote_exception(name[:200], base, tuple(self._items(args, depth)))
            case "g", [number, str(name)] if self.callable_ is not None and not self.sealed:
                return drawn(self.callable_(Reference(_count(number), name[:200])))
            case "f" | "F", [number, str(name)] if self.callable_ is not None:
                return self.callable_(Reference(_count(number), name[:200], tag == "F"))
        raise WireError("a node of an unknown kind")


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("a size that is not a whole number")
    return value


def _number(value: Any) -> float:
    if type(value) is not float:
        raise WireError("a part of a complex number that is not a float")
    return value
