"""What nbgrader's columns hold, whichever database gives it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1)


def as_number(value: Any) -> float | None:
    """Return a number, ``nan`` for none, and None for what is no finite number."""
    if type(value) is float and math.isfinite(value):
        return value
    if value is None:
        return math.nan
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return None


def as_moment(value: Any, complain: Callable[[str], None]) -> datetime | None:
    """Return a date as nbgrader keeps it: in UTC, without saying so."""
    if value is None or isinstance(value, datetime):
        return value.replace(tzinfo=None) if value is not None else None
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        complain(f"{value!r} is no date")
        return None


def as_interval(value: Any, complain: Callable[[str], None]) -> timedelta:
    """Return an extension; SQLite keeps it as a date after 1970."""
    if isinstance(value, timedelta):
        return value
    moment = as_moment(value, complain)
    return moment - _EPOCH if moment is not None else timedelta(0)
