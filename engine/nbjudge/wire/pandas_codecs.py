"""pandas' frames, series, indexes and scalars by value: columns of a fixed list of dtypes.

Imported where a value of pandas is met, so that a course without pandas needs none. The judge
builds real frames with its own pandas: `assert_frame_equal` and ``type(t) == pd.DataFrame`` work,
and nothing that the student's pandas was made into comes along.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
import pandas as pd

from nbjudge.wire.codec import Codec, exactly
from nbjudge.wire.frames import WireError
from nbjudge.wire.standard_codecs import build_zone, zone_parts

_NULLABLE = {
    **{f"Int{size}": f"int{size}" for size in (8, 16, 32, 64)},
    **{f"UInt{size}": f"uint{size}" for size in (8, 16, 32, 64)},
    "Float32": "float32",
    "Float64": "float64",
    "boolean": "bool",
}
"""pandas' dtypes with missing values, and numpy's for what is not missing."""

_NumpyDtype = type(pd.Series([1]).array.dtype)
"""What pandas calls the dtype of numpy's arrays behind its own interface."""

_FREQUENCY = re.compile(r"-?\d{0,4}[A-Za-z]{1,8}(-[A-Z]{3})?")
_Unit = Literal["s", "ms", "us", "ns"]
_UNITS: tuple[_Unit, ...] = ("s", "ms", "us", "ns")


def _unit(value: Any) -> _Unit:
    for unit in _UNITS:
        if unit == value:
            return unit
    raise WireError("an unknown unit of time")


# -- columns --------------------------------------------------------------------------------------


def _column(array: Any) -> tuple[Any, ...]:
    """Take the values of a column apart: a kind, and what it needs."""
    dtype = array.dtype
    if isinstance(dtype, (np.dtype, _NumpyDtype)):
        return "numpy", np.asarray(array)
    if isinstance(dtype, pd.StringDtype):
        missing = pd.isna(array)
        texts = [None if gone else str(v) for v, gone in zip(array, missing, strict=True)]
        return "string", dtype.storage, dtype.na_value is pd.NA, texts
    if isinstance(dtype, pd.CategoricalDtype):
        return "category", dtype.categories, np.asarray(array.codes), bool(dtype.ordered)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return "zoned", np.asarray(array.asi8), dtype.unit, zone_parts(dtype.tz)
    if isinstance(dtype, pd.PeriodDtype):
        return "period", np.asarray(array.asi8), array.freqstr
    if isinstance(dtype, pd.IntervalDtype):
        return "interval", pd.Index(array.left), pd.Index(array.right), str(dtype.closed)
    if dtype.name in _NULLABLE:
        missing = np.asarray(array.isna())
        filled = array.to_numpy(dtype=_NULLABLE[dtype.name], na_value=0)
        return "nullable", dtype.name, filled, missing
    raise WireError(f"a column of the dtype {dtype.name}")


def _build_column(parts: Any) -> Any:
    exactly(tuple, parts)
    match parts:
        case "numpy", np.ndarray() as values:
            return values
        case "string", str(storage), bool(nullable), list(texts):
            exactly((str, type(None)), *texts)
            return pd.array(texts, dtype=_string_dtype(storage, nullable))
        case "category", pd.Index() as categories, np.ndarray() as codes, bool(ordered):
            dtype = pd.CategoricalDtype(categories, ordered)
            return pd.Categorical.from_codes(codes, dtype=dtype)
        case "zoned", np.ndarray() as values, unit, zone:
            stamps = pd.DatetimeIndex(values.view(f"M8[{_unit(unit)}]"))
            return stamps.tz_localize("UTC").tz_convert(_pandas_zone(zone)).array
        case "period", np.ndarray() as values, frequency:
            return pd.PeriodIndex.from_ordinals(values, freq=_frequency(frequency)).array
        case "interval", pd.Index() as left, pd.Index() as right, str(closed):
            return pd.IntervalIndex.from_arrays(left, right, closed=closed).array
        case "nullable", str(name), np.ndarray() as values, np.ndarray() as missing:
            if values.dtype != np.dtype(_NULLABLE[name]) or missing.dtype != bool:
                raise WireError("a column of the wrong dtype")
            made = pd.array(values, dtype=name)
            made[missing] = pd.NA
            return made
    raise WireError("a column of an unknown kind")


def _has_missing(array: Any) -> bool:
    """Whether values are missing that equal nothing, and so pass as equal to all in ``all()``."""
    return getattr(array.dtype, "na_value", None) is pd.NA and bool(array.isna().any())


def _string_dtype(storage: str, nullable: bool) -> Any:
    if storage not in ("python", "pyarrow"):
        raise WireError("a text column of an unknown kind")
    if nullable:
        return pd.StringDtype(storage)
    return pd.StringDtype(storage, na_value=np.nan)


def _pandas_zone(zone: Any) -> Any:
    # By its key, as a test would write it: which class stands for it is pandas' choice.
    return zone if type(zone) is str and build_zone(zone) is not None else build_zone(zone)


def _frequency(text: Any) -> str | None:
    if text is None:
        return None
    exactly(str, text)
    if not _FREQUENCY.fullmatch(text):
        raise WireError("a frequency that is none")
    return str(text)


# -- indexes --------------------------------------------------------------------------------------


def _index_parts(index: Any) -> tuple[Any, ...]:
    names = list(index.names)
    if type(index) is pd.RangeIndex:
        return "range", names, index.start, index.stop, index.step
    if type(index) is pd.MultiIndex:
        return "multi", names, list(index.levels), [np.asarray(codes) for codes in index.codes]
    frequency = getattr(index, "freqstr", None)
    if type(index) not in (pd.DatetimeIndex, pd.TimedeltaIndex):
        frequency = None
    return "index", names, _column(index.array), frequency


