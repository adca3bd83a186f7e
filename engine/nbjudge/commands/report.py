"""``nbjudge report``: what the class knows, as pages and tables."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader, nbgrader_aliases, nbgrader_flags
from sqlalchemy.exc import SQLAlchemyError
from traitlets import Bool, Float, Integer, Unicode, default
from traitlets.config import Configurable

from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.faults import gradebook_fault
from nbjudge.commands.screen import Screen
from nbjudge.gradebook.read_only import UnreadableGradebookError
from nbjudge.report.progress import FlagRules
from nbjudge.report.write import ReportSettings, ReportWriter
from nbjudge.untrusted_text import printable


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


class ReportApp(CourseCommand, NbGrader):
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
    aliases = {
        **{
            name: nbgrader_aliases[name] for name in ("assignment", "course-dir", "db", "log-level")
        },
        "to": "ClassReport.to",
    }
    flags = {
        "debug": nbgrader_flags["debug"],
        "anonymous": (
            {"ClassReport": {"anonymous": True}},
            "Show numbers in the place of names; a student keeps theirs from report to report.",
        ),
    }

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ClassReport]

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.ERROR

    def start(self) -> None:
        """Write the report, and say where it is."""
        CourseCommand.start(self)
        chosen = ClassReport(parent=self)
        named = [*self.extra_args]
        if self.coursedir.assignment_id:
            named.append(self.coursedir.assignment_id)
        folder = Path(self.coursedir.root, chosen.to)
        settings = ReportSettings(
            FlagRules(chosen.missing_in_a_row, chosen.falls_by),
            chosen.formgrader_url,
            chosen.anonymous,
        )
        try:
            notices = ReportWriter(self.coursedir, settings).write(named, folder)
        except (UnreadableGradebookError, ValueError) as error:
            self.refuse(str(error), 1)
        except (SQLAlchemyError, ImportError) as error:
            self.refuse(gradebook_fault(error, self.coursedir.db_url), 1)
        except OSError as error:
            self.refuse(f"{error.filename or folder}: {error.strerror or error}", 1)
        for notice in notices:
            print(printable(notice), file=sys.stderr)
        Screen().say(f"The report: open {os.path.relpath(folder / 'index.html')}")
