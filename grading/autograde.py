"""The coordinator: nbgrader's autograding of a whole class, with workers that execute in parallel.

The coordinator alone touches the course. Submissions go to workers as bytes; what comes back is
written in one transaction a submission, and then moved into ``autograded/`` in one step. Whenever
it is killed, each submission is either graded or as it was, and a rerun goes on with the rest.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.utils import find_all_files
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from traitlets import Integer, List, Unicode

from grading.copybook import export_assignments
from grading.dispatch import BatchError, Connect, grade_all, local_workers
from grading.doctor import try_grading
from grading.imports import needed
from grading.preprocessor import SandboxedExecute
from grading.recording import Recorder
from grading.sandbox import SandboxError
from grading.scratch import prefix, remove_stale
from grading.sheets import need_gradebook, read_sheets
from grading.showing import printable
from grading.submissions import Incident, faults, read_incidents, write_incidents
from grading.work import Batch, Graded

_OURS = {
    "Execute": "grading.preprocessor.SandboxedExecute",
    "OverwriteCells": "grading.restore.RestoreCells",
    "DeduplicateIds": None,  # is a part of RestoreCells
}
_NO_SANDBOX = f"{SandboxError.__module__}.{SandboxError.__qualname__}"
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE}


class ParallelAutograde(Autograde):
    """nbgrader's `Autograde`, with the execution done by workers."""

    workers = Integer(
        os.cpu_count() or 1, min=1, help="How many submissions are graded at the same time."
    ).tag(config=True)
    scheduler = Unicode(
        "", help="The address of a dask.distributed scheduler; empty to use this machine."
    ).tag(config=True)
    scheduler_patience = Integer(
        60, min=1, help="The seconds to wait for the scheduler, and for a first worker of it."
    ).tag(config=True)
    tls_ca_file = Unicode("", help="For a tls:// scheduler: who signs its certificate.").tag(
        config=True
    )
    tls_cert = Unicode("", help="For a tls:// scheduler: this side's certificate.").tag(config=True)
    tls_key = Unicode("", help="For a tls:// scheduler: this side's key.").tag(config=True)
    course_files = List(
        Unicode(),
        help="Globs, relative to the course, of what a cluster's workers get for test cells to "
        "read or import, besides the modules and packages at the top of the course.",
    ).tag(config=True)
    gradebook_patience = Integer(
        60, min=0, help="The seconds to wait for a gradebook that something else has locked."
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incidents: list[Incident] = []
        self.graded: list[str] = []
        self.only: set[str] | None = None
        self._known: set[str] | None = None
        self._machine_works = False
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
        self._named = {row["student"] for row in read_incidents(self._incidents_file, assignment)}
        try:
            with self._gradebook() as gradebook:
                self._grade(gradebook, due)
        except (OSError, SQLAlchemyError, InvalidEntry, BatchError) as error:
            self._give_up(due, str(error).splitlines()[0])

    def _grade(self, gradebook: Gradebook, due: list[str]) -> None:
        assignment = self.coursedir.assignment_id
        try:
            names = [n.name for n in gradebook.find_assignment(assignment).notebooks]
        except MissingEntry:
            raise NbGraderException(f"the gradebook has no assignment {assignment!r}") from None
        recorder = Recorder(self, gradebook)
        for student in due:
            recorder.remove_leftovers(student)
        remove_stale()
        batch = self._batch(gradebook)
        if not self.create_student:
            self._known = {student.id for student in gradebook.students}
        gradebook.db.rollback()  # hold nothing open while the workers grade
        readable = self._readable(due, names)
        for student, graded in grade_all(self._workers(batch, len(due)), readable):
            if graded.error is None:
                try:
                    self._record(recorder, student, graded)
                except OSError as error:
                    if error.errno in _OF_THE_MACHINE:
                        raise
                    graded.error = f"could not be written: {error}"
            if graded.error is not None:
                self._blame_machine(graded.error)
                self._name(student, [("", graded.error)])
            else:
                self.graded.append(student)
            done = len(self.graded) + len({i.student for i in self.incidents} - {*self.graded})
            self.progress(done, len(due), f"{student}: {graded.error or 'graded'}")

    def _blame_machine(self, error: str) -> None:
        """End the batch if no kernel starts for anybody; asked once, when one did not start."""
        if self._machine_works or self.scheduler or not error.startswith(_NO_SANDBOX):
            return
        try:
            try_grading(self.config)
        except RuntimeError as fault:
            raise BatchError(
                "no submission can be run on this machine, "
                f"see `python -m grading doctor` ({fault})"
            ) from None
        self._machine_works = True

    def _give_up(self, due: list[str], why: str) -> None:
        """End a batch for which the machine is at fault; name what is left for a rerun."""
        left = sorted({*due} - {*self.graded} - {incident.student for incident in self.incidents})
        for student in left:
            self._incident(student, "", f"not graded, the batch ended: {why}")
        with contextlib.suppress(OSError):  # the message below is said in any case
            mine = [incident for incident in self.incidents if incident.student in left]
            assignment = self.coursedir.assignment_id
            write_incidents(mine, self._incidents_file, [assignment], left)
        raise NbGraderException(
            f"the batch ended: {why}\n{len(self.graded)} of {len(due)} submissions are graded; "
            f"{len(left)} are as they were: run the same command again to go on with them"
        ) from None

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
        try:
            new = self.coursedir.get_existing_timestamp(source)
            old = self.coursedir.get_existing_timestamp(str(folder))
        except Exception:  # what a student wrote there is no time: it will be named
            return True
        return self.force or (new is not None and old is not None and new > old)

    def _batch(self, gradebook: Gradebook) -> Batch:
        assignment = self.coursedir.assignment_id
        source = Path(self.coursedir.format_path(self.coursedir.source_directory, ".", assignment))
        files = find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"])
        own = None
        if need_gradebook([*self.sanitize_preprocessors, *self.autograde_preprocessors]):
            with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
                own = export_assignments(gradebook, Path(folder) / "assignments.db")
        config = _plain(self.config)
        # Where the gradebook is, and with which password, is the coordinator's business.
        config.get("CourseDirectory", {}).pop("db_url", None)
        config.setdefault("Autograde", {}).update(
            sanitize_preprocessors=_with_ours(self.sanitize_preprocessors),
            autograde_preprocessors=_with_ours(self.autograde_preprocessors),
        )
        preload = needed(SandboxedExecute(config=self.config).preload, source.glob("*.ipynb"))
        config.setdefault("SandboxedExecute", {}).update(preload=preload)
        return Batch(
            assignment=assignment,
            sheets=read_sheets(gradebook, assignment),
            gradebook=own,
            source={os.path.relpath(name, source): Path(name).read_bytes() for name in files},
            config=config,
            modules=self._modules() if self.scheduler else {},
            root=str(Path(self.coursedir.root).resolve()),
            notebooks=self.coursedir.notebook_id,
            coordinator=os.getpid(),
        )

    def _modules(self) -> dict[str, bytes]:
        from grading.cluster import course_modules

        course, root = self.coursedir, Path(self.coursedir.root).resolve()
        of_students = [course.submitted_directory, course.autograded_directory]
        of_students += [course.feedback_directory, course.release_directory]
        never = {root / folder for folder in (*of_students, course.source_directory)}
        # What submissions may read with the judge off lies below the same folder.
        shared = SandboxedExecute(config=self.config).shared
        also = [pattern for name in shared for pattern in (name, f"{name}/**/*")]
        return course_modules(root, [*self.course_files, *also], never)

    def _readable(self, due: list[str], names: list[str]) -> Iterator[tuple[str, dict]]:
        """Read the submissions one by one; name those that cannot be graded."""
        assignment = self.coursedir.assignment_id
        for student in due:
            folder = Path(self._format_source(assignment, student))
            there = [n for n in names if (folder / f"{n}.ipynb").exists()] or names
            broken = faults(folder, assignment, there)
            if self._known is not None and student not in self._known:
                broken = [(folder, "the gradebook has no student of this name")]
            files = {}
            if not broken:
                found = find_all_files(str(folder), [*self.coursedir.ignore, "*.ipynb"])
                found += self.assignments[str(folder)]
                try:
                    files = {os.path.relpath(n, folder): Path(n).read_bytes() for n in found}
                except OSError as error:
                    broken = [(Path(error.filename), f"cannot be read ({error.strerror})")]
            if broken:
                self._name(student, [(str(p.relative_to(folder)), what) for p, what in broken])
                self.progress(0, 0, f"{student}: not graded")
                continue
            yield student, files

    def _workers(self, batch: Batch, due: int) -> Connect:
        if self.scheduler:
            from grading.cluster import cluster_workers  # Dask is needed by nobody else

            tls = {
                "tls_ca_file": self.tls_ca_file,
                "tls_client_cert": self.tls_cert,
                "tls_client_key": self.tls_key,
            }
            patience = f"{self.scheduler_patience}s"
            return lambda most: cluster_workers(
                batch, self.scheduler, most=most, patience=patience, **tls
            )
        return lambda most: local_workers(batch, min(most or self.workers, due))

    # -- the gradebook --------------------------------------------------------------------------

    @contextlib.contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            if gradebook.engine.dialect.name == "sqlite":
                patience = 1000 * self.gradebook_patience
                gradebook.db.execute(text(f"PRAGMA busy_timeout = {patience}"))
            try:
                yield gradebook
            finally:
                gradebook.db.remove()
                gradebook.engine.dispose()

    def _record(self, recorder: Recorder, student: str, graded: Graded) -> None:
        recorder.write(student, graded)
        # Before the move, after which the submission is not looked at again.
        lost = [(f"{notebook}.ipynb", f"{cell}: {what}") for notebook, cell, what in graded.lost]
        self._name(student, lost)
        recorder.move_into_place(student)

    @property
    def _incidents_file(self) -> Path:
        return Path(self.coursedir.root) / "incidents.csv"

    def _name(self, student: str, incidents: list[tuple[str, str]]) -> None:
        """Write into ``incidents.csv``, at once, what happened to a submission, if anything."""
        before = len(self.incidents)
        for file, what in incidents:
            self._incident(student, file, what)
        if incidents or student in self._named:
            mine, assignment = self.incidents[before:], self.coursedir.assignment_id
            write_incidents(mine, self._incidents_file, [assignment], [student])
            self._named.add(student)

    def _incident(self, student: str, file: str, what: str) -> None:
        assignment = self.coursedir.assignment_id
        folder = os.path.relpath(self._format_source(assignment, student), self.coursedir.root)
        place = printable(os.path.join(folder, file))
        self.incidents.append(Incident(student, assignment, place, printable(what)))


def _with_ours(steps: list[Any]) -> list[str]:
    """Name nbgrader's steps, the engine's own in the places of those that they replace."""
    names = [s if isinstance(s, str) else f"{s.__module__}.{s.__qualname__}" for s in steps]
    found = [_OURS.get(name.rsplit(".", 1)[-1], name) for name in names]
    return [name for name in found if name]


def _plain(config: Any) -> dict:
    """Turn settings into plain data that can go to another process."""
    kept = {}
    for name, value in config.items():
        if isinstance(value, dict):
            kept[name] = _plain(value)
        elif isinstance(value, (str, int, float, bool, list, tuple, set, type(None))):
            kept[name] = value
    return kept
