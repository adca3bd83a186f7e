"""``nbjudge students import``: names, sections and extra days of a class, into the gradebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.late import LatePenalties
from nbjudge.batch.lock import CourseInUseError, one_batch
from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.screen import Screen
from nbjudge.gradebook.database import open_gradebook
from nbjudge.gradebook.notes import make_notes
from nbjudge.lms.students import import_students, read_roster
from nbjudge.lms.table import TableError, read_table


class StudentsApp(ClassCommand):
    """Import the roster of a class."""

    name = "nbjudge students"
    description = (
        "Read names, e-mail addresses, sections and extra days of students from a table into the "
        "gradebook: columns student_id, first_name, last_name, email, section, extra_days, and "
        "extra_days ASSIGNMENT for one assignment"
    )
    examples = "\n".join(
        [
            "nbjudge students import students.csv",
            "",
            "student_id,first_name,last_name,email,section,extra_days,extra_days ps2",
            "ada,Ada,Lovelace,ada@example.org,A,0,3",
        ]
    )
    aliases: dict[str, Any] = {
        key: trait for key, trait in ClassCommand.aliases.items() if key != "assignment"
    }
    flags: dict[str, Any] = {**ClassCommand.flags}

    def start(self) -> None:
        """Import the table that was named."""
        super().start()
        if len(self.extra_args) != 2 or self.extra_args[0] != "import":
            self.refuse("name a table, such as `nbjudge students import students.csv`")
        self.find_course()
        path = Path(self.extra_args[1])
        course = self.coursedir
        known = self._known_assignments()
        with self.faults_refused(TableError, CourseInUseError):
            roster = read_roster(read_table(path), known)
            with (
                one_batch(Path(course.root), course.groupshared),
                open_gradebook(course) as gradebook,
            ):
                make_notes(gradebook)
                late = LatePenalties.of_course(ParallelAutograde(coursedir=course, parent=self))
                done = import_students(gradebook, roster, late)
        screen = Screen()
        screen.say(
            f"{len(roster)} students in {path.name}: {done.new} new, {done.changed} changed, "
            f"{done.same} as they were"
        )
        for name, students in done.extended.items():
            screen.say(
                f"{name}: another due date for {', '.join(students)}; `nbjudge grade {name}` "
                "writes it into feedback and grades.csv"
            )
