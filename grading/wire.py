"""The contract between the trusted and the untrusted side: plain data in frames, and nothing else.

A frame is a piece of JSON followed by raw blocks of bytes (the contents of arrays). Nothing that
arrives is ever unpickled, imported or looked up by name outside the fixed tables below, and
whatever arrives decodes to fresh values of exact built-in and numpy types, or to one `WireError`.
The module runs on both sides, so it needs numpy and the standard library alone.
"""

from __future__ import annotations

import builtins
import json
import math
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

_HEAD = struct.Struct(">II")
_SIZE = struct.Struct(">Q")
_DTYPE_KINDS = frozenset("biufcSUmM")
_SCALARS = frozenset({type(None), bool, float, str})
_SMALL = 1 << 62  # ints below it go as JSON numbers, larger ones in hexadecimal (linear to parse)

NAMED_TYPES: dict[str, type] = {
    **{t.__name__: t for t in (bool, int, float, complex, str, bytes, list, tuple, dict, set)},
    **{
        f"numpy.{name}": getattr(np, name)
        for name in (
            *("bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
            *("float16", "float32", "float64", "complex64", "complex128", "ndarray"),
        )
    },
}
"""Types that go over the wire by name, as in ``np.zeros(3, dtype=float)``."""

EXCEPTIONS: dict[str, type[Exception]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception)
} | {"LinAlgError": np.linalg.LinAlgError, "AxisError": np.exceptions.AxisError}
"""Exceptions that go over the wire as themselves."""

_TYPE_NAMES = {value: name for name, value in NAMED_TYPES.items()}
_EXCEPTION_NAMES = {value: name for name, value in EXCEPTIONS.items()}


class WireError(ValueError):
    """A value that cannot go over the wire, or bytes that are not a value."""


class RemoteError(Exception):
    """An exception of a type that only the other side knows.

    Attributes
    ----------
    name : str
        The name of its type over there.
    """

    name = "Exception"

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.name}: {message}" if message else self.name


@dataclass(frozen=True)
class Limits:
    """What one frame may hold.

    Attributes
    ----------
    json_bytes, block_bytes : int
        The length of the JSON, and of all blocks together.
    blocks : int
        How many blocks.
    depth : int
        How deep containers may be nested.
    """

    json_bytes: int = 8 << 20
    block_bytes: int = 64 << 20
    blocks: int = 10_000
    depth: int = 50


@dataclass(frozen=True)
class Reference:
    """A callable of the sending side, as it arrives."""

    number: int
    name: str


def remote_exception(name: str, base: str | None, args: tuple) -> Exception:
    """Make the exception that stands for one of the other side.

    Parameters
    ----------
    name : str
        The name of its type there.
    base : str or None
        The nearest of its bases in `EXCEPTIONS`; equal to `name` for one that is in there itself.
    args : tuple
        Plain data.

    Returns
    -------
    Exception
        Of the type itself, or a `RemoteError` that is also a `base`, so that
        ``except ValueError`` catches a student's own kind of ValueError.
    """
    kind = EXCEPTIONS.get(base or "Exception", Exception)
    try:
        if name == base:
            return kind(*args)
        own = type("RemoteError", (RemoteError, kind), {"name": name})
        return own(*args)
    except TypeError:  # a few built-in types ask for certain arguments, such as UnicodeError's
        own = type("RemoteError", (RemoteError,), {"name": name})
        return own(*args)


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
        if kind in _SCALARS:
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
        if _SCALARS.issuperset(map(type, values)):
            return list(values)
        return [self.encode(value, depth + 1) for value in values]

    def _array(self, value: np.ndarray, depth: int) -> list:
        value = np.asarray(value)
        if value.dtype.kind == "O":
            return ["o", list(value.shape), *self._items(value.ravel().tolist(), depth)]
        if value.dtype.kind not in _DTYPE_KINDS:
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
            if value.dtype.kind not in _DTYPE_KINDS:
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
        if isinstance(value, np.dtype) and value.kind in _DTYPE_KINDS:
            return ["D", value.str]
        if isinstance(value, BaseException):
            return self.exception(value)
        if isinstance(value, type) and value in _TYPE_NAMES:
            return ["k", _TYPE_NAMES[value]]
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
        known = (_EXCEPTION_NAMES[t] for t in type(error).__mro__ if t in _EXCEPTION_NAMES)
        base = next(known, None)
        args = error.args
        if not all(type(arg) in _SCALARS or type(arg) is int for arg in args):
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
        sizes = [len(block) for block in self.blocks]
        check_sizes(len(text), sizes, self.limits)
        head = [_HEAD.pack(len(text), len(sizes)), *map(_SIZE.pack, sizes)]
        return b"".join([*head, text, *self.blocks])


