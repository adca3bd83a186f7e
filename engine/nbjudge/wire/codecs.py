"""Types of the standard library and of numpy that go over the wire by value: one row a type.

A codec takes a value apart into parts that the wire knows already, and builds it anew from them on
the other side. A value is looked up by its exact type: a subclass may behave in any way, so it does
not go as the type that it extends. What arrives is looked up by its name in this table and nowhere
else, and each part is checked before it is used.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import random
import re
import uuid
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.wire.frames import WireError

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([Ee][+-]?\d+)?|Infinity|s?NaN\d*)")
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


@dataclass(frozen=True)
class Codec:
    """How values of one type cross.

    Attributes
    ----------
    name : str
        Of the type on the wire.
    kind : type
        The exact type.
    parts : callable
        Takes a value apart: a tuple of values that the wire knows.
    build : callable
        Makes a value of the parts; raises for parts that it would not have made.
    refresh : callable or None
        For a type that is changed in place: gives a value the contents of another.
    """

    name: str
    kind: type
    parts: Callable[[Any], tuple]
    build: Callable[..., Any]
    refresh: Callable[[Any, Any], None] | None = None


def exactly(kind: type | tuple[type, ...], *values: Any) -> None:
    """Check that parts have the types that they must have.

    Raises
    ------
    WireError
        If one has not.
    """
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if any(type(value) not in kinds for value in values):
        raise WireError("a part of the wrong type")


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


def _time_parts(value: Any) -> tuple:
    clock = (value.hour, value.minute, value.second, value.microsecond)
    return (*clock, zone_parts(value.tzinfo), value.fold)


def _build_time(*parts: Any) -> datetime.time:
    *clock, zone, fold = parts
    exactly(int, *clock, fold)
    return datetime.time(*clock, build_zone(zone), fold=fold)


def _build_datetime(*parts: Any) -> datetime.datetime:
    *date, zone, fold = parts
    exactly(int, *date, fold)
    return datetime.datetime(*date, build_zone(zone), fold=fold)


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


def _build_pattern(text: Any, flags: Any) -> re.Pattern:
    exactly((str, bytes), text)
    exactly(int, flags)
    if len(text) > 1000:
        raise WireError("a regular expression of more than 1000 characters")
    return re.compile(text, flags)


def _build_slice(*parts: Any) -> slice:
    return slice(*parts)


# -- containers -----------------------------------------------------------------------------------


def _build_deque(items: Any, most: Any) -> collections.deque:
    exactly(list, items)
    exactly((int, type(None)), most)
    return collections.deque(items, most)


def _refresh_items(old: Any, new: Any) -> None:
    old.clear()
    old.extend(new)


def _refresh_mapping(old: Any, new: Any) -> None:
    old.clear()
    old.update(new)


def _build_counter(items: Any) -> collections.Counter:
    exactly(dict, items)
    # Not by ``Counter(items)``, which reads the numbers; what a student counted may be anything.
    made: collections.Counter = collections.Counter()
    dict.update(made, items)
    return made


def _refresh_counter(old: Any, new: Any) -> None:
    old.clear()
    dict.update(old, new)


def _build_ordered(items: Any) -> collections.OrderedDict:
    exactly(dict, items)
    return collections.OrderedDict(items)


_FACTORIES = (int, float, str, list, dict, set, bool, tuple, type(None), complex)


def _default_parts(value: collections.defaultdict) -> tuple:
    factory = value.default_factory
    if factory is None:
        return None, dict(value)
    if factory in _FACTORIES:
        return factory.__name__, dict(value)
    return factory, dict(value)  # goes as a function of this side


def _build_default(factory: Any, items: Any) -> collections.defaultdict:
    exactly(dict, items)
    if type(factory) is str:
        factory = {kind.__name__: kind for kind in _FACTORIES}[factory]
    return collections.defaultdict(factory, items)


def _view(name: str) -> Callable[[Any], Any]:
    def build(items: Any) -> Any:
        exactly(list, items)
        if name == "keys":
            return dict.fromkeys(items).keys()
        if name == "values":
            return dict(enumerate(items)).values()
        return dict(items).items()

    return build


# -- numpy ----------------------------------------------------------------------------------------


def _build_matrix(data: Any) -> np.matrix:
    exactly(np.ndarray, data)
    return data.view(np.matrix)


def _masked_parts(value: np.ma.MaskedArray) -> tuple:
    mask = None if value.mask is np.ma.nomask else np.asarray(value.mask)
    return np.asarray(value.data), mask, np.asarray(value.fill_value)


def _build_masked(data: Any, mask: Any, fill: Any) -> np.ma.MaskedArray:
    exactly(np.ndarray, data, fill)
    if mask is not None:
        exactly(np.ndarray, mask)
    return np.ma.MaskedArray(data, np.ma.nomask if mask is None else mask, fill_value=fill)


def _refresh_masked(old: Any, new: Any) -> None:
    old[...] = new


def _refresh_matrix(old: Any, new: Any) -> None:
    if old.shape != new.shape or old.dtype != new.dtype:
        raise WireError("a matrix that changed its shape or dtype")
    old[...] = new


def _state_of(generator: Any) -> tuple:
    bits = generator.bit_generator
    if type(bits).__name__ not in _BIT_GENERATORS or type(bits).__module__[:13] != "numpy.random.":
        raise WireError(f"a random generator with a {type(bits).__name__}")
    return type(bits).__name__, bits.state


def _bits(name: Any, state: Any) -> Any:
    if name not in _BIT_GENERATORS:
        raise WireError("an unknown bit generator")
    exactly(dict, state)
    bits = getattr(np.random, name)(0)
    bits.state = state
    return bits


def _build_generator(name: Any, state: Any) -> np.random.Generator:
    return np.random.Generator(_bits(name, state))


def _refresh_generator(old: Any, new: Any) -> None:
    old.bit_generator.state = new.bit_generator.state


def _random_state_parts(value: np.random.RandomState) -> tuple:
    return (list(value.get_state()),)


def _build_random_state(state: Any) -> np.random.RandomState:
    exactly(list, state)
    made = np.random.RandomState(0)
    made.set_state(tuple(state))
    return made


def _refresh_random_state(old: Any, new: Any) -> None:
    old.set_state(new.get_state())


def _python_random_parts(value: random.Random) -> tuple:
    version, numbers, gauss = value.getstate()
    return version, np.array(numbers, dtype=np.uint64), gauss


def _build_python_random(version: Any, numbers: Any, gauss: Any) -> random.Random:
    exactly(np.ndarray, numbers)
    made = random.Random(0)
    made.setstate((version, tuple(numbers.tolist()), gauss))
    return made


def _refresh_python_random(old: Any, new: Any) -> None:
    old.setstate(new.getstate())


_CODECS = [
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
    Codec("matrix", np.matrix, lambda v: (np.asarray(v),), _build_matrix, _refresh_matrix),
    Codec("MaskedArray", np.ma.MaskedArray, _masked_parts, _build_masked, _refresh_masked),
    Codec(
        "Generator", np.random.Generator, _state_of, _build_generator, _refresh_generator
    ),
    Codec(
        "RandomState",
        np.random.RandomState,
        _random_state_parts,
        _build_random_state,
        _refresh_random_state,
    ),
    Codec(
        "Random", random.Random, _python_random_parts, _build_python_random, _refresh_python_random
    ),
]  # fmt: skip

_by_type: dict[type, Codec] = {codec.kind: codec for codec in _CODECS}
_by_name: dict[str, Codec] = {codec.name: codec for codec in _CODECS}


def _learn_pandas() -> None:
    if "pandas.DataFrame" in _by_name:
        return
    try:
        from nbjudge.wire.pandas_codecs import PANDAS_CODECS
    except ImportError as error:
        raise WireError("a value of pandas, which is not installed for the tests") from error
    _by_type.update({codec.kind: codec for codec in PANDAS_CODECS})
    _by_name.update({codec.name: codec for codec in PANDAS_CODECS})


def _package(kind: type) -> str:
    module = type.__getattribute__(kind, "__dict__").get("__module__")
    return module.split(".")[0] if type(module) is str else ""


def codec_of(kind: type) -> Codec | None:
    """Return how values of exactly this type cross, or None if they do not."""
    found = _by_type.get(kind)
    if found is None and _package(kind) == "pandas":
        _learn_pandas()
        found = _by_type.get(kind)
    return found


def codec_named(name: Any) -> Codec:
    """Return the codec of a name that arrived.

    Raises
    ------
    WireError
        If there is none.
    """
    if type(name) is str and name.startswith("pandas."):
        _learn_pandas()
    if type(name) is not str or name not in _by_name:
        raise WireError("a value of an unknown kind")
    return _by_name[name]
