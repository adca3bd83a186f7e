"""Put the submissions of a system's download where nbgrader looks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo

from nbgrader.api import Gradebook

from nbjudge.batch.handed_in import name_fault
from nbjudge.gradebook.people import read_people
from nbjudge.lms.archive import Archive, ArchiveError, Entry
from nbjudge.lms.collectors import COLLECTORS, Named
from nbjudge.lms.identity import Register

STAMP = "timestamp.txt"
_AGAIN = re.compile(r"(?P<stem>.+?)(?:-(?P<again>\d{1,3}))?(?P<ending>\.[^./]+)$")


class CollectError(ValueError):
    """A download cannot be collected; the message says why, and what to do."""


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


@dataclass
class Collected:
    """What became of a download.

    Attributes
    ----------
    new, replaced, unchanged, older : list of str
        Students: handed in for the first time, again, the same as there is, and an attempt before
        the one that there is.
    late : list of str
        Those of them who are late.
    unassigned : list of tuple of str and str
        Files that belong to no submission, and why.
    nobodys : int
        How many of them nobody is known for.
    remarks : list of str
        What is to be looked at.
    """

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    unassigned: list[tuple[str, str]] = field(default_factory=list)
    nobodys: int = 0
    remarks: list[str] = field(default_factory=list)


def read_names(archive: Archive, system: str) -> list[tuple[Entry, Named]]:
    """Read the names of a download's files.

    Raises
    ------
    CollectError
        If none is as the system names them; the message says whose they look like.
    """
    collector = COLLECTORS[system]()
    found = [(entry, named) for entry in archive.entries if (named := collector.read(entry.name))]
    if found:
        return found
    looks = ""
    for other, kind in COLLECTORS.items():
        if other != system and any(kind().read(entry.name) for entry in archive.entries):
            looks = f"; it looks like one for --from {other}"
            break
    raise CollectError(
        f"{archive.path}: no file of it has a name such as {collector.example!r}, "
        f"so this is no download of {system}{looks}"
    )


def find_assignment(names: Iterable[Named], notebooks: dict[str, list[str]]) -> str:
    """Tell which assignment a download is of, by the notebooks in it.

    Parameters
    ----------
    names : iterable of Named
        What the names of its files say.
    notebooks : dict of str to list of str
        The notebooks of each assignment.
    """
    if len(notebooks) == 1:
        return next(iter(notebooks))
    counts = dict.fromkeys(notebooks, 0)
    for named in names:
        file = named.file.rpartition("/")[2]
        for assignment, known in notebooks.items():
            counts[assignment] += file.endswith(".ipynb") and _notebook(file, known) is not None
    best = sorted(counts, key=lambda name: -counts[name])[:2]
    if not best or not counts[best[0]] or (len(best) > 1 and counts[best[0]] == counts[best[1]]):
        raise CollectError(
            "the names of its notebooks do not tell which assignment it is of: name it, as in "
            "`nbjudge collect ps1 --from moodle FILE.zip`"
        )
    return best[0]


def sort_out(
    archive: Archive,
    found: list[tuple[Entry, Named]],
    assignment: str,
    notebooks: list[str],
    register: Register,
    collected: Collected,
    zone: tzinfo | None,
) -> list[Submission]:
    """Put the files of a download together to submissions: of several attempts the last.

    Parameters
    ----------
    archive : Archive
        The download.
    found : list of tuple of Entry and Named
        From `read_names`.
    assignment : str
        Which assignment they are of.
    notebooks : list of str
        Its notebooks.
    register : Register
        Knows the class.
    collected : Collected
        Is told what cannot be assigned.
    zone : tzinfo or None
        The system's clock; None for this machine's.
    """
    owners: dict[str, list[tuple[Entry, Named]]] = {}
    for entry, named in found:
        owner = named.owner
        if owner == assignment and entry.name.count("/") >= 2:  # ada/ps1/ps1.ipynb
            owner = entry.name.split("/")[-3]
            named = Named(owner, owner, owner, named.file, prefix=f"{owner}/{assignment}/")
        owners.setdefault(owner, []).append((entry, named))
    alone = not register.students
    by_student: dict[str, Submission] = {}
    for files in owners.values():
        first = files[0][1]
        student, why = register.of_file(first, alone=alone)
        fault = name_fault(student) if student else None
        if student is None or fault or "/" in student:
            for entry, _ in files:
                collected.unassigned.append((entry.name, fault or why))
                collected.nobodys += not fault
            continue
        try:
            files = _unpacked(archive, files)
        except ArchiveError as error:
            collected.unassigned.append((files[0][0].name, f"of {student}: {error}"))
            continue
        if not any(named.file.endswith(".ipynb") for _, named in files):
            for entry, _ in files:
                collected.unassigned.append((entry.name, f"{student} handed in no notebook"))
            continue
        made = _last(student, files, notebooks, zone)
        before = by_student.get(student)
        if before is None or (made.when or datetime.min) >= (before.when or datetime.min):
            by_student[student] = made
    return [by_student[student] for student in sorted(by_student)]


def _unpacked(archive: Archive, files: list[tuple[Entry, Named]]) -> list[tuple[Entry, Named]]:
    """Return the files of a student who has put notebooks into a zip, and no other."""
    if any(named.file.endswith(".ipynb") for _, named in files):
        return files
    found = []
    for entry, named in files:
        if not named.file.casefold().endswith(".zip"):
            found.append((entry, named))
            continue
        inner = archive.inside(entry)
        tops = {one.name.partition("/")[0] for one in inner}
        folder = f"{next(iter(tops))}/" if len(tops) == 1 else ""
        for one in inner:
            file = one.name.removeprefix(folder) or one.name
            found.append((one, replace(named, file=file)))
    return found


def _last(
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
            known = _notebook(name, notebooks)
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


def _notebook(file: str, notebooks: list[str]) -> str | None:
    """Return which notebook of an assignment a file is, however browsers have named copies."""
    stem = file.removesuffix(".ipynb")
    if stem in notebooks:
        return stem
    bare = re.sub(
        r"(?:[ _-]*\(\d+\)|-\d{1,3}|[ _-]+(?:copy|kopie|copie)\d*)+$", "", stem, flags=re.I
    )
    return next((name for name in notebooks if name.casefold() == bare.casefold()), None)


def settle_lateness(
    submissions: list[Submission], duedates: dict[str, datetime], collected: Collected
) -> None:
    """Let the times of submissions agree with what the system says of lateness.

    Canvas marks what is late and has no time of a submission; what its zip has is the time of the
    download at worst. So where a time contradicts the mark, the mark counts.

    Parameters
    ----------
    submissions : list of Submission
        Whose times are changed.
    duedates : dict of str to datetime
        When each student's is due, in UTC.
    collected : Collected
        Is told who is late.
    """

    def is_after(one: Submission) -> bool:
        due = duedates.get(one.student)
        return due is not None and one.when is not None and one.when > due

    of_download = any(one.late is False and is_after(one) for one in submissions)
    for one in submissions:
        due = duedates.get(one.student)
        if one.late is False and (is_after(one) or of_download):
            one.when = None
        elif one.late and due is not None and (of_download or not is_after(one)):
            one.when = due + timedelta(seconds=1)
            one.remarks.append("late; the download does not say by how much: taken for one day")
        if one.late or is_after(one):
            collected.late.append(one.student)


def due_dates(
    gradebook: Gradebook, assignment: str, students: Iterable[str]
) -> dict[str, datetime]:
    """Return when an assignment is due for each student, extensions included."""
    due = gradebook.find_assignment(assignment).duedate
    if due is None:
        return {}
    people = read_people(gradebook)
    found = {}
    for student in students:
        one = people.get(student)
        found[student] = due + ((one and one.extension(assignment)) or timedelta())
    return found
