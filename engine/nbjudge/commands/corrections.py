"""What the commands that correct grades have in common: shown first, written when agreed."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Unicode

from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.lock import CourseInUseError, one_batch
from nbjudge.batch.workers import BatchError
from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.grade import hand_back
from nbjudge.commands.screen import ClassProgress, Screen
from nbjudge.commands.summary import write_grades
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.feedback.generate import ParallelFeedback
from nbjudge.gradebook.database import open_gradebook
from nbjudge.regrade.change import Changed
from nbjudge.regrade.corrections import Correction, CorrectionError, finish
from nbjudge.regrade.draft import DraftError
from nbjudge.regrade.trial import Trial

_MOST_ROWS = 1000
_HEADS = ("student", "cell", "before", "after", "change")


class CorrectionCommand(ClassCommand):
    """A command that changes grades after the fact."""

    yes = Bool(False, help="Write what is shown, without being asked.").tag(config=True)
    dry_run = Bool(False, help="Only show what would change; ask nothing.").tag(config=True)
    because = Unicode("", help="Why, for regrades.csv.").tag(config=True)

    aliases: dict[str, Any] = {
        **ClassCommand.aliases,
        "because": "CorrectionCommand.because",
        "workers": "ParallelAutograde.workers",
    }
    flags: dict[str, Any] = {
        **ClassCommand.flags,
        "verbose": (
            {"CourseCommand": {"verbose": True}},
            "Show each cell, however many they are.",
        ),
        "yes": ({"CorrectionCommand": {"yes": True}}, "Write what is shown, without being asked."),
        "dry-run": (
            {"CorrectionCommand": {"dry_run": True}},
            "Only show what would change; ask nothing.",
        ),
    }

    def _classes_default(self) -> list[Any]:
        return [
            *super()._classes_default(), ParallelAutograde, ParallelFeedback, SandboxedExecute
        ]  # fmt: skip

    def correct(self, assignment: str, make: Callable[[Trial, Gradebook], Correction]) -> None:
        """Try a correction, show it, and write it where that is agreed.

        Parameters
        ----------
        assignment : str
            Which assignment.
        make : callable
            Tries the correction; it is given the converter and the gradebook.
        """
        if self.yes and self.dry_run:
            self.refuse("--yes writes and --dry-run does not: give one of them")
        course = self.coursedir
        course.assignment_id = assignment
        screen = Screen()
        converter = Trial(coursedir=course, parent=self)
        converter.required = False
        progress = ClassProgress(screen, assignment, verbose=False)
        converter.progress = progress
        due: set[str] | None = None
        undone = False
        try:
            with (
                self.faults_refused(CorrectionError, DraftError, CourseInUseError, BatchError),
                one_batch(Path(course.root), course.groupshared),
                open_gradebook(course, converter.gradebook_patience) as gradebook,
            ):
                due = finish(converter, gradebook)
                try:
                    correction = make(converter, gradebook)
                finally:
                    progress.close()
                try:
                    show(screen, correction, verbose=self.verbose)
                    agreed = self._is_agreed(screen, correction)
                except BaseException:
                    correction.drop()
                    raise
                if agreed:
                    due = correction.write() | (due or set())
                    undone = bool(correction.plan.undoes)
                else:
                    correction.drop()
        except NbGraderException as error:
            self.refuse_lines(str(error), 1)
        except KeyboardInterrupt:
            self.refuse("interrupted: grades are as they were", 130)
        if due is not None:
            self._hand_back(screen, converter, due, undone=undone)

    def _is_agreed(self, screen: Screen, correction: Correction) -> bool:
        name = correction.plan.assignment
        if is_nothing(correction):
            screen.say(f"Nothing of {name} changes.")
            if self.yes:
                correction.remember()
            return False
        if self.yes:
            return True
        if not self.dry_run and sys.stdin.isatty() and screen.terminal:
            try:
                answer = input("Write this? [y/N] ")
            except EOFError:
                answer = ""
            if answer.strip().lower() in ("y", "yes"):
                return True
        screen.say("Nothing is written. The same command with --yes writes it.")
        return False

    def _hand_back(self, screen: Screen, converter: Trial, due: set[str], *, undone: bool) -> None:
        """Write what follows from changed grades: feedback and tables."""
        course, name = self.coursedir, self.coursedir.assignment_id
        progress = ClassProgress(screen, f"feedback of {name}", verbose=False)
        try:
            written = hand_back(converter, due, progress)
        except NbGraderException as error:
            self.refuse_lines(str(error), 1)
        finally:
            progress.close()
        self.log.disabled = True  # it looks for an exchange, which is not needed, and complains
        api = NbGraderAPI(coursedir=CourseDirectory(config=self.config), config=self.config)
        self.log.disabled = False
        root = Path(course.root)
        write_grades(api, root / "grades.csv")
        back = "" if undone else f" `nbjudge regrade {name} --undo` takes it back."
        screen.say(
            f"Written: the gradebook, grades.csv and regrades.csv; feedback of "
            f"{counted(len(written), 'student')} in {course.feedback_directory}/.{back}"
        )


def is_nothing(correction: Correction) -> bool:
    """Whether a correction changes nothing that anybody could see."""
    return not (correction.differences or correction.changed.students or correction.changed.rows)


def show(screen: Screen, correction: Correction, *, verbose: bool = False) -> None:
    """Say who gains and who loses how much in which cell; in all, where those are very many."""
    changed, name = correction.changed, correction.plan.assignment
    found = correction.differences
    if found.changed:
        screen.say(f"Other text: {', '.join(found.changed)}")
    for cell, old, new in found.points:
        screen.say(f"Other points: {cell} {number(old)} → {number(new)}")
    if found.added:
        everybody = len({student for student, _ in changed.after.late})
        screen.say(
            f"New: {', '.join(found.added)}. {counted(everybody, 'submission')} came in without, "
            "so an answer that is asked for there is nobody's yet"
        )
    if found.removed:
        screen.say(f"Taken out again: {', '.join(found.removed)}")
    if changed.rows:
        screen.say()
        if len(changed.rows) <= _MOST_ROWS or verbose:
            rows = [
                [row.student, row.cell, number(row.old), number(row.new), signed(row.new - row.old)]
                for row in changed.rows
            ]
            screen.table(_HEADS, rows)
        else:
            screen.table(*_by_student(changed))
            screen.say(f"{len(changed.rows)} cells in all; --verbose shows each of them.")
        screen.say()
    before, after = changed.before.totals(), changed.after.totals()
    moves = [after.get(student, 0.0) - before.get(student, 0.0) for student in {*before, *after}]
    gain, lose = sum(move > 1e-9 for move in moves), sum(move < -1e-9 for move in moves)
    means = [number(statistics.mean(totals.values())) for totals in (before, after) if totals]
    out_of = [number(points) for points in changed.max_score]
    screen.say(
        f"{name}: {gain} gain, {lose} lose, {len(moves) - gain - lose} stay; "
        f"mean {' → '.join(means) or '–'}, out of {' → '.join(dict.fromkeys(out_of))}."
    )
    for line in _by_hand(correction):
        screen.say(line)
    reasons: dict[str, list[str]] = {}
    for student, why in sorted(correction.outcome.left_out.items()):
        reasons.setdefault(why, []).append(student)
    for why, students in reasons.items():
        more = f" and {len(students) - 10} more" if len(students) > 10 else ""
        keep = "keeps" if len(students) == 1 else "keep"
        screen.say(f"  {', '.join(students[:10])}{more} {keep} the grade there was: {why}")


def _by_student(changed: Changed) -> tuple[tuple[str, ...], list[list[str]]]:
    """Lay out what each student gains or loses over all cells, the largest loss first."""
    before, after = changed.before.totals(), changed.after.totals()
    moves = {student: after.get(student, 0.0) - before.get(student, 0.0) for student in after}
    cells = {student: 0 for student in after}
    for row in changed.rows:
        cells[row.student] += 1
    order = sorted((s for s in after if cells[s]), key=lambda student: (moves[student], student))
    return ("student", "cells", "before", "after", "change"), [
        [s, str(cells[s]), number(before.get(s, 0.0)), number(after[s]), signed(moves[s])]
        for s in order
    ]


def _by_hand(correction: Correction) -> Iterator[str]:
    """Name the points given by hand that stand in the place of what tests give now."""
    changed = correction.changed
    for key, mark in sorted(changed.after.cells.items()):
        old = changed.before.cells.get(key)
        if mark.manual_score is None or old is None or old.manual_score != mark.manual_score:
            continue
        if mark.auto_score != old.auto_score and mark.auto_score is not None:
            student, _, cell = key
            yield (
                f"  {student}, {cell}: {number(mark.manual_score)} given by hand stays; "
                f"the tests give {number(mark.auto_score)} now"
            )


def number(value: float) -> str:
    """Return points as they are shown."""
    return f"{round(value, 2) + 0.0:g}"


def signed(value: float) -> str:
    """Return a change of points as it is shown."""
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


def counted(count: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{count} {what}{'' if count == 1 else 's'}"
