"""``nbjudge grade``: autograde what is new, write feedback and ``grades.csv``, say the outcome."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.apps.autogradeapp import aliases as nbgrader_aliases
from nbgrader.apps.autogradeapp import flags as nbgrader_flags
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets import default

from nbjudge.batch.coordinator import BatchInterrupted, ParallelAutograde
from nbjudge.batch.incidents import Incident
from nbjudge.batch.local_pool import LocalPool
from nbjudge.commands.class_options import ALIASES, FLAGS, WITHOUT_A_SANDBOX
from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.grade import Progress, grade
from nbjudge.commands.screen import ClassProgress, Screen
from nbjudge.commands.summary import HEADS, summarise, table_rows, write_grades
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.feedback.generate import ParallelFeedback
from nbjudge.gradebook.faults import gradebook_fault


class GradeApp(CourseCommand, AutogradeApp):
    """Grade whatever is new in a course."""

    name = "nbjudge grade"
    description = "Autograde what is new in submitted/, write feedback and grades.csv"
    examples = "\n".join(
        [
            "nbjudge grade                               every assignment that the gradebook knows",
            "nbjudge grade ps1 ps2 --workers 4",
            "nbjudge grade ps1 --student ada --force     one submission again",
            "nbjudge grade --db postgresql://HOST/NAME --scheduler tcp://HOST:8786",
        ]
    )
    aliases = {**nbgrader_aliases, **CourseCommand.aliases, **ALIASES}
    flags = {**nbgrader_flags, **CourseCommand.flags, **FLAGS}

    def _classes_default(self) -> list[Any]:
        return [
            *super()._classes_default(), ParallelAutograde, ParallelFeedback, SandboxedExecute
        ]  # fmt: skip

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.ERROR  # what fails is an incident, and is reported as one

    def start(self) -> None:
        """Grade the assignments that were named, or all of them."""
        CourseCommand.start(self)
        self.find_course()
        named = [*self.extra_args]
        if self.coursedir.assignment_id:
            named.append(self.coursedir.assignment_id)
        names = self.find_assignments(named)
        students = self.find_students(self.coursedir.submitted_directory, names)
        if not SandboxedExecute(config=self.config).sandbox:
            print(WITHOUT_A_SANDBOX, file=sys.stderr)
        course = self._open_course()
        screen = Screen()
        try:
            with LocalPool() as pool:
                incidents = self._grade(course, names, students, screen, pool)
        except (ValueError, NbGraderException) as error:
            self.refuse_lines(str(error), 130 if isinstance(error, BatchInterrupted) else 1)
        except SQLAlchemyError as error:
            self.refuse(gradebook_fault(error, self.coursedir.db_url), 1)
        self._report(course, names, incidents, screen)

    def _open_course(self) -> NbGraderAPI:
        self.log.disabled = True  # it looks for an exchange, which is not needed, and complains
        course = NbGraderAPI(coursedir=CourseDirectory(config=self.config), config=self.config)
        self.log.disabled = False
        self.log.setLevel(self.log_level)
        return course

    def _grade(
        self,
        course: NbGraderAPI,
        names: list[str],
        students: list[str] | None,
        screen: Screen,
        pool: LocalPool,
    ) -> list[Incident]:
        incidents: list[Incident] = []
        self._notices: list[str] = []
        for name in names:
            progress = ClassProgress(screen, name, verbose=self.verbose)
            feedback = ClassProgress(screen, f"feedback of {name}", verbose=False)
            try:
                incidents += grade(
                    course,
                    name,
                    students=students,
                    force=ParallelAutograde(coursedir=self.coursedir, parent=self).force,
                    pool=pool,
                    progress=progress,
                    feedback_progress=_after(progress, feedback),
                    notify=self._notices.append,
                )
            finally:
                progress.close()
                feedback.close()
        return incidents

    def _report(
        self, course: NbGraderAPI, names: list[str], incidents: list[Incident], screen: Screen
    ) -> None:
        root = Path(self.coursedir.root)
        write_grades(course, root / "grades.csv")
        with course.gradebook as gradebook:
            rows = table_rows(summarise(gradebook, names, incidents))
        screen.say()
        screen.table(HEADS, rows)
        screen.say()
        for notice in self._notices:
            screen.say(notice)
        for graded, head in (("no", "Not graded"), ("yes", "Graded, and to be looked at")):
            told = [i for i in dict.fromkeys(incidents) if i.graded == graded]
            if told:
                screen.say(f"{head} (incidents.csv):", "bold")
            for incident in told:
                screen.say(f"  {incident.file}: {incident.what}")
        feedback = self.coursedir.feedback_directory
        screen.say(f"Grades are in grades.csv and the gradebook, feedback in {feedback}/.")


def _after(first: ClassProgress, second: ClassProgress) -> Progress:
    """Show how far the second is when the first is through."""

    def show(done: int, total: int, line: str) -> None:
        first.close()
        second(done, total, line)

    return show
