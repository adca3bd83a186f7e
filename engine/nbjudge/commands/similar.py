"""``nbjudge similar``: whose answers are more alike than those of others."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader, nbgrader_aliases, nbgrader_flags
from sqlalchemy.exc import SQLAlchemyError
from traitlets import Unicode, default
from traitlets.config import Configurable

from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.faults import gradebook_fault
from nbjudge.commands.screen import Screen
from nbjudge.similar.write import write_similar
from nbjudge.untrusted_text import printable

_SHOWN = 10


class SimilarAnswers(Configurable):
    """What a course may choose of the comparison."""

    to = Unicode("similar", help="The folder to write, relative to the course.").tag(config=True)
    against = Unicode(
        "", help="A folder with notebooks of previous years, at any depth, to compare with."
    ).tag(config=True)


class SimilarApp(CourseCommand, NbGrader):
    """Compare the answers of a class."""

    name = "nbjudge similar"
    description = (
        "Write into similar/ whose answers are more alike than those of others: a reason to look, "
        "never a verdict"
    )
    examples = "\n".join(
        [
            "nbjudge similar ps1",
            "nbjudge similar ps1 --against ../2025/submitted   last year's answers take part",
        ]
    )
    aliases = {
        **{
            name: nbgrader_aliases[name] for name in ("assignment", "course-dir", "db", "log-level")
        },
        "to": "SimilarAnswers.to",
        "against": "SimilarAnswers.against",
    }
    flags = {"debug": nbgrader_flags["debug"]}

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), SimilarAnswers]

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.ERROR

    def start(self) -> None:
        """Compare, and say which pairs stand out."""
        CourseCommand.start(self)
        named = [*self.extra_args, *filter(None, [self.coursedir.assignment_id])]
        if len(named) != 1:
            self.refuse("name one assignment, as an argument or with --assignment")
        chosen = SimilarAnswers(parent=self)
        folder = Path(self.coursedir.root, chosen.to)
        against = Path(chosen.against) if chosen.against else None
        try:
            found, notices = write_similar(self.coursedir, named[0], folder, against)
        except ValueError as error:
            self.refuse(str(error), 1)
        except (SQLAlchemyError, ImportError) as error:
            self.refuse(gradebook_fault(error, self.coursedir.db_url), 1)
        except OSError as error:
            self.refuse(f"{error.filename or folder}: {error.strerror or error}", 1)
        for notice in notices:
            print(printable(notice), file=sys.stderr)
        screen = Screen()
        out = [pair for pair in found.pairs if pair.stands_out]
        rows = [
            [
                f"{found.people[pair.one].name}, {found.people[pair.other].name}",
                f"{pair.figure:.1f}",
                f"{100 * pair.similarity:.0f} %",
                str(len(pair.mistakes)),
            ]
            for pair in out[:_SHOWN]
        ]
        if rows:
            screen.table(("pair", "figure", "similarity", "same mistakes"), rows)
        more = f", {len(out) - _SHOWN} more" if len(out) > _SHOWN else ""
        screen.say(f"Pairs that stand out: {len(out)}{more and ' (' + more[2:] + ' in pairs.csv)'}")
        screen.say("A reason to look, never a verdict.")
        screen.say(f"Side by side: open {os.path.relpath(folder / 'index.html')}")
