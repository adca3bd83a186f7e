"""Grade a class: every submission that is new, into nbgrader's gradebook, with feedback."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.handed_in import student_folders
from nbjudge.batch.incidents import Incident
from nbjudge.batch.local_pool import LocalPool
from nbjudge.batch.lock import CourseInUseError, check_locks, one_batch
from nbjudge.batch.records import FOLDER
from nbjudge.configuration import load_settings
from nbjudge.feedback.generate import ParallelFeedback
from nbjudge.gradebook.database import open_gradebook
from nbjudge.gradebook.snapshot import take_snapshot
from nbjudge.gradebook.withdrawn import Withdrawals
from nbjudge.regrade.corrections import finish
from nbjudge.regrade.draft import differences, read_draft, source_digest
from nbjudge.regrade.trial import Trial
from nbjudge.untrusted_text import one_line

Progress = Callable[[int, int, str], None]


def _silently(done: int, total: int, line: str) -> None:
    """Show nothing."""


def load_course(root: Path) -> NbGraderAPI:
    """Open a course with its ``nbgrader_config.py``.

    Parameters
    ----------
    root : Path
        The course's folder.

    Returns
    -------
    NbGraderAPI
        The course, as nbgrader's own apps and formgrader see it.

    Raises
    ------
    FileNotFoundError
        If the folder has no ``nbgrader_config.py``.
    NbGraderException
        If its file system does not lock files.
    """
    config = load_settings(root)
    try:
        check_locks(root)
    except CourseInUseError as error:
        raise NbGraderException(str(error)) from None
    course = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    course.log.setLevel(logging.WARNING)
    for handler in list(course.log.handlers):  # what fails is reported as an incident
        course.log.removeHandler(handler)
    return course


def assignments(course: NbGraderAPI) -> list[str]:
    """List the assignments that the gradebook knows, by name."""
    with course.gradebook as gradebook:
        return [assignment.name for assignment in gradebook.assignments]


def hand_back(
    converter: ParallelAutograde, students: set[str], progress: Progress = _silently
) -> list[str]:
    """Write the feedback of some students where it is due; what fails becomes an incident.

    Parameters
    ----------
    converter : ParallelAutograde
        Knows the course and the assignment.
    students : set of str
        Whose.
    progress : callable
        Called for every student: how many are through, of how many, and who.

    Returns
    -------
    list of str
        Whose was written.
    """
    folder, config = converter.coursedir, converter.config
    graded = student_folders(folder, folder.autograded_directory, folder.assignment_id)
    there = {*graded} & students
    if not there:
        return []
    feedback = ParallelFeedback(coursedir=folder, config=config, force=converter.force)
    feedback.only, feedback.workers, feedback.progress = there, converter.workers, progress
    try:
        feedback.start()
    except NbGraderException:
        if not feedback.failed:
            raise
    finally:
        converter.note_feedback(feedback.written, feedback.failed)
    return feedback.written


def _finish_correction(course: NbGraderAPI, folder: CourseDirectory) -> None:
    """Finish a regrade that was killed while its files were moved."""
    if not (Path(folder.root) / FOLDER / "regrades" / folder.assignment_id).is_dir():
        return
    converter = Trial(coursedir=folder, config=course.config)
    try:
        with (
            one_batch(Path(folder.root), folder.groupshared),
            open_gradebook(folder, converter.gradebook_patience) as gradebook,
        ):
            finish(converter, gradebook)
    except CourseInUseError as error:
        raise NbGraderException(str(error)) from None


def _mended(course: NbGraderAPI, folder: CourseDirectory) -> str | None:
    """Say that the instructor's notebooks are others than those by which was graded, if so."""
    name = folder.assignment_id
    if source_digest(folder, name) is None:
        return None
    with open_gradebook(folder) as gradebook:
        before = take_snapshot(gradebook, name)
        withdrawals = Withdrawals.read(gradebook, name)
        count = len(gradebook.find_assignment(name).submissions)
    if not count:
        return None
    try:
        found = differences(before, withdrawals.apply(read_draft(course.config, name).sheets))
    except ValueError:  # is said when somebody releases it
        return None
    cells = [*found.changed, *(cell for cell, _, _ in found.points), *found.added, *found.removed]
    if not cells:
        return None
    cells = list(dict.fromkeys(cells))
    more = f" and {len(cells) - 5} more" if len(cells) > 5 else ""
    return one_line(
        f"{name} was mended since ({', '.join(cells[:5])}{more}): {count} grades were given by "
        f"other tests, points or text than {folder.source_directory}/ has now: "
        f"`nbjudge regrade {name}` shows who gains and who loses, and grades them again"
    )


def grade(
    course: NbGraderAPI,
    assignment: str,
    *,
    students: Sequence[str] | None = None,
    force: bool = False,
    feedback: bool = True,
    workers: int | None = None,
    pool: LocalPool | None = None,
    progress: Progress = _silently,
    feedback_progress: Progress = _silently,
    notify: Callable[[str], None] | None = None,
) -> list[Incident]:
    """Autograde the submissions of an assignment and write their feedback.

    A submission that was graded since it was handed in is left as it is. One that cannot be graded
    is reported and changes nothing.

    Parameters
    ----------
    course : NbGraderAPI
        The course.
    assignment : str
        The assignment, which must have been generated.
    students : sequence of str, optional
        Whose submissions; everybody's by default.
    force : bool, default False
        Grade again what is graded.
    feedback : bool, default True
        Write the feedback as well.
    workers : int, optional
        How many submissions are graded at a time; as many as there are cores by default.
    pool : LocalPool, optional
        Worker processes that go on to the next assignment; by default they end with this one.
    progress : callable
        Called for every submission: how many are through, of how many, and what came of it.
    feedback_progress : callable
        Called likewise for every student whose feedback is written.
    notify : callable, optional
        Called with each sentence that concerns the whole class; `progress` by default.

    Returns
    -------
    list of Incident
        The submissions that were not graded, and why.

    Raises
    ------
    ValueError
        If the gradebook does not know the assignment.
    """
    with course.gradebook as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry:
            raise ValueError(
                f"the gradebook has no assignment {assignment!r}: "
                f"run `nbgrader generate_assignment {assignment}` first"
            ) from None
    folder = CourseDirectory(config=course.config)
    folder.assignment_id = assignment
    converter = ParallelAutograde(coursedir=folder, config=course.config, force=force)
    converter.only = None if students is None else set(students)
    converter.progress = progress
    if workers is not None:
        converter.workers = workers
    converter.required = False
    converter.pool = pool
    _finish_correction(course, folder)
    converter.start()
    mended = _mended(course, folder)
    for notice in [*converter.notices, *([mended] if mended else [])]:
        if notify is None:
            progress(0, 0, notice)
        else:
            notify(notice)
    if feedback:
        broken = {incident.student for incident in converter.incidents} - {*converter.graded}
        due = {*converter._folders} - broken
        due = due if students is None else due & {*students}
        hand_back(converter, due, feedback_progress)
    return converter.incidents
