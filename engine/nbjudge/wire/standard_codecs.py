"""Types of the standard library that cross by value."""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import io
import pathlib
import re
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from nbjudge.wire.codec import Codec, exactly
from nbjudge.wire.frames import WireError
from nbjudge.wire.spread import spread

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([Ee][+-]?\d+)?|Infinity|s?NaN\d*)")


# -- time -----------------------------------------------------------------------------------------


def zone_parts(zone: Any) -> Any:
    """Name a time zone: None, an offset, or the key of the database of time zones."""
    if zone is None:
        return None
    if type(zone) is datetime.timezone:
        return zone.utcoffset(None)
    key = getattr(zone, "key", None) or getattr(zone, "zone", None)
    if type(key) is str and _ZONE.fullmatch(key):
        return key
    raise WireError(f"a time zone of the type {type(zone).__name__}")


def build_zone(zone: Any) -> datetime.tzinfo | None:
    """Make a time zone of its name."""
    if zone is None:
        return None
    if type(zone) is datetime.timedelta:
        return datetime.timezone(zone)
    if type(zone) is str and _ZONE.fullmatch(zone):
        return zoneinfo.ZoneInfo(zone)
    raise WireError("a time zone that is none")


def _time_parts(value: Any) -> tuple[Any, ...]:
    clock = (value.hour, value.minute, value.second, value.microsecond)
    return (*clock, zone_parts(value.tzinfo), value.fold)


def _build_time(*parts: Any) -> datetime.time:
    hour, minute, second, microsecond, zone, fold = parts
    exactly(int, hour, minute, second, microsecond, fold)
    return datetime.time(hour, minute, second, microsecond, build_zone(zone), fold=fold)


def _build_datetime(*parts: Any) -> datetime.datetime:
    year, month, day, hour, minute, second, microsecond, zone, fold = parts
    exactly(int, year, month, day, hour, minute, second, microsecond, fold)
    clock = (hour, minute, second, microsecond)
    return datetime.datetime(year, month, day, *clock, build_zone(zone), fold=fold)


# -- numbers and texts ----------------------------------------------------------------------------


def _build_decimal(text: Any) -> decimal.Decimal:
    exactly(str, text)
    if not _NUMBER.fullmatch(text):
        raise WireError("a decimal number that is none")
    return decimal.Decimal(text)


def _build_fraction(numerator: Any, denominator: Any) -> fractions.Fraction:
    exactly(int, numerator, denominator)
    return fractions.Fraction(numerator, denominator)


def _from_text(kind: type, limit: int = 10_000) -> Callable[[Any], Any]:
    def build(text: Any) -> Any:
        exactly(str, text)
        if len(text) > limit:
            raise WireError(f"a {kind.__name__} of {len(text)} characters")
        return kind(text)

    return build


def _build_pattern(text: Any, flags: Any) -> re.Pattern[Any]:
    exactly((str, bytes), text)
    exactly(int, flags)
    if len(text) > 1000:
        raise WireError("a regular expression of more than 1000 characters")
    return re.compile(text, flags)


def _build_slice(*parts: Any) -> slice:
    return slice(*parts)


# -- containers -----------------------------------------------------------------------------------


def _build_deque(items: Any, most: Any) -> collections.deque[Any]:
    exactly(list, items)
    exactly((int, type(None)), most)
    return collections.deque(items, most)


def _refresh_items(old: Any, new: Any) -> None:
    old.clear()
    old.extend(new)


def _file_parts(value: Any) -> tuple[Any, ...]:
    contents = value.getvalue()
    return contents, min(value.tell(), len(contents))


def _text_or_bytes(kind: Any, of: type) -> Codec:
    """Return how a file in memory crosses: by what is in it, and how far it is read."""

    def build(contents: Any, place: Any) -> Any:
        exactly(of, contents)
        exactly(int, place)
        if not 0 <= place <= len(contents):
            raise WireError("a place beyond a file's end")
        made = kind()
        made.write(contents)
        made.seek(place)
        return made

    def refresh(old: Any, new: Any) -> None:
        old.seek(0)
        old.truncate()
        old.write(new.getvalue())
        old.seek(new.tell())

    return Codec(kind.__name__, kind, _file_parts, build, refresh)


