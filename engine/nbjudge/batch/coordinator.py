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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.utils import find_all_files
from sqlalchemy.exc import DataError, SQLAlchemyError
from traitlets import Integer, List, Unicode

from nbjudge.batch.incidents import Incident, read_incidents, write_incidents
from nbjudge.batch.job import Job, Result
from nbjudge.batch.lock import CourseInUseError, one_batch
from nbjudge.batch.prepare import brief
from nbjudge.batch.recorder import Recorder
from nbjudge.batch.submissions import faults
from nbjudge.batch.workers import BatchError, Connect, grade_all, local_workers
from nbjudge.execution.selftest import try_grading
from nbjudge.gradebook.database import open_gradebook
from nbjudge.sandbox.sandbox import SandboxError
from nbjudge.temp_folders import remove_stale
from nbjudge.untrusted_text import printable

_NO_SANDBOX = f"{SandboxError.__module__}.{SandboxError.__qualname__}"
_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE}


class BatchInterrupted(NbGraderException):
    """Somebody ended the batch; the message says what is graded."""


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
        self._unnamable = []
        for folder in sorted(glob.glob(self._format_source(assignment, student))):
            if not _is_text(folder):
                self._unnamable.append(folder)
                continue
            notebooks = glob.glob(os.path.join(folder, f"{self.coursedir.notebook_id}.ipynb"))
            self.assignments[folder] = sorted(notebooks)
        if not self.assignments and not self._unnamable:
            raise NbGraderException(f"nothing is submitted for {assignment!r}")

    # -- the batch ------------------------------------------------------------------------------

    def convert_notebooks(self) -> None:
        """Grade every submission that is due; what cannot be graded becomes an incident."""
        assignment = self.coursedir.assignment_id
        due: list[str] = []
        try:
            with one_batch(Path(self.coursedir.root)):
                due += [student for student in self._students() if self._is_due(student)]
                rows = read_incidents(self._incidents_file, assignment)
                self._named = {row["student"] for row in rows}
                for folder in self._unnamable:
                    name = os.fsencode(folder).decode(errors="backslashreplace")
                    self._name(self._student(name), [("", "the folder's name is not UTF-8 text")])
                if due:
                    with open_gradebook(self.coursedir, self.gradebook_patience) as gradebook:
                        self._grade(gradebook, due)
        except CourseInUseError as error:
            raise NbGraderException(str(error)) from None
        except KeyboardInterrupt:
            raise BatchInterrupted(self._give_up(due, "interrupted")) from None
        except (OSError, SQLAlchemyError, InvalidEntry, BatchError) as error:
            raise NbGraderException(self._give_up(due, str(error).splitlines()[0])) from None

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
        batch = brief(self, gradebook)
        if not self.create_student:
            self._known = {student.id for student in gradebook.students}
        gradebook.db.rollback()  # hold nothing open while the workers grade
        coming = grade_all(self._workers(batch, len(due)), self._readable(due, names))
        with contextlib.closing(coming) as results:
            for student, graded in results:
                self._take(recorder, student, graded)
                done = len(self.graded) + len({i.student for i in self.incidents} - {*self.graded})
                self.progress(done, len(due), f"{student}: {graded.error or 'graded'}")

    def _take(self, recorder: Recorder, student: str, graded: Result) -> None:
        """Record what came of a submission, or name it."""
        if graded.error is None:
            try:
                self._record(recorder, student, graded)
            except OSError as error:
                if error.errno in _OF_THE_MACHINE:
                    raise
                graded.error = f"could not be written: {error}"
            except (DataError, InvalidEntry) as error:
                # Such as a name that is longer than a column; nbgrader wraps some of these.
                cause = error if isinstance(error, DataError) else error.__context__
                if not isinstance(cause, DataError):
                    raise
                graded.error = f"could not be written: {str(cause.orig).splitlines()[0]}"
        if graded.error is not None:
            recorder.remove_leftovers(student)
            self._blame_machine(graded.error)
            self._name(student, [("", graded.error)])
        else:
            self.graded.append(student)
            # As nbgrader, before with all that is handed in, and after with what is graded.
            there = self.assignments[self._format_source(self.coursedir.assignment_id, student)]
            self.notebooks = [name for name in there if Path(name).stem in graded.scores]
            self.run_post_convert_hook()

    def _blame_machine(self, error: str) -> None:
        """End the batch if no kernel starts for anybody; asked once, when one did not start."""
        if self._machine_works or self.scheduler or not error.startswith(_NO_SANDBOX):
            return
        try:
            try_grading(self.config)
        except RuntimeError as fault:
            raise BatchError(
                "no submission can be run on this machine, "
                f"see `python -m nbjudge doctor` ({fault})"
            ) from None
        self._machine_works = True

    def _give_up(self, due: list[str], why: str) -> str:
        """Name what is left of a batch that ends, for a rerun; return what is to be said."""
        left = sorted({*due} - {*self.graded} - {incident.student for incident in self.incidents})
        for student in left:
            self._incident(student, "", f"not graded, the batch ended: {why}")
        with contextlib.suppress(OSError):  # the message below is said in any case
            mine = [incident for incident in self.incidents if incident.student in left]
            assignment = self.coursedir.assignment_id
            write_incidents(mine, self._incidents_file, [assignment], left)
        return (
            f"the batch ended: {why}\n{len(self.graded)} of {len(due)} submissions are graded; "
            f"{len(left)} are as they were: run the same command again to go on with them"
        )

    def _students(self) -> list[str]:
        return sorted(map(self._student, self.assignments))

    def _student(self, folder: str) -> str:
        regexp = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        match = re.match(regexp, folder)
        if match is None:
            raise NbGraderException(f"{folder}: not a student's folder")
        return match["student_id"]

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

    def _readable(self, due: list[str], names: list[str]) -> Iterator[tuple[str, dict]]:
        """Read the submissions one by one; name those that cannot be graded."""
        assignment = self.coursedir.assignment_id
        for student in due:
            folder = Path(self._format_source(assignment, student))
            there = [n for n in names if os.path.exists(folder / f"{n}.ipynb")] or names
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
            if glob.escape(student) != student:
                broken = [(folder, "nbgrader takes *, ? and [ in a student's name for a pattern")]
            if broken:
                self._name(student, [(str(p.relative_to(folder)), what) for p, what in broken])
                self.progress(0, 0, f"{student}: not graded")
                continue
            self.notebooks = self.assignments[str(folder)]
            self.run_pre_convert_hook()
            yield student, files

    def _workers(self, batch: Job, due: int) -> Connect:
        if self.scheduler:
            from nbjudge.batch.dask_workers import cluster_workers  # Dask is needed by nobody else

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

    def _record(self, recorder: Recorder, student: str, graded: Result) -> None:
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


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8, which nothing makes it be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
