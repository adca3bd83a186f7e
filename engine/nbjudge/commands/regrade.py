"""``nbjudge regrade``: grade again after a test, a point value or a statement was mended."""

from __future__ import annotations

import sys
from typing import Any

from traitlets import Bool

from nbjudge.commands.class_options import FLAGS, WITHOUT_A_SANDBOX
from nbjudge.commands.corrections import CorrectionCommand
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.regrade.corrections import regrade, undo


class RegradeApp(CorrectionCommand):
    """Grade a class again by the mended assignment."""

    name = "nbjudge regrade"
    description = (
        "Grade a class again after a test, a point value or a text was mended in the source; "
        "shows who gains and who loses before anything is written"
    )
    examples = "\n".join(
        [
            "nbjudge regrade ps1                         show what changes, then ask",
            'nbjudge regrade ps1 --yes --because "the test of softmax wanted float32"',
            "nbjudge regrade ps1 --undo                  take the last one back",
        ]
    )
    undo = Bool(False, help="Take the last change of this assignment's grades back.").tag(
        config=True
    )
    flags = {
        **CorrectionCommand.flags,
        **FLAGS,
        "undo": (
            {"RegradeApp": {"undo": True}},
            "Take the last regrade or withdrawal of this assignment back.",
        ),
    }
    aliases: dict[str, Any] = {**CorrectionCommand.aliases}

    def start(self) -> None:
        """Show what changes, and write it where that is agreed."""
        super().start()
        self.find_course()
        named = [*self.extra_args]
        if self.coursedir.assignment_id and not named:
            named = [self.coursedir.assignment_id]
        if len(named) != 1:
            self.refuse("name one assignment, such as `nbjudge regrade ps1`")
        (name,) = self.find_assignments(named)
        if not SandboxedExecute(config=self.config).sandbox:
            print(WITHOUT_A_SANDBOX, file=sys.stderr)
        if self.undo:
            self.correct(name, undo)
            return
        keep = not self.dry_run and (self.yes or sys.stdin.isatty())
        self.correct(
            name,
            lambda converter, gradebook: regrade(converter, gradebook, self.because, keep=keep),
        )
