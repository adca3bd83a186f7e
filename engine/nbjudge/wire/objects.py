"""Objects of a student's kernel that the judge uses by number: what they are, and what is done.

The judge never learns more of such an object than the answers to what it asks: an attribute, the
result of a call, an item. Each answer is plain data again, or another number. Nothing goes the
other way: the kernel gets no handle on an object of the judge but the functions that it was lent.
"""

from __future__ import annotations

import abc
import asyncio
import collections.abc
import copy
import dataclasses
import inspect
import numbers
import operator
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from nbjudge.wire.frames import WireError
from nbjudge.wire.known_types import EXCEPTION_NAMES, type_name

MOST_OBJECTS = 200_000
_BINARY = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow", "matmul"),
    *("and", "or", "xor", "lshift", "rshift"),
)
SPECIAL_METHODS = frozenset(
    {f"__{prefix}{name}__" for name in _BINARY for prefix in ("", "r", "i")}
    | {
        f"__{name}__"
        for name in ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "eq", "ne")
    }
    | {f"__{name}__" for name in ("int", "float", "complex", "index", "bool", "str", "repr")}
    | {f"__{name}__" for name in ("format", "bytes", "round", "trunc", "floor", "ceil", "hash")}
    | {f"__{name}__" for name in ("len", "getitem", "setitem", "delitem", "contains", "iter")}
    | {f"__{name}__" for name in ("next", "reversed", "call", "enter", "exit", "await", "array")}
    | {"__length_hint__", "__aiter__", "__anext__", "__aenter__", "__aexit__"}
)
"""What Python asks a class for, as far as a proxy asks it too."""
EXTENDED: dict[str, Any] = {
    **{kind.__name__: kind for kind in (list, dict, set, frozenset, tuple, str, bytes, int, float)},
    **{f"abc.{name}": getattr(collections.abc, name) for name in collections.abc.__all__},
    **{f"numbers.{name}": getattr(numbers, name) for name in numbers.__all__},
    "ABC": abc.ABC,
}
"""What of Python's own a class may extend so that a test can ask whether it does."""
_OF_EVERY_OBJECT = {name: getattr(object, name, None) for name in SPECIAL_METHODS}
_AWAITED = frozenset({"__anext__", "__aenter__", "__aexit__"})
"""What returns something to await; that is done on this side."""
_LOOKS_LIKE_ARRAY = ("__array_interface__", "__array_struct__")


