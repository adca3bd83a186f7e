"""``nbjudge feedback``: nbgrader's generate_feedback, several students at a time."""

from __future__ import annotations

from typing import Any

from nbgrader.apps.generatefeedbackapp import GenerateFeedbackApp
from nbgrader.apps.generatefeedbackapp import aliases as nbgrader_aliases
from nbgrader.apps.generatefeedbackapp import flags as nbgrader_flags
from nbgrader.converters import NbGraderException

from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.screen import ClassProgress, Screen
from nbjudge.feedback.generate import ParallelFeedback


class ParallelFeedbackApp(CourseCommand, GenerateFeedbackApp):
    """Write the feedback of a class, in parallel."""

    name = "nbjudge feedback"
    description = "Generate feedback, several students' at a time"
    examples = "\n".join(
        [
            "nbjudge feedback ps1",
            "nbjudge feedback ps1 --student ada --force",
        ]
    )
    aliases = {
        **nbgrader_aliases,
        **CourseCommand.aliases,
        "workers": "ParallelFeedback.workers",
    }
    flags = {**nbgrader_flags, **CourseCommand.flags}

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ParallelFeedback]

    def start(self) -> None:
        """Write the feedback of every student that is due."""
        CourseCommand.start(self)
        self.find_course()
        if len(self.extra_args) == 1 and not self.coursedir.assignment_id:
            self.coursedir.assignment_id = self.extra_args[0]
        elif self.extra_args or not self.coursedir.assignment_id:
            self.refuse("name one assignment, as an argument or with --assignment")
        name = self.coursedir.assignment_id
        self.find_assignments([name])
        named = self.find_students(self.coursedir.autograded_directory, [name])
        converter = ParallelFeedback(coursedir=self.coursedir, parent=self)
        converter.only = None if named is None else set(named)
        progress = ClassProgress(Screen(), f"feedback of {name}", verbose=self.verbose)
        converter.progress = progress
        try:
            converter.start()
        except NbGraderException as error:
            self.refuse_lines(str(error), 1)
        finally:
            progress.close()
