"""``nbjudge similar``: whose answers are more alike than those of others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from traitlets import Unicode
from traitlets.config import Configurable

from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.screen import Screen
from nbjudge.similar.write import write_similar

_SHOWN = 10


class SimilarAnswers(Configurable):
    """What a course may choose of the comparison."""

    to = Unicode("similar", help="The folder to write, relative to the course.").tag(config=True)
    against = Unicode(
        "", help="A folder with notebooks of previous years, at any depth, to compare with."
    ).tag(config=True)


class SimilarApp(ClassCommand):
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
    aliases: dict[str, Any] = {
        **ClassCommand.aliases,
        "to": "SimilarAnswers.to",
        "against": "SimilarAnswers.against",
    }

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), SimilarAnswers]

    def start(self) -> None:
        """Compare, and say which pairs stand out."""
        super().start()
        named = self.named_assignments()
        if len(named) != 1:
            self.refuse("name one assignment, as an argument or with --assignment")
        chosen = SimilarAnswers(parent=self)
        folder = Path(self.coursedir.root, chosen.to)
        against = Path(chosen.against) if chosen.against else None
        with self.faults_refused(ValueError):
            found, notices = write_similar(self.coursedir, named[0], folder, against)
        self.notice(notices)
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
