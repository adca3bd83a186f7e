"""``nbjudge``: the one command, whose subcommands are imported when they are called."""

from __future__ import annotations

import difflib
import sys
from typing import Any

from jupyter_core.application import JupyterApp

import nbjudge

_COMMANDS = "nbjudge.commands"


class NbjudgeApp(JupyterApp):
    """Choose the command."""

    name = "nbjudge"
    version = nbjudge.__version__
    description = "Autograde nbgrader courses, in a sandbox, with tests that no submission can fool"
    examples = "\n".join(
        [
            "nbjudge doctor              can this machine grade safely?",
            "nbjudge check ps1           do its tests do the same with the judge as without?",
            "nbjudge grade ps1           grade what is new, with feedback and grades.csv",
            "nbjudge report              what the class knows, as pages in report/",
            "nbjudge similar ps1         whose answers are more alike than others'",
            "nbjudge grade --help        the options of a command",
        ]
    )
    subcommands = {
        "grade": (
            f"{_COMMANDS}.grade_classes.GradeApp",
            "Autograde what is new, then write feedback and grades.csv: the usual command.",
        ),
        "autograde": (
            f"{_COMMANDS}.autograde.ParallelAutogradeApp",
            "Only the autograding, with all options of `nbgrader autograde`.",
        ),
        "feedback": (
            f"{_COMMANDS}.feedback.ParallelFeedbackApp",
            "Only the feedback, with all options of `nbgrader generate_feedback`.",
        ),
        "check": (
            f"{_COMMANDS}.check.CheckApp",
            "Name the tests of an assignment that the judge would run otherwise, and the remedy.",
        ),
        "report": (
            f"{_COMMANDS}.report.ReportApp",
            "Write what the class knows into report/: exercises, failed tests, students.",
        ),
        "regrade": (
            f"{_COMMANDS}.regrade.RegradeApp",
            "Grade again after a test or points were mended: shows who gains and who loses first.",
        ),
        "withdraw": (
            f"{_COMMANDS}.withdraw.WithdrawApp",
            "Take an exercise out of an assignment that was graded, with its consequences shown.",
        ),
        "collect": (
            f"{_COMMANDS}.collect.CollectApp",
            "Put the submissions of Canvas', Moodle's or Brightspace's download into submitted/.",
        ),
        "export": (
            f"{_COMMANDS}.export.ExportGradesApp",
            "Fill the grades into the table that Canvas, Moodle or Brightspace exported.",
        ),
        "students": (
            f"{_COMMANDS}.students.StudentsApp",
            "Import names, sections and extra days of the class: `students import students.csv`.",
        ),
        "similar": (
            f"{_COMMANDS}.similar.SimilarApp",
            "Write into similar/ whose answers are more alike than those of others.",
        ),
        "doctor": (
            f"{_COMMANDS}.doctor.DoctorApp",
            "Say whether this machine can grade safely, and if not, the remedy.",
        ),
    }
    flags: dict[str, Any] = {}
    aliases: dict[str, Any] = {}

    def initialize(self, argv: list[str] | None = None) -> None:
        """Hand over to a subcommand; anything else is answered with what there is."""
        argv = list(sys.argv[1:] if argv is None else argv)
        if not argv:
            self.print_help()
            self.exit(2)
        name = argv[0]
        if name not in self.subcommands and not name.startswith("-") and name != "help":
            near = difflib.get_close_matches(name, self.subcommands, 1)
            meant = f"did you mean {near[0]!r}?" if near else f"{', '.join(self.subcommands)}"
            print(f"nbjudge: there is no command {name!r}: {meant}", file=sys.stderr)
            self.exit(2)
        if name.startswith("-") and name not in ("-h", "--help", "--help-all", "--version", "-V"):
            print("nbjudge: name a command first: `nbjudge --help` lists them", file=sys.stderr)
            self.exit(2)
        self.parse_command_line(argv)

    def start(self) -> None:
        """Run the subcommand."""
        if self.subapp is not None:
            self.subapp.start()
