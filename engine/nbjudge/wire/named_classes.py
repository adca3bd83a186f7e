"""Named tuples and enumerations by value, with the class that they belong to.

Their classes are made by the student or by a test, and say no more than their names: the fields of
a named tuple, the members of an enumeration. So the other side makes a class of its own, once for
each such description, and the side that made the first one finds its own again. A class with
methods of its own is more than that, and does not go by value.
"""

from __future__ import annotations

import collections
import enum
import json
import typing
from typing import Any

from nbjudge.wire.frames import WireError

_MOST_CLASSES = 500
_ENUMS: dict[str, Any] = {
    kind.__name__: kind for kind in (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag, enum.StrEnum)
}


class _TypingSample(typing.NamedTuple):
    x: int


_TUPLE_NAMES = (
    set(vars(collections.namedtuple("_Sample", "x")))
    | set(vars(_TypingSample))
    | {"__annotate__", "__annotate_func__", "__annotations_cache__"}
) - {"x"}
_ONE: dict[str, Any] = dict.fromkeys(_ENUMS, 1) | {"StrEnum": "1"}
_ENUM_NAMES = set[str]().union(
    *(vars(kind("Sample", {"x": _ONE[name]})) for name, kind in _ENUMS.items())
) - {"x"}

_classes: dict[str, type] = {}


def is_named_tuple(kind: type) -> bool:
    """Whether a class is a named tuple and nothing more."""
    if type(kind) is not type or kind.__bases__ != (tuple,):
        return False
    names = vars(kind)
    fields = names.get("_fields")
    return (
        type(fields) is tuple
        and all(type(field) is str for field in fields)
        and set(names) <= _TUPLE_NAMES | set(fields)
        and names.get("__slots__", ()) == ()
    )


def is_enum(kind: type) -> bool:
    """Whether a class is an enumeration and nothing more."""
    if type(kind) is not enum.EnumMeta or len(kind.__bases__) == 0:
        return False
    if kind.__bases__[-1] not in _ENUMS.values() or kind in _ENUMS.values():
        return False
    members = type.__getattribute__(kind, "_member_map_")
    names = set(vars(kind)) - set(members)
    return kind.__bases__ == (kind.__bases__[-1],) and names <= _ENUM_NAMES


def describe(kind: type) -> tuple[Any, ...]:
    """Describe the class of a named tuple or an enumeration by plain values."""
    if is_named_tuple(kind):
        defaults = vars(kind).get("_field_defaults") or {}
        description: tuple[Any, ...] = (
            "tuple",
            kind.__name__,
            list(vars(kind)["_fields"]),
            dict(defaults),
        )
    else:
        members = type.__getattribute__(kind, "_member_map_")
        values = {name: member._value_ for name, member in members.items()}
        description = ("enum", kind.__name__, kind.__bases__[0].__name__, values)
    key = _key(description)
    if len(_classes) < _MOST_CLASSES:
        _classes[key] = kind
    return description


def class_of(description: Any) -> type:
    """Return the class that a description speaks of: this side's own, or one that is made of it.

    Raises
    ------
    WireError
        If it describes none.
    """
    if type(description) is not tuple or len(description) != 4:
        raise WireError("the description of a class that is none")
    sort, name, how, values = description
    if type(name) is not str or type(values) is not dict or not name.isidentifier():
        raise WireError("the description of a class that is none")
    key = _key(description)
    if key in _classes:
        return _classes[key]
    if len(_classes) >= _MOST_CLASSES:
        raise WireError(f"more than {_MOST_CLASSES} classes of named tuples and enumerations")
    if sort == "tuple" and type(how) is list and len(how) <= 200:
        defaults = [values[field] for field in how if field in values]
        _classes[key] = collections.namedtuple(name, how, defaults=defaults)
    elif sort == "enum" and how in _ENUMS and len(values) <= 10_000:
        _classes[key] = _ENUMS[how](name, values)
    else:
        raise WireError("the description of a class that is none")
    _classes[key].__module__ = "__main__"
    return _classes[key]


def _key(description: tuple[Any, ...]) -> str:
    sort, name, how, values = description
    # By what is shown of them: two classes with equal names and values are one, whatever the
    # values are otherwise.
    return json.dumps(
        [sort, name, how, [[k, type(v).__name__, repr(v)] for k, v in values.items()]]
    )
