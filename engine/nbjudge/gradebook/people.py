"""What the gradebook is told of students and nbgrader has no column for: section, and mercy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from nbgrader.api import Gradebook, SubmittedAssignment

from nbjudge.gradebook.notes import read_note, write_note

EVERY = "*"
"""Stands for every assignment."""

_NOTE = "people"


@dataclass
class Person:
    """One student.

    Attributes
    ----------
    section : str
        Their group.
    extra_days : dict of str to float
        By assignment, or under `EVERY`, the days by which their due date is later.
    """

    section: str = ""
    extra_days: dict[str, float] = field(default_factory=dict)

    def extension(self, assignment: str) -> timedelta | None:
        """Return by how much an assignment is due later, None if nothing is said of it."""
        days = self.extra_days.get(assignment, self.extra_days.get(EVERY))
        return None if days is None else timedelta(days=days)


def read_people(gradebook: Gradebook) -> dict[str, Person]:
    """Read what is noted of students, by their id."""
    return {
        student: Person(**told) for student, told in (read_note(gradebook, _NOTE) or {}).items()
    }


def write_people(gradebook: Gradebook, people: dict[str, Person]) -> None:
    """Note it, in the session's transaction."""
    told = {
        student: {"section": one.section, "extra_days": one.extra_days}
        for student, one in people.items()
    }
    write_note(gradebook, _NOTE, told or None)


def extend(submission: SubmittedAssignment, people: dict[str, Person]) -> bool:
    """Give a submission the extension that is noted of its student; return whether it is new.

    One that was given otherwise stays, where nothing is noted.
    """
    person = people.get(submission.student.id)
    extension = None if person is None else person.extension(submission.name)
    if extension is None:
        return False
    # As nbgrader has it where there is none; without a due date it cannot add one.
    wanted = (extension or None) if submission.assignment.duedate is not None else None
    if submission.extension == wanted:
        return False
    submission.extension = wanted
    return True


def extend_all(gradebook: Gradebook, assignment: str, people: dict[str, Person]) -> list[str]:
    """Give a class its extensions, in the session's transaction; return whose are others."""
    if not people:
        return []
    return sorted(
        submission.student.id
        for submission in gradebook.find_assignment(assignment).submissions
        if extend(submission, people)
    )