def _refresh_mapping(old: Any, new: Any) -> None:
    old.clear()
    old.update(new)


def _build_counter(items: Any) -> collections.Counter[Any]:
    exactly(dict, items)
    # Not by ``Counter(items)``, which reads the numbers; what a student counted may be anything.
    made: collections.Counter[Any] = collections.Counter()
    dict.update(made, items)
    return made


def _refresh_counter(old: Any, new: Any) -> None:
    old.clear()
    dict.update(old, new)


def _build_ordered(items: Any) -> collections.OrderedDict[Any, Any]:
    exactly(dict, items)
    return collections.OrderedDict(items)


_FACTORIES = (int, float, str, list, dict, set, bool, tuple, type(None), complex)


def _default_parts(value: collections.defaultdict[Any, Any]) -> tuple[Any, ...]:
    factory = value.default_factory
    if factory is None:
        return None, dict(value)
    if factory in _FACTORIES:
        return factory.__name__, dict(value)
    return factory, dict(value)  # goes as a function of this side


def _build_default(factory: Any, items: Any) -> collections.defaultdict[Any, Any]:
    exactly(dict, items)
    if type(factory) is str:
        factory = {kind.__name__: kind for kind in _FACTORIES}[factory]
    return collections.defaultdict(factory, items)


def _view(name: str) -> Callable[[Any], Any]:
    def build(items: Any) -> Any:
        exactly(list, items)
        if name == "keys":
            return dict.fromkeys(spread(items)).keys()
        if name == "values":
            return dict(enumerate(items)).values()
        return dict(items).items()

    return build


STANDARD_CODECS = [
    Codec("date", datetime.date, lambda v: (v.year, v.month, v.day), datetime.date),
    Codec("time", datetime.time, _time_parts, _build_time),
    Codec(
        "datetime",
        datetime.datetime,
        lambda v: (v.year, v.month, v.day, *_time_parts(v)),
        _build_datetime,
    ),
    Codec(
        "timedelta",
        datetime.timedelta,
        lambda v: (v.days, v.seconds, v.microseconds),
        datetime.timedelta,
    ),
    Codec("timezone", datetime.timezone, lambda v: (zone_parts(v),), build_zone),
    Codec("ZoneInfo", zoneinfo.ZoneInfo, lambda v: (zone_parts(v),), build_zone),
    Codec("Decimal", decimal.Decimal, lambda v: (str(v),), _build_decimal),
    Codec(
        "Fraction", fractions.Fraction, lambda v: (v.numerator, v.denominator), _build_fraction
    ),
    Codec("UUID", uuid.UUID, lambda v: (str(v),), _from_text(uuid.UUID)),
    Codec("Path", type(pathlib.Path()), lambda v: (str(v),), _from_text(pathlib.Path)),
    Codec(
        "PurePosixPath",
        pathlib.PurePosixPath,
        lambda v: (str(v),),
        _from_text(pathlib.PurePosixPath),
    ),
    Codec("Pattern", re.Pattern, lambda v: (v.pattern, v.flags), _build_pattern),
    Codec("slice", slice, lambda v: (v.start, v.stop, v.step), _build_slice),
    Codec("bytearray", bytearray, lambda v: (bytes(v),), bytearray, _refresh_items),
    _text_or_bytes(io.StringIO, str),
    _text_or_bytes(io.BytesIO, bytes),
    Codec("deque", collections.deque, lambda v: (list(v), v.maxlen), _build_deque, _refresh_items),
    Codec("Counter", collections.Counter, lambda v: (dict(v),), _build_counter, _refresh_counter),
    Codec(
        "OrderedDict",
        collections.OrderedDict,
        lambda v: (dict(v),),
        _build_ordered,
        _refresh_mapping,
    ),
    Codec(
        "defaultdict", collections.defaultdict, _default_parts, _build_default, _refresh_mapping
    ),
    *(
        Codec(f"dict_{name}", type(getattr({}, name)()), lambda v: (list(v),), _view(name))
        for name in ("keys", "values", "items")
    ),
]  # fmt: skip
