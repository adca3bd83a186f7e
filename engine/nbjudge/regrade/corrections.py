"""The corrections of an assignment that was graded: a regrade, and the undoing of any."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.api import Gradebook

from nbjudge.batch.incidents import GRADED, Incident, write_incidents
from nbjudge.batch.late import LatePenalties
from nbjudge.batch.reading import assignment_version
from nbjudge.batch.recorder import Recorder
from nbjudge.batch.records import Records
from nbjudge.gradebook.notes import make_notes
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot
from nbjudge.gradebook.withdrawn import (
    Withdrawals,
)
from nbjudge.regrade.change import Changed, Plan, apply, last_change, take_back
from nbjudge.regrade.draft import (
    Differences,
    Draft,
    differences,
    read_draft,
    source_digest,
    source_folder,
)
from nbjudge.regrade.pages import SamePage, shown_now
from nbjudge.regrade.stage import Stage, pending
from nbjudge.regrade.table import account, now
from nbjudge.regrade.trial import Outcome, Trial
from nbjudge.temp_folders import prefix


class CorrectionError(ValueError):
    """A correction cannot be made; the message says why, and what to do."""


@dataclass
class Correction:
    """A change of grades that was tried, to be shown, and then to be written or dropped.

    Attributes
    ----------
    converter : Trial
        Knows the course and the assignment.
    gradebook : Gradebook
        The course's.
    plan : Plan
        The change.
    stage : Stage
        Its files.
    changed : Changed
        What the trial has done to the marks.
    differences : Differences
        Between the assignment in the gradebook and the one by which was graded.
    outcome : Outcome
        What grading has shown.
    """

    converter: Trial
    gradebook: Gradebook
    plan: Plan
    stage: Stage
    changed: Changed
    differences: Differences
    outcome: Outcome = field(default_factory=Outcome)

    def write(self) -> set[str]:
        """Write the change; return whose feedback is due."""
        self._make_ready()
        make_notes(self.gradebook)
        self.changed = apply(
            self.gradebook, self.plan, LatePenalties.of_course(self.converter), trial=False
        )
        self._write_incidents()
        due = finish(self.converter, self.gradebook)
        return set() if due is None else due

    def _make_ready(self) -> None:
        course, name = self.converter.coursedir, self.plan.assignment
        records = Records(Path(course.root), "graded", name, course.groupshared)
        version = assignment_version(self.plan.sheets)
        digests = dict(self.outcome.digests)
        if not digests:  # nothing was graded: who was by the tests of before still is
            before = assignment_version(take_snapshot(self.gradebook, name))
            for student, _ in self.changed.after.late:
                known = records.read(student)
                if known.get("version") == before:
                    digests[student] = known.get("files", "")
        students = {student for student, _ in self.changed.after.late}
        shown = {
            student: shown_now(self.converter, self.gradebook, student) for student in students
        }
        self.stage.make_ready(digests, version, shown)

    def _write_incidents(self) -> None:
        if not self.outcome.results:
            return
        course = self.converter.coursedir
        mine: list[Incident] = [i for i in self.outcome.incidents if i.graded == GRADED]
        path = Path(course.root) / "incidents.csv"
        students = [*self.outcome.results]
        write_incidents(mine, path, [self.plan.assignment], students, course.groupshared)

    def remember(self) -> None:
        """Note that the grades there are have been given by the assignment as it is now."""
        course, name = self.converter.coursedir, self.plan.assignment
        records = Records(Path(course.root), "graded", name, course.groupshared)
        for student, digest in self.outcome.digests.items():
            records.write(student, files=digest, version=self.outcome.version)

    def drop(self) -> None:
        """Leave everything as it is."""
        self.stage.drop()


def finish(converter: Trial, gradebook: Gradebook) -> set[str] | None:
    """Move the files of a change that the gradebook has into their places, where they are not.

    Returns
    -------
    set of str or None
        Whose feedback is due; None if there was nothing to finish.
    """
    stage = pending(converter, gradebook)
    if stage is None:
        return None
    note = last_change(gradebook, converter.coursedir.assignment_id)
    assert note is not None
    return stage.finish(
        gradebook,
        note,
        SamePage(converter.config),
        lambda student: shown_now(converter, gradebook, student),
    )


def regrade(converter: Trial, gradebook: Gradebook, why: str, *, keep: bool = True) -> Correction:
    """Grade a class again by the assignment as it stands in the course's source.

    Parameters
    ----------
    converter : Trial
        Knows the course and the assignment.
    gradebook : Gradebook
        The course's.
    why : str
        For ``regrades.csv``.
    keep : bool, default True
        Whether the change may be written; else the autograded files are not kept.

    Raises
    ------
    CorrectionError
        If the source cannot be graded by, or has lost what grades hang on.
    """
    course, name = converter.coursedir, converter.coursedir.assignment_id
    refuse_without_submissions(gradebook, name)
    before = take_snapshot(gradebook, name)
    withdrawals = Withdrawals.read(gradebook, name)
    draft = Draft(withdrawals.restored(before), {})
    if source_digest(course, name) is not None:
        draft = read_draft(converter.config, name)
    withdrawals = withdrawals.renewed(draft.sheets)
    sheets = withdrawals.apply(draft.sheets)
    found = differences(before, sheets)
    _refuse_what_grades_hang_on(found, name, source_folder(course, name))
    if found.added:  # nobody was given them: tests are put into what was handed in
        converter.config.OverwriteCells.add_missing_cells = True
    plan = Plan(name, now(), account(), why, sheets, withdrawals, lambda _: None)
    stage = Stage(converter, plan.id)
    if keep:
        converter.keep = stage.keep
        if draft.files:
            stage.keep_release(draft.files)
    try:
        with TemporaryDirectory(prefix=prefix()) as folder:
            outcome = converter.run(gradebook, sheets, Path(folder))
        recorder = Recorder(converter, gradebook, None)
        recorder.withdrawals = withdrawals

        def write(gradebook: Gradebook) -> None:
            for submission in gradebook.find_assignment(name).submissions:
                if submission.student.id in outcome.results:
                    result = outcome.results[submission.student.id]
                    recorder.write_scores(submission, result, look_again=False)
                else:
                    for sheet in submission.notebooks:
                        withdrawals.settle(sheet)

        plan.write = write
        changed = apply(gradebook, plan, LatePenalties.of_course(converter), trial=True)
    except BaseException:
        stage.drop()
        raise
    return Correction(converter, gradebook, plan, stage, changed, found, outcome)


def refuse_without_submissions(gradebook: Gradebook, assignment: str) -> None:
    """Raise CorrectionError where there are no grades that could be corrected."""
    if not gradebook.find_assignment(assignment).submissions:
        raise CorrectionError(
            f"nothing of {assignment} is graded yet: change its source, and run "
            f"`nbgrader generate_assignment {assignment} --force`"
        )


def undo(converter: Trial, gradebook: Gradebook) -> Correction:
    """Take the last change of an assignment's grades back.

    Raises
    ------
    CorrectionError
        If there is none that could be.
    """
    name = converter.coursedir.assignment_id
    note = last_change(gradebook, name)
    if note is None or note["undoes"]:
        done = ": the last change was the undoing of one" if note else ""
        raise CorrectionError(f"there is nothing to undo in {name}{done}")
    sheets = {n: NotebookSnapshot.of_data(sheet) for n, sheet in note["sheets"].items()}
    before = take_snapshot(gradebook, name)
    plan = Plan(
        name, now(), account(), f"undoes what {note['who']} changed on {note['when']}",
        sheets, Withdrawals.of_data(note["withdrawals"]), take_back(note, name), note["id"],
    )  # fmt: skip
    changed = apply(gradebook, plan, LatePenalties.of_course(converter), trial=True)
    stage = Stage(converter, plan.id)
    digests = stage.take_over(Stage(converter, note["id"]))
    outcome = Outcome(digests=digests)
    return Correction(
        converter, gradebook, plan, stage, changed, differences(before, sheets), outcome
    )


def _refuse_what_grades_hang_on(found: Differences, name: str, source: Path) -> None:
    if found.notebooks:
        raise CorrectionError(
            f"{source}: {', '.join(found.notebooks)}: a notebook cannot be added to {name} or "
            "taken from it once there are submissions: put the exercises into one of its others"
        )
    if found.removed:
        first = found.removed[0].partition("/")[2]
        raise CorrectionError(
            f"{source}: {', '.join(found.removed)}: the cell is not there any more, and grades "
            f"hang on it: put it back, and take its points out with `nbjudge withdraw {name} "
            f"{first} --points none`"
        )
    if found.other_kind:
        raise CorrectionError(
            f"{source}: {', '.join(found.other_kind)}: an answer, a test and a task cannot become "
            "one another once there are submissions: give the cell another name"
        )
