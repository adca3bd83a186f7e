"""How the downloads of each system name a student's files: patterns for nbgrader's collector.

Each is a plugin of nbgrader's own ``nbgrader zip_collect`` too, as ``--collector=…``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.plugins import FileNameCollectorPlugin

_MONTHS = (
    ("jan",), ("feb", "fev", "fév"), ("mar", "mär", "mrt"), ("apr", "avr", "abr"),
    ("may", "mai", "mei"), ("jun", "juin"), ("jul", "juil"), ("aug", "aoû", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "out"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2})[:. ]?(\d\d) ?([ap])?\.?m?\.?$", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """What a file's name says.

    Attributes
    ----------
    owner : str
        Tells the student's files from those of others in the same download.
    number : str
        The system's number of the student or of their submission; empty where it has none.
    name : str
        The student's name, as far as the system writes it.
    file : str
        What the student called the file, with ``/`` between folders.
    version : tuple of int
        Which attempt it is of: the largest is the last.
    late : bool or None
        Whether the system calls it late; None where it does not say.
    when : datetime or None
        When it was handed in, by the system's clock, where the name says that.
    prefix : str
        What the system has put before the file's name.
    """

    owner: str
    number: str
    name: str
    file: str
    version: tuple[int, ...] = ()
    late: bool | None = None
    when: datetime | None = None
    prefix: str = ""


class Collector(FileNameCollectorPlugin):
    """The pattern of a system's file names.

    Attributes
    ----------
    example : str
        A file's name, for messages.
    """

    pattern = ""
    example = ""

    named_regexp: str  # nbgrader's

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.named_regexp:
            self.named_regexp = self.pattern

    def read(self, path: str) -> Named | None:
        """Return what the name of a file in the download says, None for one of another kind."""
        if re.match(self.named_regexp, path) is None:  # which nbgrader would warn of
            return None
        found = self._match(path)
        return None if found is None else self.name_of(path, found)

    def name_of(self, path: str, found: dict[str, Any]) -> Named:
        """Put together what the groups of the pattern say."""
        raise NotImplementedError


class CanvasCollector(Collector):
    """Canvas, *Download Submissions*: ``lovelaceada_LATE_12345_67890_ps1-1.ipynb``.

    The numbers are those of the student and of the file; Canvas adds ``-1``, ``-2`` and so on to
    the name of a file that was handed in again.
    """

    example = "lovelaceada_LATE_12345_67890_ps1.ipynb"
    pattern = (
        r"(?:.*/)?(?P<name>[^_/]*)(?P<late>_LATE)?_(?P<student_id>\d+)_(?P<submission>\d+)_"
        r"(?P<file_id>[^/]+)$"
    )

    def name_of(self, path: str, found: dict[str, Any]) -> Named:
        """Say whose the file is."""
        file = found["file_id"]
        return Named(
            found["student_id"], found["student_id"], found["name"], file,
            (int(found["submission"]),), found["late"] is not None, None,
            path.rpartition("/")[2].removesuffix(file),
        )  # fmt: skip


class MoodleCollector(Collector):
    """Moodle, *Download all submissions*: ``Ada Lovelace_12345_assignsubmission_file_/ps1.ipynb``.

    Without *in folders* the file's name follows without ``/``. The number is the one that the
    grading worksheet has after *Participant*, whatever its language.
    """

    example = "Ada Lovelace_12345_assignsubmission_file_/ps1.ipynb"
    pattern = (
        r"(?:.*/)?(?P<name>[^/]+?)_(?P<student_id>\d+)_assignsubmission_file_?/?(?P<file_id>.+)$"
    )

    def name_of(self, path: str, found: dict[str, Any]) -> Named:
        """Say whose the file is."""
        file = found["file_id"]
        owner = f"{found['name']}_{found['student_id']}"
        top = path.removesuffix(file)
        prefix = top[top.find(owner) :]
        return Named(owner, found["student_id"], found["name"], file, prefix=prefix)


class BrightspaceCollector(Collector):
    """Brightspace, *Download*: ``12345-67890 - Ada Lovelace - Nov 3, 2026 1015 AM/ps1.ipynb``."""

    example = "12345-67890 - Ada Lovelace - Nov 3, 2026 1015 AM/ps1.ipynb"
    pattern = (
        r"(?:.*/)?(?P<student_id>\d+)-(?P<submission>\d+) ?- ?(?P<name>[^/]+?) ?- ?"
        r"(?P<when>[^/-]*\b\d{4},? \d{1,2}[:. ]?\d\d(?: ?[AaPp]\.?[Mm]\.?)?)(?:/| ?- ?)"
        r"(?P<file_id>.+)$"
    )

    def name_of(self, path: str, found: dict[str, Any]) -> Named:
        """Say whose the file is, and when it was handed in."""
        when = read_time(found["when"])
        seconds = 0 if when is None else int((when - datetime(2000, 1, 1)).total_seconds())
        file = found["file_id"]
        return Named(
            found["student_id"], found["student_id"], found["name"], file,
            (seconds, int(found["submission"])), None, when, path.removesuffix(file),
        )  # fmt: skip


class FolderCollector(Collector):
    """A folder for each student: ``ada/ps1.ipynb``, or ``ada/ps1/ps1.ipynb`` as nbgrader has it."""

    example = "ada/ps1.ipynb"
    pattern = r"(?:.*/)?(?P<student_id>[^/]+)/(?P<file_id>[^/]+)$"

    def name_of(self, path: str, found: dict[str, Any]) -> Named:
        """Say whose the file is."""
        student = found["student_id"]
        return Named(student, student, student, found["file_id"], prefix=f"{student}/")


COLLECTORS: dict[str, type[Collector]] = {
    "canvas": CanvasCollector,
    "moodle": MoodleCollector,
    "brightspace": BrightspaceCollector,
    "folder": FolderCollector,
}


def read_time(text: str) -> datetime | None:
    """Read a time as Brightspace writes it into names, in some languages.

    Examples
    --------
    >>> read_time("Nov 3, 2026 1015 AM"), read_time("3 November, 2026 2215")
    (datetime.datetime(2026, 11, 3, 10, 15), datetime.datetime(2026, 11, 3, 22, 15))
    """
    clock = _CLOCK.search(text.strip())
    if clock is None:
        return None
    date = text.strip()[: clock.start()]
    month = next(
        (
            number
            for word in re.findall(r"[^\W\d_]+", date.casefold())
            for number, names in enumerate(_MONTHS, 1)
            if word.startswith(names)
        ),
        0,
    )
    numbers = [int(number) for number in re.findall(r"\d+", date)]
    hour, minute = int(clock[1]), int(clock[2])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].casefold() == "p" else 0)
    year = next((n for n in numbers if n > 31), 0)
    day = next((n for n in numbers if n <= 31), 0)
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None
