"""``nbjudge withdraw``: take an exercise out of an assignment that was graded."""

from __future__ import annotations

from typing import Any

from traitlets import Unicode

from nbjudge.commands.corrections import CorrectionCommand
from nbjudge.gradebook.withdrawn import Points
from nbjudge.regrade.withdrawal import withdraw

_POINTS: dict[str, Points] = {"full": "full", "none": "none", "rescale": "rescale"}


class WithdrawApp(CorrectionCommand):
    """Take an exercise out of an assignment."""

    name = "nbjudge withdraw"
    description = (
        "Take an exercise out of an assignment that was graded; shows who gains and who loses "
        "before anything is written"
    )
    examples = "\n".join(
        [
            "nbjudge withdraw ps1 softmax --points full      everybody has its points",
            "nbjudge withdraw ps1 softmax --points none      there are no points for it",
            "nbjudge withdraw ps1 softmax --points rescale   the others are worth so much more",
            "nbjudge regrade ps1 --undo                      take it back",
        ]
    )
    points = Unicode(
        "",
        help="full: everybody who handed in has its points. none: there are none for it. "
        "rescale: there are none, and the other exercises are worth so much more that the "
        "assignment has as many points as before.",
    ).tag(config=True)
    aliases: dict[str, Any] = {**CorrectionCommand.aliases, "points": "WithdrawApp.points"}
    flags: dict[str, Any] = {**CorrectionCommand.flags}

    def start(self) -> None:
        """Show what changes, and write it where that is agreed."""
        super().start()
        self.find_course()
        if len(self.extra_args) != 2:
            self.refuse(
                "name an assignment and an exercise, such as "
                "`nbjudge withdraw ps1 softmax --points full`"
            )
        assignment, exercise = self.extra_args
        if self.points not in _POINTS:
            given = f"--points {self.points}" if self.points else "--points is needed"
            self.refuse(f"{given}: full, none or rescale (`nbjudge withdraw --help` explains them)")
        points = _POINTS[self.points]
        self.find_assignments([assignment])
        self.correct(
            assignment,
            lambda converter, gradebook: withdraw(
                converter, gradebook, exercise, points, self.because
            ),
        )
