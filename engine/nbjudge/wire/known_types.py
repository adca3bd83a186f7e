"""What goes over the wire by name, and what stands for what cannot go: the fixed tables.

Nothing that arrives is imported or looked up anywhere else than in these.
"""

from __future__ import annotations

import builtins
import functools
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from nbjudge.wire.codecs import codec_of

SCALARS = frozenset({type(None), bool, float, str})
"""The types that are their own JSON."""

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

EXCEPTIONS: dict[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type)
    and issubclass(value, Exception)
    # These would end the loop of a test, as in ``all(map(…))``, as if all had been well.
    and not issubclass(value, (StopIteration, StopAsyncIteration))
} | {
    "LinAlgError": np.linalg.LinAlgError,
    "AxisError": np.exceptions.AxisError,
    "SystemExit": SystemExit,  # of a program whose exit code is tested
}
"""Exceptions that go over the wire as themselves, and so do their classes."""

EXCEPTION_NAMES = {value: name for name, value in EXCEPTIONS.items()}
CLASSES: dict[str, type] = {**NAMED_TYPES, **EXCEPTIONS}
_TYPE_NAMES = {value: name for name, value in NAMED_TYPES.items()} | EXCEPTION_NAMES


def type_name(kind: type) -> str | None:
    """Return the name under which a type crosses, or None for one that has none."""
    if kind in _TYPE_NAMES:
        return _TYPE_NAMES[kind]
    codec = codec_of(kind)
    return None if codec is None else codec.name


class _SealedType(type):
    """The type of types that equal another and make no values."""

    sealed: type

    def __eq__(cls, other: object) -> bool:
        return other is cls.sealed or (type(other) is _SealedType and other.sealed is cls.sealed)

    def __hash__(cls) -> int:
        return hash(cls.sealed)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.sealed)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.sealed)

    def __call__(cls, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError(f"{cls.__name__}, which the notebook gave for a value, is not called here")

    def __repr__(cls) -> str:
        return repr(cls.sealed)


@functools.cache
def sealed(kind: type) -> type:
    """Return a type that equals another, knows its instances, and cannot be called.

    An array that is made of a type and a shape alone holds what was in memory before: in the judge,
    that may be the expected value.
    """
    return _SealedType(kind.__name__, (), {"sealed": kind})


class RemoteError(Exception):
    """An exception of a type that only the other side knows.

    It may have attributes of any name over there, so its own have underscores: the name of its
    type, and what it says of itself by a ``__str__`` of its own.
    """

    _over_there = "Exception"
    _words: str | None = None

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self._over_there}: {message}" if message else self._over_there


def remote_instance(kind: type[RemoteError], number: int, args: tuple[Any, ...]) -> Exception:
    """Make an exception that stands for one of the other side, of a class that stands for its.

    Parameters
    ----------
    kind : type
        The class.
    number : int
        The exception's on the other side.
    args : tuple
        Plain data.
    """
    made = kind.__new__(kind)
    made.args = args
    object.__setattr__(made, "_number", number)
    return made


class _Exit(RemoteError, SystemExit):
    """The exit of the other side: an `Exception`, too, so that what runs tests notes an error."""

    _over_there = "SystemExit"
    __str__ = BaseException.__str__

    def __init__(self, *args: Any) -> None:
        SystemExit.__init__(self, *args)


_Exit.__name__ = _Exit.__qualname__ = "SystemExit"


@dataclass(frozen=True)
class Reference:
    """A callable of the sending side, as it arrives.

    Attributes
    ----------
    number : int
        Its own.
    name : str
        What it is called.
    is_object : bool
        Whether it is no function but an object that can be called, which may have more to it.
    """

    number: int
    name: str
    is_object: bool = False


def remote_exception(name: str, base: str | None, args: tuple[Any, ...]) -> BaseException:
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
    if name == "SystemExit" and kind is SystemExit:
        return _Exit(*args)
    own: type[BaseException]
    try:
        if name == base:
            return kind(*args)
        own = type("RemoteError", (RemoteError, kind), {"_over_there": name})
        return own(*args)
    except TypeError:  # a few built-in types ask for certain arguments, such as UnicodeError's
        own = type("RemoteError", (RemoteError,), {"_over_there": name})
        return own(*args)
