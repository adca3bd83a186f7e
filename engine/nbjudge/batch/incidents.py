"""``incidents.csv``: the submissions that a person must look at."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from nbjudge.untrusted_text import for_spreadsheet, from_spreadsheet


@dataclass(frozen=True)
class Incident:
    """A submission that could not be graded, for a person to look at.

    Attributes
    ----------
    student, assignment : str
        Whose submission, and of what.
    file : str
        The file that is at fault, relative to the course.
    what : str
        What is wrong with it, in a sentence.
    """

    student: str
    assignment: str
    file: str
    what: str


def read_incidents(path: Path, assignment: str | None = None) -> list[dict[str, str]]:
    """Read what `write_incidents` has written, if it has.

    Parameters
    ----------
    path : Path
        The file.
    assignment : str, optional
        Leave out the rows of other assignments.

    Returns
    -------
    list of dict
        The rows, by column.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = [
            {name: from_spreadsheet(field) for name, field in row.items()}
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if assignment in (None, row["assignment"])]


def write_incidents(
    incidents: Sequence[Incident],
    path: Path,
    assignments: Sequence[str],
    students: Sequence[str] | None = None,
) -> None:
    """Write the submissions that a person must look at, one row a submission.

    Parameters
    ----------
    incidents : sequence of Incident
        What happened in this run.
    path : Path
        The file, replaced in one step.
    assignments : sequence of str
        What this run graded. Rows of other assignments stay.
    students : sequence of str, optional
        Whom this run graded, everybody by default. Rows of other students stay.
    """
    columns = [field.name for field in fields(Incident)]
    kept = [
        row
        for row in read_incidents(path)
        if row["assignment"] not in assignments
        or (students is not None and row["student"] not in students)
    ]
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for row in [*kept, *map(asdict, incidents)]:
            writer.writerow({name: for_spreadsheet(text) for name, text in row.items()})
    part.replace(path)
