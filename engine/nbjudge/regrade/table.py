"""``regrades.csv``: who changed which grade after the fact, when and why."""

from __future__ import annotations

import csv
import getpass
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from nbjudge.gradebook.sharing import share_file
from nbjudge.untrusted_text import for_spreadsheet

NAME = "regrades.csv"
"""The file in the course's folder; rows are added at its end."""


class Row(NamedTuple):
    """One grade that changed: the columns of the file.

    Attributes
    ----------
    when : str
        In UTC.
    who : str
        The account that ran the command.
    why : str
        What was given with ``--because``.
    assignment, student, notebook, cell : str
        Which grade; ``(late)`` in the place of the cell is what lateness costs.
    old, new : float
        The points.
    """

    when: str
    who: str
    why: str
    assignment: str
    student: str
    notebook: str
    cell: str
    old: float
    new: float


def now() -> str:
    """Return the time, as it stands in the file."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def account() -> str:
    """Name who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return str(os.getuid())


def append_rows(path: Path, rows: Sequence[Row], groupshared: bool = False) -> None:
    """Add rows at the end of the file, replacing it in one step.

    Rows that are there already are not added again.

    Parameters
    ----------
    path : Path
        The file, which is made if need be.
    rows : sequence of Row
        Of one change.
    groupshared : bool
        Whether the course's group may write the file, too.
    """
    lines = [[for_spreadsheet(value) for value in row] for row in rows]
    data = path.read_bytes() if path.exists() else b""  # of whatever program has edited it
    there = csv.reader(data.decode("utf-8-sig", "replace").splitlines())
    if not lines or lines[0] in there:
        return
    added = io.StringIO()
    writer = csv.writer(added, lineterminator="\n")
    if not data:
        writer.writerow(Row._fields)
    writer.writerows(lines)
    part = path.with_suffix(".part")
    end = b"" if not data or data.endswith(b"\n") else b"\n"
    part.write_bytes(data + end + added.getvalue().encode())
    if groupshared:
        share_file(part)
    part.replace(path)
