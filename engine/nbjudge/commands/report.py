"""``nbjudge report``: what the class knows, as pages and tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets import Bool, Float, Integer, Unicode
from traitlets.config import Configurable

from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.screen import Screen
from nbjudge.gradebook.read_only import UnreadableGradebookError
from nbjudge.report.progress import FlagRules
from nbjudge.report.write import ReportSettings, ReportWriter


class ClassReport(Configurable):
    """What a course may choose of its report."""

    to = Unicode("report", help="The folder to write, relative to the course.").tag(config=True)
    anonymous = Bool(False, help="Show numbers in the place of names; a student keeps theirs.").tag(
        config=True
    )
    formgrader_url = Unicode(
        "http://localhost:8888/formgrader", help="The address of formgrader, for links to it."
    ).tag(config=True)
    missing_in_a_row = Integer(
        2, min=0, help="Point at students with so many missing assignments in a row; 0: never."
    ).tag(config=True)
    falls_by = Float(
        1 / 3,
        min=0.0,
        max=1.0,
        help="Point at students whose latest share of points is by more than this share lower than "
        "the mean of those before; 0: never.",
    ).tag(config=True)


class ReportApp(ClassCommand):
    """Write the report of a class."""

    name = "nbjudge report"
    description = "Write what the class knows into report/: pages, and tables for other programs"
    examples = "\n".join(
        [
            "nbjudge report                          every assignment that the gradebook knows",
            "nbjudge report ps1 ps2",
            "nbjudge report --anonymous --to shown   numbers instead of names, for the lecture",
        ]
    )
    aliases: dict[str, Any] = {**ClassCommand.aliases, "to": "ClassReport.to"}
    flags: dict[str, Any] = {
        **ClassCommand.flags,
        "anonymous": (
            {"ClassReport": {"anonymous": True}},
            "Show numbers in the place of names; a student keeps theirs from report to report.",
        ),
    }

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ClassReport]

    def start(self) -> None:
        """Write the report, and say where it is."""
        super().start()
        chosen = ClassReport(parent=self)
        folder = Path(self.coursedir.root, chosen.to)
        settings = ReportSettings(
            FlagRules(chosen.missing_in_a_row, chosen.falls_by),
            chosen.formgrader_url,
            chosen.anonymous,
        )
        with self.faults_refused(UnreadableGradebookError, ValueError):
            writer = ReportWriter(self.coursedir, settings)
            self.notice(writer.write(self.named_assignments(), folder))
        Screen().say(f"The report: open {os.path.relpath(folder / 'index.html')}")