class Objects:
    """The objects of this side that the other side may use, by number."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._objects: list[Any] = []

    def number(self, value: Any) -> int:
        """Return the number of an object, a new one for one that has none."""
        found = self._numbers.get(id(value))
        if found is None:
            if len(self._objects) >= MOST_OBJECTS:
                raise WireError(f"more than {MOST_OBJECTS} objects that a test uses")
            found = self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)  # kept, so that its id stays its own
        return found

    def at(self, number: Any) -> Any:
        """Return the object of a number."""
        if type(number) is not int or not 0 <= number < len(self._objects):
            raise WireError("an object that was never handed over")
        return self._objects[number]


def bases_of(kind: type) -> list[type]:
    """List the bases of a class that are no known exception and not `object`."""
    bases = type.__getattribute__(kind, "__bases__")
    known = {object, BaseException, *EXCEPTION_NAMES}
    return [base for base in bases if base not in known and type_name(base) is None]


def describe_class(kind: type) -> dict[str, Any]:
    """Describe a class by plain data: the names of it, of what it extends, and what it answers."""
    mro = type.__getattribute__(kind, "__mro__")
    names: dict[str, Any] = {}
    for base in reversed(mro):
        names.update(type.__getattribute__(base, "__dict__"))
    answered = [
        name
        for name in SPECIAL_METHODS & names.keys()
        if names[name] is not None and not _is_of_every_object(name, names[name])
    ]
    if "__array__" not in answered and any(name in names for name in _LOOKS_LIKE_ARRAY):
        answered.append("__array__")
    methods = [
        name
        for name, value in names.items()
        if type(value) in (types.FunctionType, types.MethodDescriptorType) and name[:2] != "__"
    ]
    if type(names["__getattribute__"]) is not types.WrapperDescriptorType:
        methods = []  # a class that answers for itself is asked each time; one in C does not
    return {
        "name": str(type.__getattribute__(kind, "__name__")),
        "qualname": str(type.__getattribute__(kind, "__qualname__")),
        "module": str(type.__getattribute__(kind, "__module__")),
        "exception": _exception(mro),
        "extends": [name for name, base in EXTENDED.items() if base in mro],
        "answers": answered,
        "methods": methods,
    }


def _exception(mro: tuple[type, ...]) -> str | None:
    """Name the nearest known exception that a class extends, if it is one."""
    known = next((EXCEPTION_NAMES[kind] for kind in mro if kind in EXCEPTION_NAMES), None)
    return known or ("Exception" if BaseException in mro else None)


def _is_of_every_object(name: str, value: Any) -> bool:
    return _OF_EVERY_OBJECT[name] is not None and value is _OF_EVERY_OBJECT[name]


# -- what is done with an object ------------------------------------------------------------------


class Stopped(Exception):
    """An iterator that the judge draws from has ended.

    Parameters
    ----------
    value : object
        What a generator returned.
    """

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _special(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Call a special method, as Python does: by the class."""
    if name not in SPECIAL_METHODS:
        raise WireError("a special method that there is not")
    if name == "__next__":
        return _drawing(next, value)
    if name == "__await__":
        return _awaited(value)
    if name == "__array__":
        return np.array(value)
    if name in ("__exit__", "__aexit__") and len(args) == 3 and args[1] is not None:
        args = type(args[1]), args[1], None
    if name in _AWAITED:
        return _drawing(_awaited, _called_special(value, name, *args, **kwargs))
    return _called_special(value, name, *args, **kwargs)


def _called_special(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    method = inspect.getattr_static(type(value), name)
    if isinstance(method, (staticmethod, classmethod)) or not hasattr(type(method), "__get__"):
        method = getattr(value, name)
        return method(*args, **kwargs)
    return method.__get__(value, type(value))(*args, **kwargs)


def _drawing(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except StopIteration as stop:
        raise Stopped(stop.value) from None
    except StopAsyncIteration:
        raise Stopped(None) from None


def _method(value: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    function = getattr(value, name)
    if isinstance(value, types.GeneratorType) or name == "__next__":
        return _drawing(function, *args, **kwargs)
    return function(*args, **kwargs)


def _awaited(value: Any) -> Any:
    """Await something in a thread of its own: the kernel's loop is waiting for the judge."""

    async def wait() -> Any:
        sys.set_asyncgen_hooks(None, None)  # a generator goes on after this loop has ended
        return await value

    found: list[tuple[bool, Any]] = []

    def run() -> None:
        try:
            found.append((True, asyncio.run(wait())))
        except BaseException as error:
            found.append((False, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    (worked, result), *_ = found
    if worked:
        return result
    raise result


def _signature(value: Any) -> list[Any]:
    """Take the signature of a callable apart into plain data."""
    signature = inspect.signature(value)
    return [
        (
            str(parameter.name),
            int(parameter.kind),
            parameter.default is not parameter.empty,
            None if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in signature.parameters.values()
    ]


FIELD_FLAGS = ("init", "repr", "compare")
"""What is told of a dataclass's field, besides its name."""


def _fields(kind: Any) -> list[tuple[str, list[bool]]]:
    """Take the fields of a dataclass apart into plain data."""
    if "__dataclass_fields__" not in dir(kind):
        raise AttributeError("__dataclass_fields__")
    return [
        (str(found.name), [bool(getattr(found, flag)) for flag in FIELD_FLAGS])
        for found in dataclasses.fields(kind)
    ]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "special": _special,
    "method": _method,
    "get": getattr,
    "set": setattr,
    "delete": delattr,
    "dir": dir,
    "vars": vars,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "signature": _signature,
    "fields": _fields,
    "describe": describe_class,
    "bases": bases_of,
    "iter": iter,
    "len": len,
    "item": operator.getitem,
    "contains": operator.contains,
}
"""What the judge may ask of an object, besides a call of it."""
