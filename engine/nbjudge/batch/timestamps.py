"""When a submission was handed in, as ``timestamp.txt`` says it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T]"
    r"(\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)"
    r"(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?",
    re.ASCII,
)
_FIRST_YEAR = 2000


class TimestampError(ValueError):
    """A time that cannot be read with certainty; the message says why."""


def parse_timestamp(data: bytes) -> datetime | None:
    """Read the time of a submission.

    Parameters
    ----------
    data : bytes
        The contents of ``timestamp.txt``: a time in ISO 8601 with ``UTC``, ``Z`` or an offset.
        Without any of these it is in UTC, as nbgrader has it.

    Returns
    -------
    datetime or None
        The time in UTC, without a zone, as nbgrader's gradebook has it; None for an empty file.

    Raises
    ------
    TimestampError
        If it is not such a time, or lies before 2000.

    Examples
    --------
    >>> parse_timestamp(b"2026-10-05 13:30:00 +0200")
    datetime.datetime(2026, 10, 5, 11, 30)
    """
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise TimestampError("the timestamp is not a time: it is not UTF-8 text") from None
    if not text:
        return None
    match = _ISO.fullmatch(text)
    if match is None:
        raise TimestampError(
            "the timestamp is not a time in ISO 8601 with UTC or an offset, "
            "such as 2026-10-05 12:00:00 UTC"
        )
    day, time, zone = match.groups()
    offset = "+00:00" if zone in (None, "Z", "UTC", "GMT") else zone
    try:
        when = datetime.fromisoformat(f"{day}T{time.replace(',', '.')}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise TimestampError("the timestamp is not a time: there is no such date") from None
    when = when.replace(tzinfo=None)
    if when.year < _FIRST_YEAR:
        raise TimestampError(f"the timestamp is not the time of a submission: it is in {when.year}")
    return when
