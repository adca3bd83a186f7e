"""Put the submissions of a system's download where nbgrader looks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from nbgrader.api import Gradebook

from nbjudge.batch.handed_in import name_fault
from nbjudge.gradebook.people import read_people
from nbjudge.lms.archive import Archive, ArchiveError, Entry
from nbjudge.lms.attempts import Submission, last_attempt, notebook_of
from nbjudge.lms.collectors import COLLECTORS, Named
from nbjudge.lms.identity import Register


class CollectError(ValueError):
    """A download cannot be collected; the message says why, and what to do."""


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
            counts[assignment] += file.endswith(".ipynb") and notebook_of(file, known) is not None
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
        made = last_attempt(student, files, notebooks, zone)
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
