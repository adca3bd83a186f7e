"""The roster of a class, from a table into the gradebook: names, sections, extra days."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from nbgrader.api import Gradebook, Student

from nbjudge.batch.handed_in import name_fault
from nbjudge.batch.late import LatePenalties
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.people import EVERY, Person, extend_all, read_people, write_people
from nbjudge.lms.columns import kind_of, plain
from nbjudge.lms.table import Table, TableError

_FIELDS = ("first_name", "last_name", "email")
_LONGEST = 128  # characters, of nbgrader's columns
_MOST_DAYS = 3650


@dataclass
class RosterRow:
    """What a table says of one student; None where it has no such column.

    Attributes
    ----------
    fields : dict of str to str
        nbgrader's columns.
    section : str or None
        Their group.
    extra_days : dict of str to float
        By assignment, or under `EVERY`.
    """

    fields: dict[str, str] = field(default_factory=dict)
    section: str | None = None
    extra_days: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """What an import has changed.

    Attributes
    ----------
    new, changed, same : int
        How many students.
    extended : dict of str to list of str
        By assignment, whose submissions have another due date now.
    """

    new: int
    changed: int
    same: int
    extended: dict[str, list[str]]


def read_roster(table: Table, assignments: list[str]) -> dict[str, RosterRow]:
    """Read the students of a table.

    Columns are ``student_id``, ``first_name``, ``last_name``, ``email``, ``section`` and
    ``extra_days``, in any order; all but the first may be missing, and others are left alone. Extra
    days count for every assignment; ``extra_days ps1`` for one, and so does a row with ``ps1`` in
    a column ``assignment``.

    Parameters
    ----------
    table : Table
        The table.
    assignments : list of str
        Those that the gradebook knows.

    Raises
    ------
    TableError
        If a row cannot be read, or two are of one student.
    """
    kinds = [kind_of(head) for head in table.heads]
    of_assignment = {n: _assignment(head, assignments) for n, head in enumerate(table.heads)}
    for kind in {*kinds} - {None, "full_name"}:
        if kinds.count(kind) > 1:
            heads = [h for h, k in zip(table.heads, kinds, strict=True) if k == kind]
            raise TableError(f"{table.path.name}: {' and '.join(heads)} are one column twice")
    if "id" not in kinds:
        raise TableError(
            f"{table.path.name}: there is no column student_id; there are {', '.join(table.heads)}"
        )
    found: dict[str, RosterRow] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(table.rows):
        cells = {kind: value.strip() for kind, value in zip(kinds, row, strict=True) if kind}
        student, assignment = cells["id"], cells.get("assignment", "")
        _check(table, number, student, assignment, assignments)
        before = seen.get((student, assignment))
        if before is not None:
            raise table.fault(
                number, f"student {student!r} stands in line {table.lines[before]} already"
            )
        seen[student, assignment] = number
        one = found.setdefault(student, RosterRow())
        if cells.get("full_name") and not (cells.get("first_name") or cells.get("last_name")):
            cells["first_name"], cells["last_name"] = split_name(cells["full_name"])
        for name in _FIELDS:
            if cells.get(name):
                if len(cells[name]) > _LONGEST:
                    raise table.fault(number, f"{name} is longer than {_LONGEST} characters")
                one.fields[name] = cells[name]
        if "section" in cells:
            one.section = cells["section"]
        if "extra_days" in cells:
            one.extra_days[assignment or EVERY] = _days(table, number, cells["extra_days"])
        for column, given in of_assignment.items():
            if given and row[column].strip():
                one.extra_days[given] = _days(table, number, row[column].strip())
    return found


def _assignment(head: str, assignments: list[str]) -> str | None:
    """Return the assignment of a column such as ``extra_days ps1``."""
    match = re.fullmatch(r"(?:extra|extension)[ _]?days[ _:/-]+(.+)", head.strip(), re.IGNORECASE)
    if match is None:
        return None
    name = match[1].strip()
    if name not in assignments:
        raise TableError(
            f"the column {head!r} is of an assignment that the gradebook does not know; it knows "
            f"{', '.join(assignments) or 'none'}"
        )
    return name


def _check(
    table: Table, number: int, student: str, assignment: str, assignments: list[str]
) -> None:
    if not student:
        raise table.fault(number, "the student has no id")
    fault = name_fault(student)
    if fault is None and ("/" in student or len(student) > _LONGEST):
        fault = f"a folder is named by the id: no / and at most {_LONGEST} characters"
    if fault is not None:
        raise table.fault(number, f"student {student!r}: {fault}")
    if assignment and assignment not in assignments:
        raise table.fault(
            number, f"the gradebook has no assignment {assignment!r}; it has "
            f"{', '.join(assignments) or 'none'}"
        )  # fmt: skip


def _days(table: Table, number: int, text: str) -> float:
    try:
        days = float(text.replace(",", ".")) if text else 0.0
    except ValueError:
        days = math.nan
    if not 0 <= days <= _MOST_DAYS:
        raise table.fault(number, f"extra days are a number of days, such as 2, and not {text!r}")
    return days


def import_students(
    gradebook: Gradebook, roster: dict[str, RosterRow], late: LatePenalties | None
) -> Imported:
    """Write a roster into a gradebook in one transaction.

    What the table says nothing of stays: other students, and columns that it does not have.

    Parameters
    ----------
    gradebook : Gradebook
        The course's, with a table for notes.
    roster : dict of str to RosterRow
        From `read_roster`.
    late : LatePenalties or None
        What lateness costs in the course.
    """
    counts = {"new": 0, "changed": 0, "same": 0}
    with one_transaction(gradebook):
        people = read_people(gradebook)
        there = {student.id: student for student in gradebook.students}
        for name, row in roster.items():
            known = there.get(name)
            before = people.get(name, Person())
            after = Person(before.section if row.section is None else row.section)
            after.extra_days = {**before.extra_days, **row.extra_days}
            if known is None:
                gradebook.db.add(Student(id=name, **row.fields))
                counts["new"] += 1
            else:
                fields = {n: v for n, v in row.fields.items() if getattr(known, n) != v}
                for column, value in fields.items():
                    setattr(known, column, value)
                counts["changed" if fields or before != after else "same"] += 1
            if after != Person():
                people[name] = after
        write_people(gradebook, people)
        gradebook.db.flush()
        extended = {}
        for assignment in gradebook.assignments:
            others = extend_all(gradebook, assignment.name, people)
            if others:
                extended[assignment.name] = others
                if late is not None:
                    late.work_out(gradebook, assignment.name)
    return Imported(**counts, extended=extended)


def split_name(name: str) -> tuple[str, str]:
    """Return first and last names of a full one.

    Examples
    --------
    >>> split_name("King, Augusta Ada"), split_name("Ada Lovelace"), split_name("Plato")
    (('Augusta Ada', 'King'), ('Ada', 'Lovelace'), ('', 'Plato'))
    """
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()


def by_name(gradebook: Gradebook) -> dict[str, list[str]]:
    """Return the students of each full name, in both orders, to compare by `plain`."""
    found: dict[str, list[str]] = {}
    for student in gradebook.students:
        first, last = student.first_name or "", student.last_name or ""
        for name in {plain(f"{first} {last}"), plain(f"{last} {first}")} - {""}:
            found.setdefault(name, []).append(student.id)
    return found
