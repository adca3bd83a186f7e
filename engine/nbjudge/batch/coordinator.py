"""The coordinator: nbgrader's autograding of a whole class, with workers that execute in parallel.

The coordinator alone touches the course. Submissions go to workers as bytes; what comes back is
written in one transaction a submission, and then moved into ``autograded/`` in one step. Whenever
it is killed, each submission is either graded or as it was, and a rerun goes on with the rest.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import DataError, SQLAlchemyError
from traitlets import Integer

from nbjudge.batch.breaker import CircuitBreaker
from nbjudge.batch.fault_log import FaultLog
from nbjudge.batch.handed_in import is_selected, name_fault, student_folders
from nbjudge.batch.incidents import GRADED, Incident
from nbjudge.batch.job import Fault, Result
from nbjudge.batch.late import LatePenalties
from nbjudge.batch.ledger import IncidentLedger
from nbjudge.batch.lock import CourseInUseError, one_batch
from nbjudge.batch.placement import PlacedAutograde
from nbjudge.batch.prepare import own_executes, prepare_job
from nbjudge.batch.reading import Reader
from nbjudge.batch.recorder import Recorder
from nbjudge.batch.settlement import settle
from nbjudge.batch.workers import BatchError, grade_all
from nbjudge.gradebook.database import open_gradebook
from nbjudge.gradebook.faults import gradebook_fault
from nbjudge.gradebook.sharing import denied, explain_denied
from nbjudge.temp_folders import remove_stale
from nbjudge.untrusted_text import one_line

_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE}


class BatchInterrupted(NbGraderException):
    """The batch was interrupted (Ctrl-C); the message says what is graded."""


class ParallelAutograde(PlacedAutograde):
    """nbgrader's `Autograde`, with the execution done by workers.

    Attributes
    ----------
    only : set of str or None
        The students to grade; None for all.
    graded : list of str
        Who was graded in this run.
    notices : list of str
        What concerns the whole class, in sentences.
    required : bool
        Whether it is an error if there is no submission.
    progress : callable
        Called with how many submissions are through, how many there are, and a line on the last.
    """

    gradebook_patience = Integer(
        60, min=0, help="The seconds to wait for a gradebook that something else has locked."
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only: set[str] | None = None
        self.graded: list[str] = []
        self.notices: list[str] = []
        self.required = True
        self.progress: Callable[[int, int, str], None] = lambda done, total, line: None
        self._folders: dict[str, Path] = {}
        self._ledger = IncidentLedger(self.coursedir)
        self._log = FaultLog(Path(self.coursedir.root), self.coursedir.assignment_id)

    @property
    def incidents(self) -> list[Incident]:
        """What a person must look at."""
        return self._ledger.incidents

    def init_notebooks(self) -> None:
        """Find the submissions; folders without a notebook too, which nbgrader leaves out."""
        course = self.coursedir
        found = student_folders(course, course.submitted_directory, course.assignment_id)
        selected = {s: f for s, f in found.items() if is_selected(s, course.student_id)}
        self._folders = selected
        self.assignments = {
            str(folder): sorted(map(str, folder.glob(f"{course.notebook_id}.ipynb")))
            for student, folder in selected.items()
            if name_fault(student) is None
        }
        self.notebooks: list[str] = []

    # -- the batch ------------------------------------------------------------------------------

    def convert_notebooks(self) -> None:
        """Grade every submission that is due; what cannot be graded becomes an incident."""
        course = self.coursedir
        root, shared = Path(course.root), course.groupshared
        self._log = FaultLog(root, course.assignment_id, shared)
        due: list[str] = []
        try:
            with (
                one_batch(root, shared),
                open_gradebook(course, self.gradebook_patience) as gradebook,
            ):
                reader = self._reader(gradebook)
                self._ledger.forget_old()
                self._name_strays(gradebook)
                due += self._find_due(reader)
                if due:
                    self._grade(gradebook, reader, due)
                self.notices += settle(self, gradebook, reader, self.graded)
        except CourseInUseError as error:
            raise NbGraderException(str(error)) from None
        except KeyboardInterrupt:
            raise BatchInterrupted(self._give_up(due, "interrupted")) from None
        except (SQLAlchemyError, InvalidEntry) as error:
            why = gradebook_fault(error, course.db_url)
            raise NbGraderException(self._give_up(due, why)) from None
        except BatchError as error:
            raise NbGraderException(self._give_up(due, one_line(str(error)))) from None
        except OSError as error:
            raise NbGraderException(self._give_up(due, explain_denied(error))) from None

    def _reader(self, gradebook: Gradebook) -> Reader:
        """Make ready to read submissions of this assignment, if there is one of this name."""
        assignment = self.coursedir.assignment_id
        try:
            reader = Reader(self, gradebook)
        except MissingEntry:
            raise NbGraderException(
                f"the gradebook has no assignment {assignment!r}: "
                f"run `nbgrader generate_assignment {assignment}` first"
            ) from None
        if not self._folders and self.required:
            self._name_strays(gradebook)
            raise NbGraderException(f"nothing is submitted for {assignment!r}")
        return reader

    def _find_due(self, reader: Reader) -> list[str]:
        """Name the students to be graded; those whose names nbgrader cannot read are incidents."""
        due = []
        for student, folder in self._folders.items():
            if student in self.coursedir.student_id_exclude.split(","):
                continue
            if self.only is not None and student not in self.only:
                continue
            fault = name_fault(student)
            if fault is not None:
                readable = os.fsencode(student).decode(errors="backslashreplace")
                self._ledger.name(readable, [("", fault)])
            elif self.force or reader.is_due(student, folder):
                due.append(student)
        return due

    def _grade(self, gradebook: Gradebook, reader: Reader, due: list[str]) -> None:
        late = LatePenalties.of_course(self)
        recorder = Recorder(self, gradebook, late)
        self._check_that_it_can_be_written()
        for student in due:
            recorder.remove_leftovers(student)
        remove_stale()
        for name in own_executes([*self.sanitize_preprocessors, *self.autograde_preprocessors]):
            self.notices.append(
                f"WITHOUT A SANDBOX: {name}, a step of this course, runs notebooks with your rights"
            )
        job = prepare_job(
            self, gradebook, self.course_files if self.scheduler else None,
            [self._folders[student] for student in due],
        )  # fmt: skip
        reader.known = None if self.create_student else {s.id for s in gradebook.students}
        gradebook.db.rollback()  # hold nothing open while the workers grade
        breaker = CircuitBreaker(len(due))
        coming = grade_all(self.connect_workers(job, len(due)), self._readable(reader, due))
        with contextlib.closing(coming) as results:
            for student, result in results:
                self._take(recorder, reader, student, result)
                breaker.count(result.fault)
                through = {*self.graded, *(incident.student for incident in self.incidents)}
                self.progress(
                    len(through & {*due}), len(due), f"{student}: {result.error or 'graded'}"
                )

    def _take(self, recorder: Recorder, reader: Reader, student: str, result: Result) -> None:
        """Record what came of a submission, or name it."""
        if result.error is None:
            try:
                self._record(recorder, reader, student, result)
            except OSError as error:
                if error.errno in _OF_THE_MACHINE:
                    raise
                result.error = f"could not be written: {error}"
            except (DataError, InvalidEntry) as error:
                # Such as a name that is longer than a column; nbgrader wraps some of these.
                cause = error if isinstance(error, DataError) else error.__context__
                if not isinstance(cause, DataError):
                    raise
                result.error = f"could not be written: {str(cause.orig).splitlines()[0]}"
        if result.error is not None:
            recorder.remove_leftovers(student)
            what = result.error
            if result.fault is not None:
                what = self._logged(student, what, result.fault)
            self._ledger.name(student, [("", what)])
        else:
            self.graded.append(student)
            # As nbgrader, before with all that is handed in, and after with what is graded.
            there = self.assignments[str(self._folders[student])]
            self.notebooks = [name for name in there if Path(name).stem in result.scores]
            self.run_post_convert_hook()

    def _logged(self, student: str, what: str, fault: Fault) -> str:
        """Write an error of the engine's or a library's into the log; name the log with it."""
        path = self._log.write(student, fault)
        return what if path is None else f"{one_line(what, 300)} (traceback in {path})"

    def _give_up(self, due: list[str], why: str) -> str:
        """Name what is left of a batch that ends, for a rerun; return what is to be said."""
        if not due:
            return f"the batch ended: {why}"
        left = sorted({*due} - {*self.graded} - {incident.student for incident in self.incidents})
        for student in left:
            self._ledger.add(student, "", f"not graded, the batch ended: {why}")
        mine = [incident for incident in self.incidents if incident.student in left]
        with contextlib.suppress(OSError):  # the message below is said in any case
            self._ledger.write(mine, left)
        return (
            f"the batch ended: {why}\n{len(self.graded)} of {len(due)} submissions are graded; "
            f"{len(left)} are as they were: run the same command again to go on with them"
        )

    def _readable(self, reader: Reader, due: list[str]) -> Iterator[tuple[str, dict[str, bytes]]]:
        """Read the submissions one by one; name those that cannot be graded."""
        for student in due:
            files, faults = reader.read(student, self._folders[student])
            if faults:
                self._ledger.name(student, faults)
                self.progress(0, 0, f"{student}: not graded")
                continue
            self.notebooks = self.assignments[str(self._folders[student])]
            self.run_pre_convert_hook()
            yield student, files

    # -- the gradebook --------------------------------------------------------------------------

    def _check_that_it_can_be_written(self) -> None:
        """Refuse to grade a class if nothing of it could be kept."""
        top = Path(self.coursedir.format_path(self._output_directory, ".", "."))
        if top.exists() and not os.access(top, os.W_OK | os.X_OK):
            raise BatchError(denied(top))

    def _record(self, recorder: Recorder, reader: Reader, student: str, result: Result) -> None:
        recorder.write(student, result)
        # Before the move, after which the submission is not looked at again.
        told = [(f"{name}.ipynb", f"{cell}: {what}") for name, cell, what in result.incidents]
        told += reader.left_out(self._folders[student])
        self._ledger.name(student, told, GRADED)
        reader.remember(student)
        recorder.move_into_place(student)

    def _name_strays(self, gradebook: Gradebook) -> None:
        """Name the files that belong to no submission, unless few are graded."""
        if self.only is None and self.coursedir.student_id == "*":
            self._ledger.name_strays(gradebook)

    def note_feedback(self, written: list[str], failed: dict[str, str]) -> None:
        """Name whose feedback could not be written, and whose now is no more."""
        self._ledger.name_feedback(written, failed)
