"""``incidents.csv``: the submissions that a person must look at."""

from __future__ import annotations

import csv
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge.gradebook.sharing import share_file
from nbjudge.untrusted_text import for_spreadsheet, from_spreadsheet, one_line

GRADED, NOT_GRADED = "yes", "no"
_COLUMNS = ("student", "assignment", "file", "what")
_GRADED = "graded, and to be looked at: "


@dataclass(frozen=True)
class Incident:
    """What a person must look at; texts are cut to one line of 500 characters.

    Attributes
    ----------
    student, assignment : str
        Whose submission, and of what. Both are empty for files that belong to no submission.
    file : str
        The file that is at fault, relative to the course.
    what : str
        What is wrong with it, in a sentence.
    graded : str
        ``"yes"`` where the submission is graded all the same, else ``"no"``. In the file this
        stands before the sentence.
    """

    student: str
    assignment: str
    file: str
    what: str
    graded: str = NOT_GRADED

    def __post_init__(self) -> None:
        for name in ("file", "what"):
            object.__setattr__(self, name, one_line(getattr(self, name)))


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
        The rows, by column. What cannot be read as rows is left out.
    """
    if not path.exists():
        return []
    limit = csv.field_size_limit(sys.maxsize)
    rows = []
    try:
        with path.open(newline="", encoding="utf-8", errors="replace") as file:
            for row in csv.DictReader(line.replace("\0", "") for line in file):
                fields = {name: row.get(name) for name in _COLUMNS}
                if None not in fields.values():
                    known = {name: from_spreadsheet(str(v)) for name, v in fields.items()}
                    graded = known["what"].startswith(_GRADED)
                    known["what"] = known["what"].removeprefix(_GRADED)
                    rows.append({**known, "graded": GRADED if graded else NOT_GRADED})
    except csv.Error:
        pass  # the file was edited: the rows before that count
    finally:
        csv.field_size_limit(limit)
    return [row for row in rows if assignment in (None, row["assignment"])]


def write_incidents(
    incidents: Sequence[Incident],
    path: Path,
    assignments: Sequence[str],
    students: Collection[str] | None = None,
    groupshared: bool = False,
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
    students : collection of str, optional
        Whom this run graded, everybody by default. Rows of other students stay.
    groupshared : bool
        Whether the course's group may write the file, too.
    """
    kept = [
        Incident(**row)
        for row in read_incidents(path)
        if row["assignment"] not in assignments
        or (students is not None and row["student"] not in students)
    ]
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for found in [*kept, *incidents]:
            what = f"{_GRADED}{found.what}" if found.graded == GRADED else found.what
            row = (found.student, found.assignment, found.file, what)
            writer.writerow(map(for_spreadsheet, row))
    if groupshared:
        share_file(part)
    part.replace(path)
