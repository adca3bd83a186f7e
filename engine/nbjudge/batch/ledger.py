"""What a person must look at after a batch: the incidents of one assignment, and their file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.handed_in import student_folders
from nbjudge.batch.incidents import GRADED, NOT_GRADED, Incident, read_incidents, write_incidents
from nbjudge.batch.strays import find_strays

_NO_FEEDBACK = "no feedback: "


class IncidentLedger:
    """The incidents of a batch; each stands in ``incidents.csv`` as soon as it is named.

    Parameters
    ----------
    coursedir : CourseDirectory
        The course, and the assignment that is graded.

    Attributes
    ----------
    incidents : list of Incident
        Those of this batch.
    """

    def __init__(self, coursedir: CourseDirectory) -> None:
        self.incidents: list[Incident] = []
        self._course = coursedir
        self._named: set[str] = set()  # has rows in the file

    @property
    def _path(self) -> Path:
        return Path(self._course.root) / "incidents.csv"

    def _rows(self) -> list[dict[str, str]]:
        return read_incidents(self._path, self._course.assignment_id)

    def write(self, incidents: list[Incident], students: Iterable[str]) -> None:
        """Put incidents into the file, in the place of all that these students had."""
        course = self._course
        write_incidents(
            incidents, self._path, [course.assignment_id], [*students], course.groupshared
        )

    def forget_old(self) -> None:
        """Leave out of the file who has handed in nothing any more."""
        self._named = {row["student"] for row in self._rows()}
        course = self._course
        there = student_folders(course, course.submitted_directory, course.assignment_id)
        names = {os.fsencode(student).decode(errors="backslashreplace") for student in there}
        gone = sorted(self._named - names)
        if gone:
            self.write([], gone)
            self._named -= {*gone}

    def name_strays(self, gradebook: Gradebook) -> None:
        """Name the files that belong to no submission of any assignment."""
        known = {a.name: [n.name for n in a.notebooks] for a in gradebook.assignments}
        strays = [
            Incident("", "", os.path.relpath(file, self._course.root), what)
            for file, what in find_strays(self._course, known)
        ]
        if strays or any(not row["assignment"] for row in read_incidents(self._path)):
            write_incidents(strays, self._path, [""], groupshared=self._course.groupshared)
        self.incidents += strays

    def name(
        self, student: str, incidents: list[tuple[str, str]], graded: str = NOT_GRADED
    ) -> None:
        """Write into the file, at once, what happened to a submission, if anything."""
        added = [self.add(student, file, what, graded) for file, what in incidents]
        if incidents or student in self._named:
            self.write(added, [student])
            self._named.add(student)

    def name_feedback(self, written: list[str], failed: dict[str, str]) -> None:
        """Name whose feedback could not be written, and whose now is no more."""
        self._named = {row["student"] for row in self._rows()}
        for student in sorted({*failed, *written} & ({*failed} | self._named)):
            kept = [
                Incident(**row)
                for row in self._rows()
                if row["student"] == student and not row["what"].startswith(_NO_FEEDBACK)
            ]
            if student in failed:
                what = f"{_NO_FEEDBACK}{failed[student]}"
                kept.append(self.add(student, "", what, GRADED))
            self.write(kept, [student])

    def add(self, student: str, file: str, what: str, graded: str = NOT_GRADED) -> Incident:
        """Keep an incident, and return it for `write`."""
        course = self._course
        folder = course.format_path(course.submitted_directory, student, course.assignment_id)
        place = os.path.join(os.path.relpath(folder, course.root), file)
        incident = Incident(student, course.assignment_id, place, what, graded)
        self.incidents.append(incident)
        return incident
