"""Record what a worker found: grades in one transaction a submission, files in one step.

The files are first written beside their place, then the grades are, and then the files are moved.
Killed before the transaction, the submission is as it was; after it and before the move, it is
graded once more, with the same result.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from nbjudge.batch.job import Result
from nbjudge.batch.late import LatePenalties
from nbjudge.batch.timestamps import parse_timestamp
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.sharing import share_folder
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

    def write(self, student: str, graded: Result) -> None:
        """Write a submission's files beside their place, and its grades.

        Parameters
        ----------
        student : str
            Whose submission it is.
        graded : Result
            What came of it, without an error.
        """
        folder, part, _ = self._places(student)
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        if self.converter.coursedir.notebook_id != "*" and folder.exists():
            shutil.copytree(folder, part, dirs_exist_ok=True)
        for name, data in graded.files.items():
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
        with one_transaction(self.gradebook):
            self._write_grades(student, graded)

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
        gradebook.update_or_create_student(student)
        source = self.converter._format_source(course.assignment_id, student)
        timestamp = parse_timestamp(graded.files.get("timestamp.txt", b""))
        stamp = {"timestamp": timestamp} if timestamp else {}
        submission = gradebook.update_or_create_submission(course.assignment_id, student, **stamp)
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
            if self.late is not None:
                gradebook.db.flush()
                gradebook.db.refresh(sheet)
                sheet.late_submission_penalty = self.late.of_notebook(submission, sheet)
