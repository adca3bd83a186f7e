"""``nbjudge autograde``: nbgrader's own command, with another converter."""

from __future__ import annotations

import sys
from typing import Any

from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.apps.autogradeapp import aliases as nbgrader_aliases
from nbgrader.apps.autogradeapp import flags as nbgrader_flags
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.batch.coordinator import BatchInterrupted, ParallelAutograde
from nbjudge.commands.class_options import ALIASES, FLAGS, WITHOUT_A_SANDBOX
from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.screen import ClassProgress, Screen
from nbjudge.commands.summary import HEADS, summarise, table_rows
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.gradebook.database import open_gradebook
from nbjudge.gradebook.faults import gradebook_fault


class ParallelAutogradeApp(CourseCommand, AutogradeApp):
    """Autograde a class, in parallel and in a sandbox."""

    name = "nbjudge autograde"
    description = "Autograde submissions in sandboxed kernels, several at a time"
    examples = "\n".join(
        [
            "nbjudge autograde ps1",
            "nbjudge autograde ps1 --student ada --force",
            "nbjudge autograde ps1 --db postgresql://HOST/NAME --scheduler tcp://HOST:8786",
        ]
    )
    aliases = {**nbgrader_aliases, **CourseCommand.aliases, **ALIASES}
    flags = {**nbgrader_flags, **CourseCommand.flags, **FLAGS}

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ParallelAutograde, SandboxedExecute]

    def start(self) -> None:
        """Grade, then say what came of it."""
        CourseCommand.start(self)
        self.find_course()
        if len(self.extra_args) == 1 and not self.coursedir.assignment_id:
            self.coursedir.assignment_id = self.extra_args[0]
        elif self.extra_args or not self.coursedir.assignment_id:
            self.refuse("name one assignment, as an argument or with --assignment")
        name = self.coursedir.assignment_id
        self.find_assignments([name])
        named = self.find_students(self.coursedir.submitted_directory, [name])
        if len(self.students) == 1:  # a course's hooks are told, as nbgrader tells them
            self.coursedir.student_id = self.students[0]
        if not SandboxedExecute(config=self.config).sandbox:
            print(WITHOUT_A_SANDBOX, file=sys.stderr)
        converter = ParallelAutograde(coursedir=self.coursedir, parent=self)
        converter.only = None if named is None else set(named)
        screen = Screen()
        progress = ClassProgress(screen, name, verbose=self.verbose)
        converter.progress = progress
        try:
            converter.start()
        except NbGraderException as error:
            progress.close()
            self._report(screen, converter)
            # As a shell says that a command was interrupted.
            self.refuse_lines(str(error), 130 if isinstance(error, BatchInterrupted) else 1)
        progress.close()
        self._report(screen, converter)

    def _report(self, screen: Screen, converter: ParallelAutograde) -> None:
        name = self.coursedir.assignment_id
        try:
            with open_gradebook(converter.coursedir, converter.gradebook_patience) as gradebook:
                rows = table_rows(summarise(gradebook, [name], converter.incidents))
        except SQLAlchemyError as error:
            print(f"\n{gradebook_fault(error, self.coursedir.db_url)}", file=sys.stderr)
        else:
            screen.say()
            screen.table(HEADS, rows)
        for notice in converter.notices:
            screen.say(notice)
        if converter.incidents:
            screen.say()
            screen.say("For a person to look at (incidents.csv):", "bold")
        for incident in converter.incidents:
            screen.say(f"  {incident.file}: {incident.what}")
