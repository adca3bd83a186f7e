"""Whose a submission or a row is: by number, login, e-mail address or name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbgrader.api import Gradebook

from nbjudge.lms.collectors import Named
from nbjudge.lms.columns import kind_of, letters, plain
from nbjudge.lms.table import Table

_LMS = (
    *("id", "sis user id", "sis login id", "integration id"),
    *("orgdefinedid", "username", "identifier"),
    *("id number", "idnumber", "id-nummer", "numero d'identification", "numero de id"),
)
_PREFERRED = (
    *("student_id", "student id", "sis login id", "username", "anmeldename", "benutzername"),
    *("login", "id number", "id-nummer", "numero d'identification", "sis user id"),
    *("orgdefinedid", "integration id", "email", "id", "identifier"),
)
"""The columns of a table that name a student best, best first."""


@dataclass(frozen=True)
class Known:
    """A student that the gradebook has; the names are nbgrader's."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


def known_students(gradebook: Gradebook) -> list[Known]:
    """Read the students of a gradebook."""
    return [
        Known(s.id, s.first_name or "", s.last_name or "", s.email or "", s.lms_user_id or "")
        for s in gradebook.students
    ]


class Register:
    """Finds students.

    Parameters
    ----------
    students : iterable of Known
        Those of the gradebook.
    """

    def __init__(self, students: Iterable[Known]) -> None:
        self.students = {student.id: student for student in students}
        self._keys: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        for student in self.students.values():
            for key in (student.id, student.email, student.lms_user_id):
                self.add_key(key, student.id)
            self.add_name(student.first_name, student.last_name, student.id)

    def add_key(self, key: str, student: str) -> None:
        """Know a student by a number, a login or an e-mail address."""
        if key.strip():
            self._keys.setdefault(_key(key), set()).add(student)

    def add_name(self, first: str, last: str, student: str) -> None:
        """Know a student by their name, in both orders."""
        for words in (f"{first} {last}".split(), f"{last} {first}".split()):
            for start in range(len(words)):  # where a full name's parts are not told apart
                name = letters(" ".join(words[start:] + words[:start]))
                if name:
                    self._names.setdefault(name, set()).add(student)

    def by_key(self, key: str) -> str | None:
        """Return whose a number, login or e-mail address is, if it is one student's."""
        found = self._keys.get(_key(key), set()) if key.strip() else set()
        return next(iter(found)) if len(found) == 1 else None

    def by_name(self, name: str) -> set[str]:
        """Return who is called so; a group's name may stand before it, as Moodle has it."""
        parts = name.split("-")
        for start in range(len(parts)):
            found = self._names.get(letters("-".join(parts[start:])))
            if found:
                return found
        return set()

    # -- tables ---------------------------------------------------------------------------------

    def add_table(self, table: Table) -> None:
        """Know the students of a table by all that it says of them.

        Raises
        ------
        TableError
            If two rows are of one student.
        """
        columns = Columns(table)
        seen: dict[str, int] = {}
        for number, row in enumerate(table.rows):
            if columns.is_student(row):
                student = self.of_row(columns, row)
                if student is None:
                    student = columns.preferred(row)
                if not student:
                    continue
                if student in seen:
                    line = table.lines[seen[student]]
                    raise table.fault(number, f"this is {student}, whose row is in line {line}")
                seen[student] = number
                for key in columns.keys(row):
                    self.add_key(key, student)
                self.add_name(*columns.name(row), student)

    def of_row(self, columns: Columns, row: list[str]) -> str | None:
        """Return which of the known students a row is of, by id, login or e-mail address."""
        for key in columns.keys(row):
            found = self.by_key(key)
            if found is not None:
                return found
        return None

    # -- submissions ----------------------------------------------------------------------------

    def of_file(self, named: Named, *, alone: bool) -> tuple[str | None, str]:
        """Return whose a file is, and why nobody's.

        Parameters
        ----------
        named : Named
            What its name says.
        alone : bool
            Whether nothing is known of the class, so that the system's number must do.
        """
        if named.number:
            found = self.by_key(named.number)
            if found is not None:
                return found, ""
        students = self.by_name(named.name)
        if len(students) == 1:
            return next(iter(students)), ""
        if students:
            return None, f"{' and '.join(sorted(students))} are called so"
        if alone and named.number:
            return named.number, ""
        return None, "no student of this name or number is known"


class Columns:
    """What the columns of a system's table hold.

    Parameters
    ----------
    table : Table
        The table.
    """

    def __init__(self, table: Table) -> None:
        self.heads = [plain(head).strip() for head in table.heads]
        self._kinds = [kind_of(head) for head in table.heads]
        self._canvas = "sis login id" in self.heads or "sis user id" in self.heads
        # Canvas' own numbers, and those of Moodle's worksheet, are nobody's login.
        place = self.heads.index("id") if "id" in self.heads else None
        self._numbers = self._canvas or (
            place is not None
            and any(re.search(r"\D\d+$", row[place]) for row in table.rows[:1])
            and "email" in self._kinds
            and "full_name" in self._kinds
        )
        self._keys = [
            n
            for n, head in enumerate(self.heads)
            if head in _LMS or self._kinds[n] in ("id", "email")
        ]

    @property
    def keys_at(self) -> list[int]:
        """The columns by which a student is known."""
        return self._keys

    def at(self, *kinds: str) -> int | None:
        """Return the first column of a kind."""
        return next((n for n, kind in enumerate(self._kinds) if kind in kinds), None)

    def is_student(self, row: list[str]) -> bool:
        """Whether a row is a student's, and not Canvas' points or its test student."""
        if not any(row[n].strip() for n in self._keys) and not self.name(row)[1]:
            return False
        first = row[0].strip()
        return not (
            first.casefold() in ("points possible", "student, test", "test student")
            or (self._canvas and not any(row[n].strip() for n in self._keys))
        )

    def keys(self, row: list[str]) -> Iterator[str]:
        """Yield what a row has of numbers, logins and addresses; the best known first."""
        for n in sorted(self._keys, key=self._rank):
            value = row[n].strip().lstrip("#")
            if value:
                yield value
            if self.heads[n] in ("identifier", "id"):  # Moodle's worksheet: "Participant 12345"
                number = re.search(r"\D(\d+)$", value)
                if number:
                    yield number[1]

    def _rank(self, column: int) -> int:
        head = self.heads[column]
        if head == "id" and not self._numbers:
            return 0
        if self._kinds[column] == "email":
            head = "email"
        return _PREFERRED.index(head) if head in _PREFERRED else len(_PREFERRED)

    def preferred(self, row: list[str]) -> str:
        """Return the id that a student gets who is not known."""
        return next(self.keys(row), "")

    def name(self, row: list[str]) -> tuple[str, str]:
        """Return first and last names of a row."""
        first, last, full = (self.at(kind) for kind in ("first_name", "last_name", "full_name"))
        if full is not None and first is None and last is None:
            name = row[full].strip()
            if "," in name:
                surname, _, given = name.partition(",")
                return given.strip(), surname.strip()
            return "", name
        return (
            row[first].strip() if first is not None else "",
            row[last].strip() if last is not None else "",
        )


def _key(text: str) -> str:
    return text.strip().lstrip("#").casefold()
