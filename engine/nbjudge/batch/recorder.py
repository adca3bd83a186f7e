"""Record what a worker found: grades in one transaction a submission, files in one step.

The files are first written beside their place, then the grades are, and then the files are moved.
Killed before the transaction, the submission is as it was; after it and before the move, it is
graded once more, with the same result.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.converters import Autograde

from nbjudge.batch.job import Result
from nbjudge.batch.late import LatePenalties
from nbjudge.batch.timestamps import parse_timestamp
from nbjudge.gradebook.cells import cell_names
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.new_submissions import NewSubmissions
from nbjudge.gradebook.people import extend, read_people
from nbjudge.gradebook.sharing import share_folder
from nbjudge.gradebook.withdrawn import Withdrawals
from nbjudge.temp_folders import replace_folder


class Recorder:
    """Writes grades and autograded folders.

    Parameters
    ----------
    converter : Autograde
        nbgrader's converter, which knows the course and its settings.
    gradebook : Gradebook
        The course's.
    late : LatePenalties or None
        What lateness costs in the course.
    """

    def __init__(
        self, converter: Autograde, gradebook: Gradebook, late: LatePenalties | None
    ) -> None:
        self.converter = converter
        self.gradebook = gradebook
        self.late = late
        self.people = read_people(gradebook)
        self.withdrawals = Withdrawals.read(gradebook, converter.coursedir.assignment_id)
        self.new = NewSubmissions(gradebook, converter.coursedir.assignment_id)

    def write(self, student: str, graded: Result) -> None:
        """Write a submission's files beside their place, and its grades.

        Parameters
        ----------
        student : str
            Whose submission it is.
        graded : Result
            What came of it, without an error.
        """
        self.write_beside(student, graded.files)
        with one_transaction(self.gradebook):
            self._write_grades(student, graded)

    def write_beside(self, student: str, files: dict[str, bytes]) -> None:
        """Write a submission's files beside their place."""
        folder, part, _ = self._places(student)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if self.converter.coursedir.notebook_id != "*" and folder.exists():
            shutil.copytree(folder, part, dirs_exist_ok=True)
        for name, data in files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            path.chmod(int(str(self.converter.permissions), 8))
        if self.converter.coursedir.groupshared:
            course = self.converter.coursedir
            top = course.format_path(self.converter._output_directory, ".", ".")
            for place in (top, part.parent, *(name for name, _, _ in os.walk(part))):
                share_folder(Path(place))

    def move_into_place(self, student: str) -> None:
        """Put the files that were written beside their place into it."""
        folder, part, old = self._places(student)
        replace_folder(part, folder, old)

    def remove_leftovers(self, student: str) -> None:
        """Remove what is left beside its place by a coordinator that was killed, or by `write`."""
        _, *leftovers = self._places(student)
        for folder in leftovers:
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):  # there is something else in it
            leftovers[0].parent.rmdir()

    def _places(self, student: str) -> tuple[Path, Path, Path]:
        """Name the autograded folder, where it is written, and where the one before goes."""
        assignment = self.converter.coursedir.assignment_id
        folder = Path(self.converter._format_dest(assignment, student))
        return (
            folder,
            folder.with_name(f".{folder.name}.part"),
            folder.with_name(f".{folder.name}.old"),
        )

    def _write_grades(self, student: str, graded: Result) -> None:
        course, gradebook = self.converter.coursedir, self.gradebook
        self.new.add_student(student)
        timestamp = parse_timestamp(graded.files.get("timestamp.txt", b""))
        if self._is_plain(student, timestamp):
            source = Path(self.converter._format_source(course.assignment_id, student))
            self.new.add(student, timestamp, graded.scores, graded.comments, source)
            return
        stamp = {"timestamp": timestamp} if timestamp else {}
        submission = gradebook.update_or_create_submission(course.assignment_id, student, **stamp)
        extend(submission, self.people)
        self.write_scores(submission, graded)

    def _is_plain(self, student: str, timestamp: datetime | None) -> bool:
        """Whether a submission is new, and nothing but its scores is to be settled."""
        settled = self.withdrawals.exercises or student in self.people
        late = self.late is not None and self.new.is_late(timestamp)
        return not settled and not late and not self.new.has(student)

    def write_scores(
        self, submission: SubmittedAssignment, graded: Result, *, look_again: bool = True
    ) -> None:
        """Write the scores and comments of a submission, in the session's transaction.

        Parameters
        ----------
        submission : SubmittedAssignment
            The gradebook's.
        graded : Result
            What came of it, without an error.
        look_again : bool, default True
            Whether what a person has graded is to be looked at by them again, as nbgrader has it.
            Their points stay in any case.
        """
        source = self.converter._format_source(submission.name, submission.student.id)
        for sheet in submission.notebooks:
            scores = graded.scores.get(sheet.name)
            if scores is None:
                if not (Path(source) / f"{sheet.name}.ipynb").exists():
                    for grade in sheet.grades:
                        grade.auto_score, grade.needs_manual_grade = 0, False
            else:
                names, comments = cell_names(self.gradebook, sheet), graded.comments[sheet.name]
                for grade in sheet.grades:
                    if (name := names[grade.cell_id]) in scores:
                        grade.auto_score = scores[name]
                        manual = grade.manual_score is not None
                        if look_again or not manual:
                            grade.needs_manual_grade = manual or grade.auto_score is None
                for comment in sheet.comments:
                    if (name := names[comment.cell_id]) in comments:
                        comment.auto_comment = comments[name]
            self.withdrawals.settle(sheet)
            if scores is not None and self.late is not None:
                self.gradebook.db.flush()
                self.gradebook.db.refresh(sheet)
                sheet.late_submission_penalty = self.late.of_notebook(submission, sheet)
