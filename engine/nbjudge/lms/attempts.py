"""Of several attempts of a student the last, under the names that an assignment has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from nbjudge.lms.archive import Entry
from nbjudge.lms.collectors import Named

STAMP = "timestamp.txt"
_AGAIN = re.compile(r"(?P<stem>.+?)(?:-(?P<again>\d{1,3}))?(?P<ending>\.[^./]+)$")


@dataclass
class Submission:
    """What a student has handed in last.

    Attributes
    ----------
    student : str
        Whose it is.
    files : dict of str to Entry
        By the name that the file gets.
    names : dict of str to str
        By the same, what the download calls it: feedback goes back under that name.
    number : str
        The system's number of the student or of their submission.
    when : datetime or None
        When it was handed in, in UTC, without a zone.
    late : bool or None
        Whether the system calls it late; None where it does not say.
    remarks : list of str
        What is to be said of it.
    """

    student: str
    files: dict[str, Entry] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    number: str = ""
    when: datetime | None = None
    late: bool | None = None
    remarks: list[str] = field(default_factory=list)


def last_attempt(
    student: str, files: list[tuple[Entry, Named]], notebooks: list[str], zone: tzinfo | None
) -> Submission:
    """Choose the last attempt of each file."""
    if any(len(named.version) > 1 for _, named in files):  # a folder an attempt
        last = max(named.version for _, named in files if named.file.endswith(".ipynb"))
        files = [(entry, named) for entry, named in files if named.version == last]
    made = Submission(student, number=files[0][1].number)
    chosen: dict[str, tuple[tuple[int, ...], Entry, Named]] = {}
    alone = sum(named.file.endswith(".ipynb") for _, named in files) == 1
    for entry, named in files:
        name, again = _name(named.file, notebooks)
        if name.endswith(".ipynb") and "/" not in name:
            known = notebook_of(name, notebooks)
            stem = known or (notebooks[0] if alone and len(notebooks) == 1 else None)
            if stem is not None and f"{stem}.ipynb" != name:
                made.remarks.append(f"handed in {named.file}, taken for {stem}.ipynb")
                name = f"{stem}.ipynb"
        version = (again, *named.version)
        if name not in chosen or version > chosen[name][0]:
            chosen[name] = (version, entry, named)
    when = None
    for name, (_, entry, named) in sorted(chosen.items()):
        made.files[name] = entry
        made.names[name] = f"{named.prefix}{named.file}"
        made.late = named.late if made.late is None else bool(made.late or named.late)
        time = named.when or entry.when
        when = time if when is None else max(when, time or when)
    if when is not None:
        local = when.replace(tzinfo=zone) if zone else when.astimezone()
        made.when = local.astimezone(UTC).replace(tzinfo=None)
    made.files.pop(STAMP, None)
    return made


def _name(file: str, notebooks: list[str]) -> tuple[str, int]:
    """Return a file's name without the number of an attempt, and the number."""
    match = _AGAIN.fullmatch(file)
    if match is None or match["again"] is None:
        return file, 0
    whole = f"{match['stem']}-{match['again']}"
    if whole in notebooks or match["stem"] not in notebooks:
        return file, 0
    return f"{match['stem']}{match['ending']}", int(match["again"])


def notebook_of(file: str, notebooks: list[str]) -> str | None:
    """Return which notebook of an assignment a file is, however browsers have named copies."""
    stem = file.removesuffix(".ipynb")
    if stem in notebooks:
        return stem
    bare = re.sub(
        r"(?:[ _-]*\(\d+\)|-\d{1,3}|[ _-]+(?:copy|kopie|copie)\d*)+$", "", stem, flags=re.I
    )
    return next((name for name in notebooks if name.casefold() == bare.casefold()), None)