def check_sizes(json_bytes: int, blocks: list[int], limits: Limits) -> None:
    """Raise a `WireError` that names the limit if a frame is too large."""
    if json_bytes > limits.json_bytes:
        raise WireError(f"a value of {json_bytes} bytes of text, more than {limits.json_bytes}")
    if len(blocks) > limits.blocks:
        raise WireError(f"a value of {len(blocks)} arrays, more than {limits.blocks}")
    if sum(blocks) > limits.block_bytes:
        raise WireError(f"a value of {sum(blocks)} bytes, more than {limits.block_bytes}")


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
    """

    blocks: list = field(default_factory=list)
    callable_: Callable[[Reference], Any] | None = None
    limits: Limits = field(default_factory=Limits)
    mutables: list = field(default_factory=list)

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
        except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
            raise WireError(f"not a value: {type(error).__name__}: {error}") from error
        except (RecursionError, MemoryError) as error:
            raise WireError(f"a value too large or too deep: {type(error).__name__}") from error

    def _decode(self, node: Any, depth: int) -> Any:
        if type(node) is not list:
            if type(node) in _SCALARS or type(node) is int:
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
            return frozenset(self._items(rest, depth))
        if tag in ("l", "d", "s", "a", "o"):
            value = self._mutable(tag, rest, depth)
            self.mutables.append(value)
            return value
        return self._plain(tag, rest, depth)

    def _items(self, nodes: list, depth: int) -> list:
        if list not in set(map(type, nodes)) and dict not in set(map(type, nodes)):
            return nodes
        return [self._decode(node, depth + 1) for node in nodes]

    def _mutable(self, tag: str, rest: list, depth: int) -> Any:
        if tag == "a":
            return self._array(*rest)
        if tag == "o":
            shape, *nodes = rest
            array = np.empty(len(nodes), dtype=object)
            array[:] = self._items(nodes, depth)
            return array.reshape([_count(n) for n in shape])
        items = self._items(rest, depth)
        if tag == "l":
            return items
        if tag == "s":
            return set(items)
        return dict(zip(items[::2], items[1::2], strict=True))

    def _array(self, dtype: str, shape: list, flags: str, block: int) -> np.ndarray:
        kind, data = _dtype(dtype), self.blocks[_count(block)]
        shape = tuple(_count(n) for n in shape)
        if math.prod(shape) * kind.itemsize != len(data) or len(shape) > 32:
            raise WireError(f"an array of the shape {shape} and {dtype} in {len(data)} bytes")
        if kind.itemsize == 0 and math.prod(shape):
            raise WireError("an array of elements without size")
        order = "F" if flags.startswith("F") else "C"
        # A bytearray of its own makes the array writeable and lets the frame go.
        array = np.ndarray(shape, kind, buffer=bytearray(data), order=order)
        array.flags.writeable = not flags.endswith("r")
        return array

    def _plain(self, tag: str, rest: list, depth: int) -> Any:
        match tag, rest:
            case "i", [str(digits)]:
                return int(digits, 16)
            case "c", [real, imag]:
                return complex(_number(real), _number(imag))
            case "b", [block]:
                return bytes(self.blocks[_count(block)])
            case "n", [str(dtype), block]:
                kind, data = _dtype(dtype), self.blocks[_count(block)]
                if kind.itemsize != len(data) or not data:
                    raise WireError(f"a scalar of {dtype} in {len(data)} bytes")
                return np.frombuffer(data, kind)[0]
            case "r", [*bounds]:
                bounds = self._items(bounds, depth)
                if not all(type(bound) is int for bound in bounds):
                    raise WireError("a range of something else than whole numbers")
                return range(*bounds)
            case "...", []:
                return ...
            case "D", [str(dtype)]:
                return _dtype(dtype)
            case "k", [str(name)]:
                return NAMED_TYPES[name]
            case "e", [str(name), base, *args]:
                if base is not None and base not in EXCEPTIONS:
                    raise WireError("an exception with an unknown base")
                return remote_exception(name[:200], base, tuple(self._items(args, depth)))
            case "f", [number, str(name)] if self.callable_ is not None:
                return self.callable_(Reference(_count(number), name[:200]))
        raise WireError("a node of an unknown kind")


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("a size that is not a whole number")
    return value


def _number(value: Any) -> float:
    if type(value) is not float:
        raise WireError("a part of a complex number that is not a float")
    return value


def _dtype(text: Any) -> np.dtype:
    # A short plain string: nothing here that numpy would parse as fields or evaluate.
    if type(text) is not str or len(text) > 24 or "," in text:
        raise WireError("a dtype that is not plain")
    kind = np.dtype(text)
    if kind.kind not in _DTYPE_KINDS or kind.fields or kind.subdtype:
        raise WireError(f"an array of the dtype {kind}")
    return kind


def parse(frame: bytes, limits: Limits) -> tuple[Any, list[bytes]]:
    """Split a whole frame into its JSON message and its blocks.

    Raises
    ------
    WireError
        If it is not a frame.
    """
    stream = memoryview(frame)

    def read(size: int) -> bytes:
        nonlocal stream
        if len(stream) < size:
            raise WireError("a frame that ends early")
        part, stream = stream[:size], stream[size:]
        return bytes(part)

    message = _read_frame(read, limits)
    if len(stream):
        raise WireError("bytes after the end of a frame")
    return message


def _read_frame(read: Callable[[int], bytes], limits: Limits) -> tuple[Any, list[bytes]]:
    length, count = _HEAD.unpack(read(_HEAD.size))
    check_sizes(length, [0] * min(count, limits.blocks + 1), limits)
    sizes = [size for (size,) in _SIZE.iter_unpack(read(_SIZE.size * count))]
    check_sizes(length, sizes, limits)
    text = read(length)
    blocks = [read(size) for size in sizes]
    try:
        return json.loads(text.decode("ascii")), blocks
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame without valid JSON: {type(error).__name__}") from error


class Channel:
    """Send and receive frames over a connected socket.

    Parameters
    ----------
    connection : socket.socket
        A stream socket, blocking.
    limits : Limits
        For frames that arrive.
    """

    def __init__(self, connection: socket.socket, limits: Limits | None = None) -> None:
        self.connection = connection
        self.limits = limits or Limits()

    def send(self, frame: bytes) -> None:
        """Send a frame that `Encoder.frame` made."""
        self.connection.sendall(frame)

    def receive(self) -> tuple[Any, list[bytes]]:
        """Wait for a frame; return its JSON message and its blocks.

        Raises
        ------
        WireError
            If what arrives is no frame. The stream cannot be used any further then.
        EOFError
            If the other side is gone.
        """
        return _read_frame(self._read, self.limits)

    def _read(self, size: int) -> bytes:
        if size == 0:
            return b""
        data = self.connection.recv(min(size, 1 << 16))
        if len(data) == size:
            return data
        parts, missing = [data], size - len(data)
        while data and missing:
            data = self.connection.recv(min(missing, 1 << 20))
            parts.append(data)
            missing -= len(data)
        if missing:
            raise EOFError("the other side is gone")
        return b"".join(parts)
