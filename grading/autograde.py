"""The coordinator: nbgrader's autograding of a whole class, with workers that execute in parallel.

The coordinator alone touches the course. Submissions go to workers as bytes; what comes back is
written in one transaction a submission, and then moved into ``autograded/`` in one step. Whenever
it is killed, each submission is either graded or as it was, and a rerun goes on with the rest.
"""

from __future__ import annotations

import contextlib
import glob
import multiprocessing
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import find_all_files, parse_utc
from traitlets import Integer

from grading.submissions import Incident, faults
from grading.work import Batch, Graded, export_structure, grade_submission, start_worker

_OURS = "grading.preprocessor.SandboxedExecute"
_TRIES = 3
_QUEUE = 2  # submissions in flight, in multiples of the workers: memory stays flat


class ParallelAutograde(Autograde):
    """nbgrader's `Autograde`, with the execution done by workers."""

    workers = Integer(
        os.cpu_count() or 1, min=1, help="How many submissions are graded at the same time."
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents: list[Incident] = []
        self.graded: list[str] = []
        self.only: set[str] | None = None
        self.progress: Callable[[int, int, str], None] = lambda done, total, line: None

    def init_notebooks(self) -> None:
        """Find the submissions; folders without a notebook too, which nbgrader leaves out."""
        self.assignments, self.notebooks = {}, []
        assignment, student = self.coursedir.assignment_id, self.coursedir.student_id
        for folder in sorted(glob.glob(self._format_source(assignment, student))):
            notebooks = glob.glob(os.path.join(folder, f"{self.coursedir.notebook_id}.ipynb"))
            self.assignments[folder] = sorted(notebooks)
        if not self.assignments:
            raise NbGraderException(f"nothing is submitted for {assignment!r}")

    # -- the batch ------------------------------------------------------------------------------

    def convert_notebooks(self) -> None:
        """Grade every submission that is due; what cannot be graded becomes an incident."""
        assignment = self.coursedir.assignment_id
        due = [student for student in self._students() if self._is_due(student)]
        if not due:
            return
        with self._gradebook() as gradebook:
            try:
                names = [n.name for n in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                raise NbGraderException(f"the gradebook has no assignment {assignment!r}") from None
            batch = self._batch(gradebook)
            late = self._late_penalties()
            readable = self._readable(due, names)
            for student, graded in self._grade_all(batch, readable, len(due)):
                if graded.error is None:
                    try:
                        self._record(gradebook, late, student, graded)
                    except OSError as error:
                        graded.error = f"could not be written: {error}"
                        gradebook.db.rollback()
                if graded.error is not None:
                    self._incident(student, "", graded.error)
                else:
                    self.graded.append(student)
                    for notebook, cell, what in graded.lost:
                        self._incident(student, f"{notebook}.ipynb", f"{cell}: {what}")
                done = len(self.graded) + len({i.student for i in self.incidents} - {*self.graded})
                self.progress(done, len(due), f"{student}: {graded.error or 'graded'}")

    def _students(self) -> list[str]:
        regexp = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        found = [re.match(regexp, folder) for folder in self.assignments]
        return sorted(match["student_id"] for match in found if match)

    def _is_due(self, student: str) -> bool:
        """Whether a submission is to be graded, as nbgrader decides it; nothing is removed yet."""
        excluded = student in self.coursedir.student_id_exclude.split(",")
        if excluded or (self.only is not None and student not in self.only):
            return False
        assignment = self.coursedir.assignment_id
        folder = Path(self._format_dest(assignment, student))
        source = self._format_source(assignment, student)
        wanted = [Path(name).name for name in self.assignments[source]]
        if self.coursedir.notebook_id == "*":
            if not folder.exists():
                return True
        elif not all((folder / name).exists() for name in wanted):
            return True
        new = self.coursedir.get_existing_timestamp(source)
        old = self.coursedir.get_existing_timestamp(str(folder))
        return self.force or (new is not None and old is not None and new > old)

    def _batch(self, gradebook: Gradebook) -> Batch:
        assignment = self.coursedir.assignment_id
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        files = find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"])
        with tempfile.TemporaryDirectory(prefix="grading-") as folder:
            structure = export_structure(gradebook, Path(folder) / "structure.db")
        config = _plain(self.config)
        names = [_name(step) for step in self.autograde_preprocessors]
        config.setdefault("Autograde", {})["autograde_preprocessors"] = [
            _OURS if name.endswith(".Execute") else name for name in names
        ]
        return Batch(
            assignment=assignment,
            structure=structure,
            source={os.path.relpath(name, source): Path(name).read_bytes() for name in files},
            config=config,
            root=str(Path(self.coursedir.root).resolve()),
            notebooks=self.coursedir.notebook_id,
            coordinator=os.getpid(),
        )

    def _readable(self, due: list[str], names: list[str]) -> Iterator[tuple[str, dict]]:
        """Read the submissions one by one; name those that cannot be graded."""
        assignment = self.coursedir.assignment_id
        for student in due:
            folder = Path(self._format_source(assignment, student))
            there = [n for n in names if (folder / f"{n}.ipynb").exists()] or names
            broken = faults(folder, assignment, there)
            links = [path for path in folder.rglob("*") if path.is_symlink()]
            broken += [(path, "a link, not a file") for path in links if path.suffix != ".ipynb"]
            for path, what in broken:
                self._incident(student, str(path.relative_to(folder)), what)
            if broken:
                self.progress(0, 0, f"{student}: not graded")
                continue
            found = find_all_files(str(folder), [*self.coursedir.ignore, "*.ipynb"])
            found += self.assignments[str(folder)]
            yield student, {os.path.relpath(n, folder): Path(n).read_bytes() for n in found}

    def _grade_all(
        self, batch: Batch, submissions: Iterator[tuple[str, dict]], total: int
    ) -> Iterator[tuple[str, Graded]]:
        """Have the workers grade; a submission that ends its worker is tried again, then named."""
        tries: dict[str, int] = {}
        waiting: list[tuple[str, dict]] = []
        more = True
        size = min(self.workers, total)
        while more or waiting:
            with self._executor(batch, size) as executor:
                running: dict[Future, tuple[str, dict]] = {}
                broken = False
                while not broken:
                    while len(running) < _QUEUE * size and (waiting or more):
                        task = waiting.pop() if waiting else next(submissions, None)
                        if task is None:
                            more = False
                            break
                        running[executor.submit(grade_submission, batch, *task)] = task
                    if not running:
                        break
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        task = running.pop(future)
                        error = future.exception()
                        if error is None:
                            yield task[0], future.result()
                            continue
                        broken = broken or isinstance(error, BrokenProcessPool)
                        tries[task[0]] = tries.get(task[0], 0) + 1
                        if tries[task[0]] < _TRIES:
                            waiting.append(task)
                        else:
                            what = f"its worker ended {_TRIES} times ({type(error).__name__})"
                            yield task[0], Graded(task[0], error=what)
                if broken:
                    waiting += running.values()

    def _executor(self, batch: Batch, size: int) -> contextlib.AbstractContextManager[Executor]:
        return ProcessPoolExecutor(
            size,
            mp_context=multiprocessing.get_context("fork"),
            initializer=start_worker,
            initargs=(batch,),
        )

    # -- the gradebook --------------------------------------------------------------------------

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            yield gradebook
        gradebook.engine.dispose()

    def _late_penalties(self) -> AssignLatePenalties | None:
        wanted = [str(p) for p in self.autograde_preprocessors]
        if not any("AssignLatePenalties" in name for name in wanted):
            return None
        late = AssignLatePenalties(parent=self)
        late.init_plugin()
        return late

    def _record(
        self, gradebook: Gradebook, late: AssignLatePenalties | None, student: str, graded: Graded
    ) -> None:
        """Write a submission's files beside their place, its grades in one transaction, then move.

        Killed before the transaction, the submission is as it was; after it and before the move,
        it is graded once more, with the same result.
        """
        assignment = self.coursedir.assignment_id
        folder = Path(self._format_dest(assignment, student))
        part = folder.with_name(f".{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if self.coursedir.notebook_id != "*" and folder.exists():
            shutil.copytree(folder, part, dirs_exist_ok=True)
        for name, data in graded.files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            path.chmod(int(str(self.permissions), 8))
        with _one_transaction(gradebook):
            self._write_grades(gradebook, late, student, graded)
        old = folder.with_name(f".{folder.name}.old")
        if folder.exists():
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old, ignore_errors=True)

    def _write_grades(
        self, gradebook: Gradebook, late: AssignLatePenalties | None, student: str, graded: Graded
    ) -> None:
        assignment = self.coursedir.assignment_id
        gradebook.update_or_create_student(student)
        source = self._format_source(assignment, student)
        timestamp = self.coursedir.get_existing_timestamp(source)
        stamp = {"timestamp": parse_utc(timestamp)} if timestamp else {}
        submission = gradebook.update_or_create_submission(assignment, student, **stamp)
        for sheet in submission.notebooks:
            scores = graded.scores.get(sheet.name)
            if scores is None:
                if not (Path(source) / f"{sheet.name}.ipynb").exists():
                    for grade in sheet.grades:
                        grade.auto_score, grade.needs_manual_grade = 0, False
                continue
            for grade in sheet.grades:
                if grade.name in scores:
                    grade.auto_score = scores[grade.name]
                    # As nbgrader: what a person has graded, or must grade, is looked at again.
                    manual = grade.manual_score is not None
                    grade.needs_manual_grade = manual or grade.auto_score is None
            for comment in sheet.comments:
                if comment.name in graded.comments[sheet.name]:
                    comment.auto_comment = graded.comments[sheet.name][comment.name]
            if late is not None:
                _assign_penalty(gradebook, late, submission, sheet)

    def _incident(self, student: str, file: str, what: str) -> None:
        assignment = self.coursedir.assignment_id
        folder = os.path.relpath(self._format_source(assignment, student), self.coursedir.root)
        self.incidents.append(Incident(student, assignment, os.path.join(folder, file), what))


def _assign_penalty(gradebook: Gradebook, late: Any, submission: Any, sheet: Any) -> None:
    """Set what lateness costs, as nbgrader's preprocessor does."""
    gradebook.db.flush()
    gradebook.db.refresh(sheet)
    sheet.late_submission_penalty = None
    seconds = submission.total_seconds_late
    if seconds > 0:
        penalty = late.plugin_inst.late_submission_penalty(
            submission.student.id, sheet.score, seconds
        )
        if penalty is not None:
            sheet.late_submission_penalty = late._check_late_penalty(sheet, penalty)


@contextlib.contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Make nbgrader's own methods, which commit at every step, part of one transaction."""
    session = gradebook.db()
    commit = session.commit
    session.commit = session.flush
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit


def _name(step: Any) -> str:
    return step if isinstance(step, str) else f"{step.__module__}.{step.__qualname__}"


def _plain(config: Any) -> dict:
    """Turn settings into plain data that can go to another process."""
    kept = {}
    for name, value in config.items():
        if isinstance(value, dict):
            kept[name] = _plain(value)
        elif isinstance(value, (str, int, float, bool, list, tuple, set, type(None))):
            kept[name] = value
    return kept
