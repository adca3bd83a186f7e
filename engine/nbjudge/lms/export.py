"""Fill grades into the tables of the universities' systems, as these import them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.lms.columns import plain
from nbjudge.lms.identity import Columns, Register
from nbjudge.lms.points import GradeColumn
from nbjudge.lms.table import Table

SYSTEMS = ("canvas", "moodle", "brightspace", "csv", "xlsx")
_GRADE = (
    *("grade", "bewertung", "note", "calificacion", "valutazione", "voto", "beoordeling"),
    *("nota", "karakter", "betyg"),
)
_MOST = (
    *("maximum grade", "bestwertung", "note maximale", "calificacion maxima"),
    *("valutazione massima", "maximale beoordeling", "nota maxima"),
)
_END_OF_LINE = "end-of-line indicator"
_SLACK = 1e-6


class ExportError(ValueError):
    """Grades cannot be filled into a table; the message says why."""


@dataclass
class Filled:
    """What filling a table has shown.

    Attributes
    ----------
    grades : int
        How many were filled in.
    not_in_roster : list of str
        Students with grades and without a row.
    not_graded : list of str
        Rows without a grade of anything, as the table calls them.
    remarks : list of str
        What is to be looked at.
    """

    grades: int = 0
    not_in_roster: list[str] = field(default_factory=list)
    not_graded: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def empty_table(system: str, register: Register, sections: dict[str, str]) -> Table:
    """Return a table of the class as a system would export it, for want of its own.

    Parameters
    ----------
    system : str
        One of `SYSTEMS`.
    register : Register
        Knows the class.
    sections : dict of str to str
        By student, if there are any.
    """
    rows = []
    for name in sorted(register.students):
        one = register.students[name]
        section = sections.get(name, "")
        full = ", ".join(part for part in (one.last_name, one.first_name) if part)
        rows.append(
            {
                "canvas": [full, one.lms_user_id, "", one.id, section],
                "moodle": [one.first_name, one.last_name, one.id, one.email],
                "brightspace": [
                    f"#{one.lms_user_id}" if one.lms_user_id else "",
                    *(f"#{one.id}", one.last_name, one.first_name, one.email, "#"),
                ],
            }.get(system, [one.id, one.last_name, one.first_name, one.email, section])
        )
    heads = {
        "canvas": ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
        "moodle": ["First name", "Last name", "ID number", "Email address"],
        "brightspace": [
            *("OrgDefinedId", "Username", "Last Name", "First Name", "Email"),
            "End-of-Line Indicator",
        ],
    }.get(system, ["student_id", "last_name", "first_name", "email", "section"])
    if system == "canvas":
        rows.insert(0, ["    Points Possible", "", "", "", ""])
    lines = list(range(2, len(rows) + 2))
    return Table(Path(f"{system}.csv"), heads, rows, lines, mark=system == "moodle")


def fill(table: Table, system: str, columns: Sequence[GradeColumn], register: Register) -> Filled:
    """Fill grades into a table; all else of it stays as it is.

    Parameters
    ----------
    table : Table
        As the system exported it.
    system : str
        One of `SYSTEMS`.
    columns : sequence of GradeColumn
        What to fill in.
    register : Register
        Knows the class.

    Raises
    ------
    ExportError
        If the table is not one of the system's, or has one column for several assignments.
    """
    _check(table, system)
    known = Columns(table)
    filled = Filled()
    owners: dict[int, str] = {}
    rows_of: dict[str, int] = {}
    for number, row in enumerate(table.rows):
        if not known.is_student(row):
            continue
        student = register.of_row(known, row)
        if student is None:
            filled.not_graded.append(_called(known, row))
            continue
        if student in rows_of:
            raise table.fault(
                number, f"this is {student}, whose row is in line {table.lines[rows_of[student]]}"
            )
        rows_of[student], owners[number] = number, student
    comma = _decimal_comma(table, system)
    for column in columns:
        place = _place(table, system, column, filled)
        for number, student in owners.items():
            if student in column.scores:
                table.rows[number][place] = written(column.scores[student], comma)
                filled.grades += 1
        _fill_points(table, system, place, column, filled, comma)
    graded = {student for column in columns for student in column.scores}
    filled.not_in_roster += sorted(graded - {*owners.values()})
    filled.not_graded += [
        _called(known, table.rows[n]) for n, student in owners.items() if student not in graded
    ]
    return filled


def written(score: float, comma: bool) -> str:
    """Return points as they stand in a table.

    Examples
    --------
    >>> written(2.5, False), written(2.50001, True), written(3.0, False)
    ('2.5', '2,5', '3')
    """
    text = f"{round(score, 3) + 0.0:.3f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _check(table: Table, system: str) -> None:
    heads = [plain(head) for head in table.heads]
    wanted = {
        "canvas": ("Canvas", {"student", "id"}, {"sis login id", "sis user id", "section"}),
        "brightspace": ("Brightspace", {_END_OF_LINE}, {"orgdefinedid", "username"}),
        "moodle": ("Moodle", set(), set()),
    }.get(system)
    if wanted is None:
        return
    name, every, one = wanted
    lacking = sorted(every - {*heads}) or ([] if not one or one & {*heads} else [min(one)])
    if not Columns(table).keys_at:
        lacking = lacking or ["an id, a login or an e-mail address"]
    if lacking:
        raise ExportError(
            f"{table.path.name} is no table that {name} exported: there is no column "
            f"{', '.join(lacking)}; there are {', '.join(table.heads[:8])}"
        )


def _called(known: Columns, row: list[str]) -> str:
    name = " ".join(part for part in known.name(row) if part)
    return name or known.preferred(row)


def _place(table: Table, system: str, column: GradeColumn, filled: Filled) -> int:
    """Return the column of a table that an assignment has; a new one, if it has none."""
    wanted = plain(column.name)
    for place, head in enumerate(table.heads):
        if _name_of(head, system) == wanted and not _is_read_only(table, place):
            return place
    heads = [plain(head) for head in table.heads]
    if system == "moodle" and not column.exercise and any(head in _MOST for head in heads):
        place = next((n for n, head in enumerate(heads) if head in _GRADE), -1)
        if place >= 0:
            other = getattr(table, "_graded", column.assignment)
            if other != column.assignment:
                raise ExportError(
                    f"{table.path.name} is the worksheet of one assignment, and there are "
                    f"{other} and {column.assignment}: name the one that it is of"
                )
            table._graded = column.assignment  # type: ignore[attr-defined]
            return place
    place = len(table.heads)
    head = column.name
    if system == "brightspace":
        place, head = heads.index(_END_OF_LINE), f"{column.name} Points Grade"
    table.heads.insert(place, head)
    for row in table.rows:
        row.insert(place, "")
    if system in ("canvas", "brightspace"):
        filled.remarks.append(f"{head}: a new column, which the system asks about on import")
    return place


def _name_of(head: str, system: str) -> str:
    """Return the name of an assignment in the head of its column."""
    if system == "canvas":
        return plain(re.sub(r"\s*\(\d+\)$", "", head))
    if system == "brightspace":
        return plain(re.sub(r"\s+\S*\s*Grade\s*(<.*>)?$|\s*<.*>$", "", head))
    if system == "moodle":
        return plain(re.sub(r"^[^:]{1,30}:\s*|\s*\([^()]*\)$", "", head))
    return plain(head)


def _is_read_only(table: Table, place: int) -> bool:
    return any(plain(row[place]) == "(read only)" for row in table.rows[:3])


def _fill_points(
    table: Table, system: str, place: int, column: GradeColumn, filled: Filled, comma: bool
) -> None:
    """Write what a column is out of where it is new; say where the system has other points."""
    there = ""
    if system == "canvas":
        for row in table.rows[:3]:
            if plain(row[0]) == "points possible":
                there = row[place]
                row[place] = row[place] or written(column.max_score, comma)
    elif system == "brightspace":
        match = re.search(r"MaxPoints:([\d.,]+)", table.heads[place])
        there = match[1] if match else ""
    elif system == "moodle":
        most = next((n for n, head in enumerate(table.heads) if plain(head) in _MOST), None)
        there = (
            table.rows[0][most] if most is not None and table.rows and not column.exercise else ""
        )
    try:
        points = float(there.replace(",", "."))
    except ValueError:
        return
    if abs(points - column.max_score) > _SLACK:
        filled.remarks.append(
            f"{column.name} is out of {written(column.max_score, False)} points here and out of "
            f"{written(points, False)} there: change it there, or the grades mean something else"
        )


def _decimal_comma(table: Table, system: str) -> bool:
    """Whether numbers of a table have a comma; only Moodle writes them as its language does."""
    if system != "moodle" or table.delimiter == ",":
        return False
    fields = [field for row in table.rows[:20] for field in row]
    return any(re.fullmatch(r"\d+,\d+", field) for field in fields)
