"""Feedback for a whole class: nbgrader's own pages, several students' at a time."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Any

from nbgrader.converters import GenerateFeedback, NbGraderException
from traitlets import Integer

from nbjudge.nbgrader_log import LastError

_converter: ParallelFeedback | None = None


class ParallelFeedback(GenerateFeedback):
    """nbgrader's `GenerateFeedback`, with a process for each core.

    Each process is a fork that runs nbgrader's own conversion on the folder of one student after
    the other. It reads the gradebook and writes feedback only.
    """

    workers = Integer(
        os.cpu_count() or 1, min=1, help="How many students' feedback is written at the same time."
    ).tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only: set[str] | None = None
        self.failed: dict[str, str] = {}
        self.progress: Callable[[str], None] = lambda student: None

    def convert_notebooks(self) -> None:
        """Write the feedback of every student that is due.

        Raises
        ------
        NbGraderException
            If the feedback of some could not be written; ``failed`` says why, by student.
        """
        students = {self._student(folder): folder for folder in sorted(self.assignments)}
        if self.only is not None:
            students = {name: students[name] for name in students if name in self.only}
        if not students:
            return
        with ProcessPoolExecutor(
            min(self.workers, len(students)),
            mp_context=multiprocessing.get_context("fork"),
            initializer=_take_over,
            initargs=(self,),
        ) as executor:
            try:
                for student, error in zip(
                    students, executor.map(_write, students.values()), strict=True
                ):
                    if error is not None:
                        self.failed[student] = error
                    self.progress(student)
            except BrokenExecutor as error:
                raise NbGraderException(f"a process that wrote feedback ended ({error})") from error
        if self.failed:
            names = "\n".join(f"  {student}: {why}" for student, why in self.failed.items())
            raise NbGraderException(f"no feedback for {len(self.failed)} students:\n{names}")

    def _student(self, folder: str) -> str:
        regexp = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        match = re.match(regexp, folder)
        if match is None:
            raise NbGraderException(f"{folder}: not a student's folder")
        return match["student_id"]


def _take_over(converter: ParallelFeedback) -> None:
    global _converter
    _converter = converter


def _write(folder: str) -> str | None:
    """Write the feedback of one student; return what went wrong."""
    assert _converter is not None
    found = _converter.assignments
    _converter.assignments = {folder: found[folder]}
    errors = LastError()
    _converter.log.addHandler(errors)
    try:
        GenerateFeedback.convert_notebooks(_converter)
    except NbGraderException as error:
        return errors.text or str(error)
    finally:
        _converter.log.removeHandler(errors)
        _converter.assignments = found
    return None
