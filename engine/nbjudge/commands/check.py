"""``nbjudge check``: which tests would behave otherwise with the judge, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.screen import Screen
from nbjudge.execution.checking import Difference, check_notebook
from nbjudge.execution.contracts import Contracts, keep_contracts
from nbjudge.execution.execute import SandboxedExecute


class CheckApp(CourseCommand):
    """Grade the instructor's own version of assignments with the judge and without."""

    name = "nbjudge check"
    description = (
        "Grade the instructor's own notebooks of an assignment with the judge and without, and "
        "name each test cell that would behave otherwise, with the reason and the remedy. "
        "The exit code is 1 if there is any."
    )
    examples = "\n".join(
        [
            "nbjudge check ps1           before ps1 is released",
            "nbjudge check               every assignment in source/",
            "",
            "ps1/part2: stack_grows passes without the judge and waits for a person with it",
            "    reason: an argument cannot be handed over: a value of the type Fake",
            "    remedy: make the object in a cell of the notebook and let the test call it by ...",
        ]
    )

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), SandboxedExecute]

    def start(self) -> None:
        """Check the assignments that were named, or all that have a folder in the source."""
        super().start()
        self.find_course()
        course = self.coursedir
        source = Path(course.format_path(course.source_directory, ".", "."))
        there = sorted(p.name for p in source.glob("*") if any(p.glob("*.ipynb")))
        for name in self.extra_args:
            if name not in there:
                self.refuse(f"{source}/ has no assignment {name!r} with a notebook", 1)
        names = self.extra_args or there
        if not names:
            self.refuse(f"{source}/ has no assignment with a notebook", 1)
        screen = Screen()
        found = [d for name in names for d in self._check(screen, source / name)]
        sys.exit(1 if found else 0)

    def _check(self, screen: Screen, folder: Path) -> list[Difference]:
        root = str(Path(self.coursedir.root).resolve())
        tests, found = 0, []
        contracts: Contracts = {}
        for path in sorted(folder.glob("*.ipynb")):
            try:
                count, differences, made = check_notebook(path, self.config, root)
                contracts[path.stem] = made
            except Exception as error:  # whatever cannot be run here cannot be graded either
                count = 0
                differences = [
                    Difference(
                        path.stem,
                        "the notebook",
                        "cannot be run",
                        "cannot be run",
                        f"{type(error).__name__}: {error}",
                        "`nbjudge doctor` says whether this machine can grade at all",
                    )
                ]
            tests += count
            found += differences
            for difference in differences:
                self._say(screen, folder.name, difference)
        keep_contracts(contracts, folder, self.config, root)  # for the grading of this version
        if not found:
            screen.say(f"{folder.name}: {tests} test cells do the same with the judge and without")
        else:
            screen.say(f"{folder.name}: {len(found)} of {tests} test cells need a look")
        return found

    @staticmethod
    def _say(screen: Screen, assignment: str, found: Difference) -> None:
        place = f"{assignment}/{found.notebook}: {found.cell}"
        if found.without != "passes":
            screen.say(f"{place} {found.without} without the judge as well")
        else:
            screen.say(f"{place} passes without the judge and {found.judged} with it")
        screen.say(f"    reason: {found.reason}")
        screen.say(f"    remedy: {found.remedy}")
