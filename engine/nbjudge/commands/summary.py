"""What came out of grading a class: a table, and the grades as nbgrader exports them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI

from nbjudge.batch.incidents import GRADED, Incident
from nbjudge.gradebook.sharing import share_file
from nbjudge.plugins import GradesWithStatus


@dataclass(frozen=True)
class Summary:
    """The grades of one assignment over the class.

    Attributes
    ----------
    assignment : str
        Which one.
    scores : tuple of float
        The points of each graded submission, what lateness costs taken off.
    max_score : float
        The points that can be had, those graded by hand included.
    by_hand : int
        How many submissions wait for a person to grade a part of them.
    incidents : int
        How many submissions could not be graded.
    """

    assignment: str
    scores: tuple[float, ...]
    max_score: float
    by_hand: int
    incidents: int


def summarise(
    gradebook: Gradebook, assignments: Sequence[str], incidents: Sequence[Incident]
) -> list[Summary]:
    """Sum up the grades of some assignments.

    Parameters
    ----------
    gradebook : Gradebook
        nbgrader's gradebook.
    assignments : sequence of str
        Which ones, in the order of the table.
    incidents : sequence of Incident
        The submissions that could not be graded.

    Returns
    -------
    list of Summary
        One for each assignment.
    """
    summaries = []
    for name in assignments:
        try:
            assignment = gradebook.find_assignment(name)
            submissions = gradebook.assignment_submissions(name)
            max_score = assignment.max_score
        except MissingEntry:
            submissions, max_score = [], 0.0
        summaries.append(
            Summary(
                assignment=name,
                scores=tuple(
                    max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
                    for submission in submissions
                ),
                max_score=max_score,
                by_hand=sum(submission.needs_manual_grade for submission in submissions),
                incidents=len(
                    {i.student for i in incidents if i.assignment == name and i.graded != GRADED}
                ),
            )
        )
    return summaries


HEADS = (
    "assignment", "submissions", "mean", "lowest", "highest", "out of", "by hand", "not graded"
)  # fmt: skip


def table_rows(summaries: Sequence[Summary]) -> list[list[str]]:
    """Lay the summaries out, a row an assignment, under `HEADS`.

    Parameters
    ----------
    summaries : sequence of Summary
        From `summarise`.

    Examples
    --------
    >>> table_rows([Summary("coin", (4.0, 9.0), 10.0, 1, 0)])
    [['coin', '2', '6.5', '4.0', '9.0', '10.0', '1', '0']]
    """
    rows = []
    for row in summaries:
        figures = ["–"] * 3
        if row.scores:
            figures = [
                f"{value:.1f}"
                for value in (statistics.mean(row.scores), min(row.scores), max(row.scores))
            ]
        counts = [str(row.by_hand), str(row.incidents)]
        rows.append(
            [row.assignment, str(len(row.scores)), *figures, f"{row.max_score:.1f}", *counts]
        )
    return rows


def write_grades(course: NbGraderAPI, path: Path) -> None:
    """Write every grade with its status, replacing the file in one step.

    Parameters
    ----------
    course : NbGraderAPI
        The course.
    path : Path
        The file, usually ``grades.csv``.
    """
    part = path.with_suffix(".part")
    table = GradesWithStatus(to=str(part))
    table.course = course.coursedir
    with course.gradebook as gradebook:
        table.export(gradebook)
    if course.coursedir.groupshared:
        share_file(part)
    part.replace(path)
