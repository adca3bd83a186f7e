"""``nbjudge feedback``: nbgrader's generate_feedback, several students at a time."""

from __future__ import annotations

import sys
from typing import Any

from nbgrader.apps.generatefeedbackapp import GenerateFeedbackApp, aliases
from nbgrader.converters import NbGraderException

from nbjudge.feedback.generate import ParallelFeedback
from nbjudge.untrusted_text import printable_lines


class ParallelFeedbackApp(GenerateFeedbackApp):
    """Write the feedback of a class, in parallel."""

    name = "python -m nbjudge feedback"
    description = "Generate feedback, several students' at a time"
    aliases = aliases | {"workers": "ParallelFeedback.workers"}

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ParallelFeedback]

    def start(self) -> None:
        """Write the feedback of every student that is due."""
        super(GenerateFeedbackApp, self).start()
        if len(self.extra_args) == 1 and not self.coursedir.assignment_id:
            self.coursedir.assignment_id = self.extra_args[0]
        elif self.extra_args or not self.coursedir.assignment_id:
            self.fail("Name one assignment, as an argument or with --assignment")
        converter = ParallelFeedback(coursedir=self.coursedir, parent=self)
        try:
            converter.start()
        except NbGraderException as error:
            print(printable_lines(str(error)), file=sys.stderr)
            sys.exit(1)
