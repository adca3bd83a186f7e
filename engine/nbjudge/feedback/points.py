"""The points of each exercise, at the top of the page that a student gets back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import GetGrades

from nbjudge.feedback.sanitise import CleanHTML
from nbjudge.gradebook.exercises import group_cells

TABLE = "points-by-exercise"
"""The id of the table; where a page has it, nbgrader's own list of cells is not shown."""


class ListPoints(GetGrades):
    """Take the place of nbgrader's ``GetGrades``, and list the points of each exercise.

    nbgrader's list has a line for each test and calls all of them "Test cell". Here the tests
    that follow an answer are one line, with links to those that cost points.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Get the points from the gradebook, and put the table before the first cell."""
        self._extension: timedelta | None = None
        nb, resources = super().preprocess(nb, resources)
        graded = resources["nbgrader"]
        rows = [_row(exercise) for exercise in exercises(nb)]
        if self._extension:
            days = self._extension.total_seconds() / 86400
            given = f"{_number(days)} extra day{'' if days == 1 else 's'}"
            rows.append((f"{given} allowed", "", ""))
        if graded["late_penalty"]:
            rows.append(("handed in late", f"−{_number(graded['late_penalty'])}", ""))
        rows.append(("<b>in all</b>", f"<b>{_of(graded['score'], graded['max_score'])}</b>", ""))
        heads = "".join(f"<th>{head}</th>" for head in ("Exercise", "Points", ""))
        body = "".join(f"<tr>{''.join(f'<td>{x}</td>' for x in row)}</tr>" for row in rows)
        table = f'<table class="table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
        cell = new_markdown_cell(id=TABLE)
        cell.source = CleanHTML(f'<div id="{TABLE}">{table}</div>')
        nb.cells.insert(0, cell)
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        """Write into a cell its points, and whether a person has yet to give them."""
        marks = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(
            marks["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        self._extension = grade.notebook.assignment.extension
        marks["score"], marks["points"] = grade.score, grade.max_score
        marks["waits"] = bool(grade.needs_manual_grade and grade.manual_score is None)


@dataclass
class Exercise:
    """An answer with the tests that follow it, or what a person grades.

    Attributes
    ----------
    name : str
        The ``grade_id`` of its first cell.
    place : str
        Where nbgrader's page has it.
    comment : bool
        Whether somebody commented on it.
    parts : list of dict
        nbgrader's metadata of each cell with points.
    """

    name: str
    place: str
    comment: bool = False
    parts: list[dict[str, Any]] = field(default_factory=list)


def exercises(nb: NotebookNode) -> list[Exercise]:
    """List the exercises of a notebook into which the points have been written.

    Parameters
    ----------
    nb : NotebookNode
        A graded submission.

    Returns
    -------
    list of Exercise
        In the order of the notebook; an answer without a test is none, unless it has a comment.
    """
    marks = {
        cell.metadata.nbgrader["grade_id"]: cell.metadata.nbgrader
        for cell in nb.cells
        if utils.is_grade(cell) or utils.is_task(cell) or utils.is_solution(cell)
    }
    groups = group_cells(
        (
            cell.metadata.nbgrader["grade_id"],
            utils.is_solution(cell) or utils.is_task(cell),
            utils.is_grade(cell) or utils.is_task(cell),
        )
        for cell in nb.cells
        if "nbgrader" in cell.metadata
    )
    found = [
        Exercise(
            group.name,
            f"comment-{group.name}" if group.own else group.name,
            bool(marks[group.name].get("comment")),
            [marks[name] for name in group.graded],
        )
        for group in groups
    ]
    return [exercise for exercise in found if exercise.parts or exercise.comment]


def _row(exercise: Exercise) -> tuple[str, str, str]:
    lost = [part for part in exercise.parts if part["score"] < part["points"]]
    notes = []
    if any(part["waits"] for part in lost):
        notes.append("a person has yet to grade it")
    # A cell that stands for itself has its link at the left.
    failed = [part["grade_id"] for part in lost if part["grade_id"] != exercise.name]
    if failed:
        notes.append(f"lost in {', '.join(_link(name, name) for name in failed)}")
    if exercise.comment:
        notes.append(_link(f"comment-{exercise.name}", "comment", code=False))
    score = sum(part["score"] for part in exercise.parts)
    points = sum(part["points"] for part in exercise.parts)
    return _link(exercise.place, exercise.name), _of(score, points), "; ".join(notes)


def _link(place: str, words: str, code: bool = True) -> str:
    shown = f"<code>{escape(words)}</code>" if code else escape(words)
    return f'<a href="#{escape(place)}">{shown}</a>'


def _of(score: float, points: float) -> str:
    return f"{_number(score)} / {_number(points)}"


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