def _build_index(*parts: Any) -> Any:
    match parts:
        case "range", [_] as names, int(start), int(stop), int(step):
            made: Any = pd.RangeIndex(start, stop, step)
        case "multi", list(names), list(levels), list(codes):
            exactly(np.ndarray, *codes)
            made = pd.MultiIndex(levels, codes)
        case "index", [_] as names, column, frequency:
            array = _build_column(column)
            # With its dtype: an index of objects stays one, whatever the objects look like.
            made = pd.Index(array, dtype=array.dtype)
            if frequency is not None:
                made.freq = _frequency(frequency)
        case _:
            raise WireError("an index of an unknown kind")
    made.names = names
    return made


# -- frames and series ----------------------------------------------------------------------------


def _frame_parts(frame: pd.DataFrame) -> tuple[Any, ...]:
    columns = [_column(frame.iloc[:, place].array) for place in range(frame.shape[1])]
    return frame.columns, frame.index, columns


def _build_frame(columns: Any, index: Any, contents: Any) -> pd.DataFrame:
    exactly(list, contents)
    if not isinstance(columns, pd.Index) or not isinstance(index, pd.Index):
        raise WireError("a frame without its index")
    if len(contents) != len(columns):
        raise WireError("a frame that lacks columns")
    made = {place: _series(part, index) for place, part in enumerate(contents)}
    frame = pd.DataFrame(made, index=index)
    frame.columns = columns
    return frame


def _series(column: Any, index: Any) -> pd.Series:
    array = _build_column(column)
    return pd.Series(array, index=index, dtype=array.dtype)


def _build_series(column: Any, index: Any, name: Any) -> pd.Series:
    if not isinstance(index, pd.Index):
        raise WireError("a series without its index")
    made = _series(column, index)
    made.name = name
    return made


def _refresh(old: Any, new: Any) -> None:
    # What pandas offers for "become another, in place".
    old.__init__(new)
    if isinstance(old, pd.Series):
        old.name = new.name


# -- scalars --------------------------------------------------------------------------------------


def _build_stamp(value: Any, unit: Any, zone: Any) -> pd.Timestamp:
    exactly(int, value)
    stamp = pd.Timestamp(np.datetime64(value, _unit(unit)))
    if zone is None:
        return stamp
    return stamp.tz_localize("UTC").tz_convert(_pandas_zone(zone))


def _build_span(value: Any, unit: Any) -> pd.Timedelta:
    exactly(int, value)
    return pd.Timedelta(np.timedelta64(value, _unit(unit)))


def _stamp_parts(stamp: pd.Timestamp) -> tuple[Any, ...]:
    plain = stamp.tz_convert("UTC").tz_localize(None) if stamp.tzinfo is not None else stamp
    return int(plain.to_datetime64().astype("i8")), stamp.unit, zone_parts(stamp.tzinfo)


def _build_period(ordinal: Any, frequency: Any) -> pd.Period:
    exactly(int, ordinal)
    return pd.Period(ordinal=ordinal, freq=_frequency(frequency))


def _build_interval(left: Any, right: Any, closed: Any) -> pd.Interval:
    return pd.Interval(left, right, closed)


_INDEXES = (
    *(pd.Index, pd.RangeIndex, pd.MultiIndex, pd.DatetimeIndex, pd.TimedeltaIndex),
    *(pd.CategoricalIndex, pd.PeriodIndex, pd.IntervalIndex),
)
_ARRAYS = (
    *(type(pd.array([1])), type(pd.array([1.0])), type(pd.array([True])), type(pd.array(["a"]))),
    *(pd.Categorical, type(pd.DatetimeIndex([]).array), type(pd.TimedeltaIndex([]).array)),
)

PANDAS_CODECS = [
    Codec(
        "pandas.DataFrame",
        pd.DataFrame,
        _frame_parts,
        _build_frame,
        _refresh,
        lambda v: any(_has_missing(v.iloc[:, place].array) for place in range(v.shape[1])),
    ),
    Codec(
        "pandas.Series",
        pd.Series,
        lambda v: (_column(v.array), v.index, v.name),
        _build_series,
        _refresh,
        lambda v: _has_missing(v.array),
    ),
    *(
        Codec(
            f"pandas.{kind.__name__}", kind, _index_parts, _build_index, lacks=_has_missing
        )
        for kind in _INDEXES
    ),
    *(
        Codec(
            f"pandas.{kind.__name__}",
            kind,
            lambda v: (_column(v),),
            _build_column,
            lacks=_has_missing,
        )
        for kind in _ARRAYS
    ),
    Codec("pandas.Timestamp", pd.Timestamp, _stamp_parts, _build_stamp),
    Codec(
        "pandas.Timedelta",
        pd.Timedelta,
        lambda v: (int(v.to_timedelta64().astype("i8")), v.unit),
        _build_span,
    ),
    Codec("pandas.Period", pd.Period, lambda v: (v.ordinal, v.freqstr), _build_period),
    Codec(
        "pandas.Interval", pd.Interval, lambda v: (v.left, v.right, v.closed), _build_interval
    ),
    Codec("pandas.NaT", type(pd.NaT), lambda v: (), lambda: pd.NaT),
    Codec("pandas.NA", type(pd.NA), lambda v: (), lambda: pd.NA),
]  # fmt: skip
