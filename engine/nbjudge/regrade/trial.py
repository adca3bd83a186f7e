"""Grade a class by a mended assignment, as a batch does, and write nothing of it.

The mended assignment stands in a copy of the gradebook that holds no student. Only what was graded
is graded again, and in the version that was: what came in since is `nbjudge grade`'s.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.handed_in import name_fault
from nbjudge.batch.incidents import GRADED, NOT_GRADED, Incident
from nbjudge.batch.job import Result
from nbjudge.batch.ledger import IncidentLedger
from nbjudge.batch.prepare import prepare_job
from nbjudge.batch.reading import Reader
from nbjudge.batch.workers import grade_all
from nbjudge.gradebook.assignments_only import export_assignments
from nbjudge.gradebook.cells import change_cells
from nbjudge.gradebook.snapshot import NotebookSnapshot


@dataclass
class Outcome:
    """What grading a class again has shown.

    Attributes
    ----------
    results : dict of str to Result
        By student, without the files.
    digests : dict of str to str
        By which version of a submission it was.
    incidents : list of Incident
        What a person must look at.
    left_out : dict of str to str
        The students whose grades stay, and why.
    version : str
        The fingerprint of the mended assignment.
    """

    results: dict[str, Result] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    version: str = ""


class _TrialLedger(IncidentLedger):
    """Keeps what happened to submissions; nothing is written of it."""

    def __init__(self, coursedir: CourseDirectory, outcome: Outcome) -> None:
        super().__init__(coursedir)
        self._outcome = outcome

    def name(
        self, student: str, incidents: list[tuple[str, str]], graded: str = NOT_GRADED
    ) -> None:
        """Keep what happened to a submission."""
        self._outcome.incidents += [
            self.add(student, file, what, graded) for file, what in incidents
        ]
        if graded == NOT_GRADED:
            self._outcome.left_out[student] = "; ".join(what for _, what in incidents)


class Trial(ParallelAutograde):
    """A batch that writes nothing.

    Attributes
    ----------
    outcome : Outcome
        What came of it, after `run`.
    keep : callable
        Takes a student and the autograded files, for them to be written later.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome = Outcome()
        self._ledger = _TrialLedger(self.coursedir, self.outcome)
        self.keep: Callable[[str, dict[str, bytes]], None] = lambda student, files: None
        self._work: Callable[[], None] = lambda: None

    def run(
        self, gradebook: Gradebook, sheets: dict[str, NotebookSnapshot], folder: Path
    ) -> Outcome:
        """Grade what was graded before.

        Parameters
        ----------
        gradebook : Gradebook
            The course's, which is read.
        sheets : dict of str to NotebookSnapshot
            The assignment by which to grade.
        folder : Path
            Where to put the copy of the gradebook.
        """
        path = folder / "assignments.db"
        export_assignments(gradebook, path)
        copy = Gradebook(f"sqlite:///{path}", gradebook.course_id)
        with contextlib.closing(copy):
            change_cells(copy, self.coursedir.assignment_id, sheets)
            copy.db.commit()
            self._work = lambda: self._try(gradebook, copy)
            self.start()
        return self.outcome

    def convert_notebooks(self) -> None:
        """Do what `run` has prepared, where nbgrader does it: in the course's folder."""
        self._work()

    def _try(self, gradebook: Gradebook, copy: Gradebook) -> None:
        reader = Reader(self, copy)
        self.outcome.version = reader.version
        due = self._graded_before(gradebook, reader)
        gradebook.db.rollback()  # hold nothing open while the workers grade
        if not due:
            return
        job = prepare_job(self, copy, self.course_files if self.scheduler else None)
        coming = grade_all(self.connect_workers(job, len(due)), self._readable(reader, due))
        with contextlib.closing(coming) as results:
            for student, result in results:
                self._keep(reader, student, result)
                self.graded.append(student)
                self.progress(len(self.graded), len(due), f"{student}: {result.error or 'graded'}")

    def _graded_before(self, gradebook: Gradebook, reader: Reader) -> list[str]:
        """Name who is graded again; say of all others with a grade why theirs stays."""
        due = []
        assignment = gradebook.find_assignment(self.coursedir.assignment_id)
        for student in sorted(submission.student.id for submission in assignment.submissions):
            folder = self._folders.get(student)
            graded = Path(self._format_dest(assignment.name, student)).exists()
            if folder is None or name_fault(student) is not None:
                self.outcome.left_out[student] = "what was handed in is not there any more"
            elif student in self.coursedir.student_id_exclude.split(","):
                self.outcome.left_out[student] = "left out by c.CourseDirectory.student_id_exclude"
            elif graded and reader.is_due(student, folder):
                self.outcome.left_out[student] = "another version was handed in since"
            elif not graded:
                self.outcome.left_out[student] = "not graded yet"
            else:
                due.append(student)
        return due

    def _keep(self, reader: Reader, student: str, result: Result) -> None:
        if result.error is not None:
            self._ledger.name(student, [("", result.error)])
            return
        told = [(f"{name}.ipynb", f"{cell}: {what}") for name, cell, what in result.incidents]
        self._ledger.name(student, [*told, *reader.left_out(self._folders[student])], GRADED)
        self.keep(student, result.files)
        result.files = {}
        self.outcome.results[student] = result
        self.outcome.digests[student] = reader.digest_of(student)

    def run_pre_convert_hook(self) -> None:
        """Run no hook of the course: this is a trial."""

    run_post_convert_hook = run_pre_convert_hook
