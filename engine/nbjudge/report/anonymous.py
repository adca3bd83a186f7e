"""Numbers in the place of names, the same in every report of a course."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbjudge.batch.records import FOLDER, make_folder
from nbjudge.report.grades import Student

_FILE = "anonymous.json"
_SHORTEST = 3  # letters of a name that is replaced in texts
_WORD = re.compile(r"\w(?:[\w.@+-]*\w)?")


class Names:
    """How students are named: as they are."""

    anonymous = False

    def __init__(self, students: Mapping[str, Student]) -> None:
        self.students = students

    def of(self, student: str) -> str:
        """Return the name to show."""
        return self.students[student].shown if student in self.students else student

    def key(self, student: str) -> str:
        """Return what stands for the student in tables and in the names of files."""
        return student

    def parts(self, student: str) -> tuple[str, str]:
        """Return last and first name for tables."""
        known = self.students.get(student)
        return (known.last_name, known.first_name) if known else ("", "")

    def hide(self, text: str) -> str:
        """Return a text without what it must not show."""
        return text


class Numbers(Names):
    """Numbers in the place of names.

    Parameters
    ----------
    students : mapping of str to Student
        Everybody.
    numbers : mapping of str to int
        Their numbers.
    """

    anonymous = True

    def __init__(self, students: Mapping[str, Student], numbers: Mapping[str, int]) -> None:
        super().__init__(students)
        self.numbers = numbers
        self._words: dict[str, str] = {}
        for student in students.values():
            shown = self.of(student.id)
            for name in (student.id, student.first_name, student.last_name):
                for word in (name, *_WORD.findall(name)):
                    if len(word) >= _SHORTEST:
                        self._words.setdefault(word, shown)

    def of(self, student: str) -> str:
        """Return the number, as a name."""
        return f"student {self.numbers[student]}" if student in self.numbers else "a student"

    def key(self, student: str) -> str:
        """Return the number, as an id."""
        return self.of(student).replace(" ", "-")

    def parts(self, student: str) -> tuple[str, str]:
        """Return nothing."""
        return "", ""

    def hide(self, text: str) -> str:
        """Replace ids and names of students where they stand as words."""

        def shown(match: re.Match[str]) -> str:
            word = match[0]
            if word in self._words:
                return self._words[word]
            # A name may stand within what looks like one word, such as ada@example.org.
            return re.sub(r"[^\W_]+", lambda part: self._words.get(part[0], part[0]), word)

        return _WORD.sub(shown, text)


def numbers_of(root: Path, students: Iterable[str], groupshared: bool = False) -> dict[str, int]:
    """Return the number of each student, which it keeps from one report to the next.

    They are drawn at random, so that they say nothing of an order, and kept in the course.

    Parameters
    ----------
    root : Path
        The course's folder.
    students : iterable of str
        The students.
    groupshared : bool
        Whether the course's group may write them, too.
    """
    path = root / FOLDER / _FILE
    known: dict[str, int] = {}
    if path.exists():
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            known = {str(name): int(number) for name, number in read.items()}
        except (ValueError, AttributeError, TypeError):
            raise ValueError(
                f"{path}: not the numbers of students that were written there: put it back from a "
                "backup, or delete it to draw new numbers"
            ) from None
    new = [student for student in students if student not in known]
    if new:
        most = max(100, 2 * (len(known) + len(new)))
        free = sorted({*range(1, most)} - {*known.values()})
        for student in new:
            known[student] = free.pop(secrets.randbelow(len(free)))
        make_folder(path.parent, groupshared)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(known), encoding="utf-8")
        part.chmod(0o660 if groupshared else 0o600)
        part.replace(path)
    return known
