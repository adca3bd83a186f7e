"""Feedback for a whole class: nbgrader's own pages, several students' at a time."""

from __future__ import annotations

import ctypes
import hashlib
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateFeedback, NbGraderException
from traitlets import Integer, default

from nbjudge.batch.coordinator import BatchInterrupted
from nbjudge.batch.fault_log import FaultLog
from nbjudge.batch.handed_in import files_to_grade, student_folders
from nbjudge.batch.job import Fault
from nbjudge.batch.records import Records
from nbjudge.cpus import usable_cpus
from nbjudge.feedback.exporter import FeedbackExporter
from nbjudge.gradebook.cells import cell_names, cell_points
from nbjudge.gradebook.database import open_gradebook
from nbjudge.temp_folders import replace_folder
from nbjudge.untrusted_text import one_line, printable

_PR_SET_PDEATHSIG = 1
_converter: ParallelFeedback | None = None  # of a forked process, which serves one converter


class ParallelFeedback(GenerateFeedback):
    """nbgrader's `GenerateFeedback`, with a process for each core.

    Each process is a fork that runs nbgrader's own conversion on the folder of one student after
    the other. It reads the gradebook and writes feedback only, beside its place; a folder of
    feedback that is there is whole. Due is who has no feedback, and whose gradebook entries or
    autograded notebooks are others than when it was written.

    Attributes
    ----------
    only : set of str or None
        Whose feedback to write; None for all.
    failed : dict of str to str
        Why there is none, by student.
    written : list of str
        Whose feedback was written in this run.
    """

    workers = Integer(
        len(usable_cpus()), min=1, help="How many students' feedback is written at the same time."
    ).tag(config=True)

    @default("exporter_class")
    def _exporter_class_default(self) -> type[FeedbackExporter]:
        return FeedbackExporter

    assignments: dict[str, list[str]]  # nbgrader's: the notebooks of each folder

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only: set[str] | None = None
        self.failed: dict[str, str] = {}
        self.written: list[str] = []
        self.progress: Callable[[int, int, str], None] = lambda done, total, student: None
        self.error: Exception | None = None

    def convert_notebooks(self) -> None:
        """Write the feedback of every student that is due.

        Raises
        ------
        NbGraderException
            If the feedback of some could not be written; ``failed`` says why, by student.
        """
        course = self.coursedir
        root, name, shared = Path(course.root), course.assignment_id, course.groupshared
        records = Records(root, "feedback", name, shared)
        log = FaultLog(root, name, shared)
        states = self._find_due(records)
        try:
            for number, (student, fault) in enumerate(self._write_all(states), 1):
                if fault is None:
                    records.write(student, state=states[student])
                    self.written.append(student)
                else:
                    what = fault.traceback.rstrip().rpartition("\n")[2]
                    path = log.write(student, fault)
                    self.failed[student] = one_line(what, 300) + (
                        f" (traceback in {path})" if path else ""
                    )
                self.progress(number, len(states), student)
        except KeyboardInterrupt:
            raise BatchInterrupted(
                f"interrupted: feedback of {len(self.written)} of {len(states)} students is "
                "written: run the same command again to go on with the others"
            ) from None
        if self.failed:
            names = "\n".join(f"  {printable(who)}: {why}" for who, why in self.failed.items())
            raise NbGraderException(f"no feedback for {len(self.failed)} students:\n{names}")

    def _find_due(self, records: Records) -> dict[str, str]:
        """Return who is due, and the state that the feedback will show."""
        course = self.coursedir
        folders = student_folders(course, course.autograded_directory, course.assignment_id)
        found = {}
        with open_gradebook(course) as gradebook:
            for student, folder in folders.items():
                if str(folder) not in self.assignments:
                    continue
                if self.only is not None and student not in self.only:
                    continue
                if student in course.student_id_exclude.split(","):
                    continue
                notebooks = [Path(name) for name in self.assignments[str(folder)]]
                state = shown_state(gradebook, course.assignment_id, student, notebooks)
                place = Path(super()._format_dest(course.assignment_id, student))
                for leftover in ("part", "old"):  # of a command that was killed
                    shutil.rmtree(_beside(place, leftover), ignore_errors=True)
                whole = all((place / f"{path.stem}.html").exists() for path in notebooks)
                if self.force or not whole or records.read(student).get("state") != state:
                    found[student] = state
        return found

    def _write_all(self, students: Iterable[str]) -> Iterator[tuple[str, Fault | None]]:
        """Have the feedback of students written; each alone, where a process has ended."""
        left = dict.fromkeys(students)
        if left:
            for student, fault in self._write_some(list(left), self.workers):
                del left[student]
                yield student, fault
        for student in left:  # one of those that were in hand has ended its process
            alone = list(self._write_some([student], 1))
            ended = Fault("process", "the process that wrote it ended")
            yield alone[0] if alone else (student, ended)

    def _write_some(self, students: list[str], size: int) -> Iterator[tuple[str, Fault | None]]:
        """Have feedback written until all is, or until a process ends."""
        executor = ProcessPoolExecutor(
            min(size, len(students)),
            mp_context=multiprocessing.get_context("fork"),
            initializer=_start_writer,
            initargs=(self, os.getpid()),
        )
        try:
            yield from zip(students, executor.map(_write, students), strict=True)
        except BrokenExecutor:
            return
        finally:
            executor.shutdown(cancel_futures=True)

    # -- of one student, in a process of its own ------------------------------------------------

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        """Return where feedback is written: beside its place."""
        place = super()._format_dest(assignment_id, student_id, escape)
        return place if escape else str(_beside(Path(place), "part"))

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the files beside the notebooks."""
        source = Path(self._format_source(assignment_id, student_id))
        folder = Path(self._format_dest(assignment_id, student_id))
        for name, path in files_to_grade(source, self.coursedir.ignore).items():
            if not name.endswith(".ipynb"):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, folder / name)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert a notebook; keep the error if there is one, which nbgrader only logs."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.error = error
            raise

    def write_one(self, student: str) -> None:
        """Write the feedback of a student, and put it into its place."""
        assignment = self.coursedir.assignment_id
        place = Path(super()._format_dest(assignment, student))
        part, old = _beside(place, "part"), _beside(place, "old")
        shutil.rmtree(part, ignore_errors=True)
        source = self._format_source(assignment, student)
        if self.coursedir.notebook_id != "*" and place.exists():
            shutil.copytree(place, part)
            for name in self.assignments[source]:
                (part / f"{Path(name).stem}.html").unlink(missing_ok=True)
        everybody, self.assignments = self.assignments, {source: self.assignments[source]}
        self.error = None
        try:
            GenerateFeedback.convert_notebooks(self)  # nbgrader's loop, over this one
        except NbGraderException:
            if self.error is not None:
                raise self.error from None
            raise
        finally:
            self.assignments = everybody
        replace_folder(part, place, old)


def shown_state(gradebook: Gradebook, assignment: str, student: str, notebooks: list[Path]) -> str:
    """Return a fingerprint of all that a student's feedback shows.

    Parameters
    ----------
    gradebook : Gradebook
        The course's.
    assignment, student : str
        Which submission.
    notebooks : list of Path
        Its autograded notebooks.
    """
    total = hashlib.sha256()
    for path in sorted(notebooks):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return total.hexdigest()
    rows: list[tuple[object, ...]] = []
    if submission.extension:
        rows.append(("extension", str(submission.extension)))
    for sheet in submission.notebooks:
        rows.append((sheet.name, "penalty", sheet.late_submission_penalty))
        names, most = cell_names(gradebook, sheet), cell_points(gradebook, sheet)
        for grade in sheet.grades:
            name, max_score = names[grade.cell_id], most[grade.cell_id]
            points = (grade.auto_score, grade.manual_score, grade.extra_credit, max_score)
            rows.append((sheet.name, "grade", name, *points, grade.needs_manual_grade))
        for comment in sheet.comments:
            words = (comment.auto_comment, comment.manual_comment)
            rows.append((sheet.name, "comment", names[comment.cell_id], *words))
    total.update(repr(sorted(map(repr, rows))).encode(errors="backslashreplace"))
    return total.hexdigest()


def _beside(place: Path, kind: str) -> Path:
    return place.with_name(f".{place.name}.{kind}")


def _start_writer(converter: ParallelFeedback, parent: int) -> None:
    global _converter
    _converter = converter
    # Ctrl-C and the end of the command are the parent's to hear of.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _write(student: str) -> Fault | None:
    """Write the feedback of one student; return what went wrong."""
    assert _converter is not None
    try:
        _converter.write_one(student)
    except Exception as error:  # the feedback of others does not depend on it
        return Fault.of(error)
    return None
