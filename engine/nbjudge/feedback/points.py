"""The points of each exercise, at the top of the page that a student gets back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties, GetGrades, NbGraderPreprocessor
from traitlets.config import Config

from nbjudge.feedback.said import Said, said_by
from nbjudge.feedback.sanitise import CleanHTML
from nbjudge.gradebook.cells import cell_names, cell_points
from nbjudge.gradebook.exercises import NO_RESPONSE, group_cells

TABLE = "points-by-exercise"
"""The id of the table; where a page has it, nbgrader's own heading and list are not shown."""
_TITLE = re.compile(r"^# +(.+?)[ #]*$", re.MULTILINE)
_LABEL = re.compile(r"\s*\*\*([^*(\n]{1,60}?)[\s.:]*(?:\([^)\n]*\)[\s.:]*)?\*\*")
_MARKS = {
    "all": ("✓", "all points"),
    "lost": ("✗", "points lost"),
    "waits": ("…", "not graded yet"),
}


class ListPoints(GetGrades):
    """Take the place of nbgrader's ``GetGrades``, and list the points of each exercise.

    nbgrader's list has a line for each test and calls all of them "Test cell". Here the tests
    that follow an answer are one line, which says of those that cost points what they are for and
    what they said. Points that a person has yet to give are not counted as lost.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Get the points from the gradebook, and put the table before the first cell."""
        self._extension: timedelta | None = None
        self._seconds_late = 0.0
        nb, resources = self._get_points(nb, resources)
        graded = resources["nbgrader"]
        said = said_by(nb.cells)
        labels = _labels(nb.cells)
        found = exercises(nb)
        rows = [_line_of(exercise, labels.get(exercise.name, ""), said) for exercise in found]
        if self._extension:
            days = self._extension.total_seconds() / 86400
            given = f"{_number(days)} extra day{'' if days == 1 else 's'}"
            rows.append(_line(f"{given} allowed", "", ""))
        if graded["late_penalty"]:
            rule = self._late_rule()
            rows.append(_line("handed in late", f"−{_number(graded['late_penalty'])}", rule))
        waiting = sum(part["points"] for e in found for part in e.parts if part["waits"])
        score = _of(graded["score"], graded["max_score"] - waiting)
        if waiting:
            points = "point waits" if waiting == 1 else "points wait"
            score = f"<b>{score}</b> so far, {_number(waiting)} {points} for a person"
        else:
            score = f"<b>{score}</b> points"
        title = next((m[1] for c in nb.cells if (m := _heading(c))), str(graded["notebook"]))
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("", "Exercise", "Points", ""))
        cell = new_markdown_cell(id=TABLE)
        cell.source = CleanHTML(
            f'<div id="{TABLE}"><h1>{escape(title)}</h1><p class="nbjudge-sum">{score}</p>'
            f'<table class="table"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody>'
            "</table></div>"
        )
        nb.cells.insert(0, cell)
        graded["notebook"] = escape(title)  # the page's title
        return nb, resources

    def _get_points(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Write the points into the cells and the resources, as nbgrader's step does."""
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id = about["notebook"], about["assignment"]
        self.student_id = about["student"]
        self.gradebook = _gradebook(about["db_url"], os.getpid())
        with self.gradebook:
            sheet = self.gradebook.find_submission_notebook(
                self.notebook_id, self.assignment_id, self.student_id
            )
            self._most = cell_points(self.gradebook, sheet)
            self._rows = self._rows_of(sheet)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            about["late_penalty"] = sheet.late_submission_penalty or 0
            about["score"] = sheet.score - about["late_penalty"]
            about["max_score"] = sheet.max_score
            self._extension = sheet.assignment.extension
            self._seconds_late = sheet.assignment.total_seconds_late
        return nb, resources

    def _rows_of(self, sheet: SubmittedNotebook) -> dict[type, dict[str, Any]]:
        """Read the gradebook's rows of all cells at once, where nbgrader asks for each."""
        names = cell_names(self.gradebook, sheet)
        return {
            kind: {
                names[row.cell_id]: row
                for row in self.gradebook.db.query(kind).filter(kind.notebook_id == sheet.id)
            }
            for kind in (Grade, Comment)
        }

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        """Write into a cell its points, and whether a person has yet to give them."""
        marks = cell.metadata.nbgrader
        grade = self._row(Grade, marks["grade_id"])
        marks["score"], marks["points"] = grade.score, self._most[grade.cell_id]
        marks["waits"] = bool(grade.needs_manual_grade and grade.manual_score is None)

    def _get_comment(self, cell: NotebookNode, resources: Any) -> None:
        """Write into a cell what is said of it."""
        marks = cell.metadata.nbgrader
        marks["comment"] = self._row(Comment, marks["grade_id"]).comment

    def _row(self, kind: type[Grade | Comment], cell: str) -> Any:
        """Return the gradebook's row of a cell.

        Raises
        ------
        MissingEntry
            If there is none.
        """
        if cell not in self._rows[kind]:
            raise MissingEntry(f"{kind.__name__} of the cell {cell} of {self.notebook_id}")
        return self._rows[kind][cell]

    def _late_rule(self) -> str:
        """Say how late a submission is, and what the course's rule makes of that."""
        # nbgrader's step warns of a setting of the exporter, which it does not know.
        config = Config({k: v for k, v in self.config.items() if k != "NbConvertBase"})
        step = AssignLatePenalties(config=config)
        step.init_plugin()
        describe = getattr(step.plugin_inst, "describe", None)
        return escape(str(describe(self._seconds_late))) if describe else ""


@lru_cache(maxsize=1)
def _gradebook(url: str, process: int) -> Gradebook:
    """Return a gradebook, closed, that has not forgotten the questions which it has compiled.

    They take longer to compile than to answer. A forked process has connections of its own.
    """
    return Gradebook(url)


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
    blank : bool
        Whether the answer is as it was released.
    parts : list of dict
        nbgrader's metadata of each cell with points.
    """

    name: str
    place: str
    comment: bool = False
    blank: bool = False
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
            marks[group.name].get("comment") not in (None, "", NO_RESPONSE),
            marks[group.name].get("comment") == NO_RESPONSE,
            [marks[name] for name in group.graded],
        )
        for group in groups
    ]
    return [exercise for exercise in found if exercise.parts or exercise.comment]


def _line_of(exercise: Exercise, label: str, said: Mapping[str, Said]) -> str:
    lost = [part for part in exercise.parts if part["score"] < part["points"]]
    waits = any(part["waits"] for part in lost)
    notes = ["A person has yet to grade it."] if waits else []
    if exercise.blank and lost:
        notes.append("No answer.")
    # A cell that stands for itself has its link at the left.
    failed = [part["grade_id"] for part in lost if part["grade_id"] != exercise.name]
    nothing = Said()
    for message, names in groupby(failed, lambda name: said.get(name, nothing).message):
        purposes = [_link(name, said.get(name, nothing).purpose or name) for name in names]
        told = f'<span class="nbjudge-message">{escape(message)}</span>' if message else ""
        notes.append(f"{'<br>'.join(purposes)}{told}")
    if exercise.comment:
        notes.append(_link(f"comment-{exercise.name}", "comment"))
    score = sum(part["score"] for part in exercise.parts)
    points = sum(part["points"] for part in exercise.parts)
    name = f"<code>{escape(exercise.name)}</code>"
    task = any(part.get("task") for part in exercise.parts)  # whose name is no function's
    shown = escape(label) if label and task else f"{escape(label)} {name}".strip()
    link = f'<a href="#{escape(exercise.place)}">{shown}</a>'
    state = "waits" if waits else "lost" if lost else "all" if exercise.parts else ""
    return _line(link, _of(score, points), "".join(f"<p>{note}</p>" for note in notes), state)


def _line(name: str, points: str, notes: str, state: str = "") -> str:
    sign, meaning = _MARKS.get(state, ("", ""))
    mark = f'<span title="{meaning}">{sign}</span>' if sign else ""
    cells = "".join(f"<td>{text}</td>" for text in (mark, name, points, notes))
    return f'<tr class="nbjudge-{state}">{cells}</tr>' if state else f"<tr>{cells}</tr>"


def _heading(cell: NotebookNode) -> re.Match[str] | None:
    return _TITLE.search(cell.source) if cell.cell_type == "markdown" else None


def _labels(cells: list[NotebookNode]) -> dict[str, str]:
    """Return what the text before an answer calls its exercise, by the answer's ``grade_id``."""
    found = {}
    for before, cell in zip([None, *cells], cells, strict=False):
        own = utils.is_solution(cell) or utils.is_task(cell)
        text = cell if cell.cell_type == "markdown" else before
        if own and text is not None and text.cell_type == "markdown":
            label = _LABEL.match(text.source)
            if label:
                found[cell.metadata.nbgrader["grade_id"]] = label[1]
    return found


def _link(place: str, words: str) -> str:
    return f'<a href="#{escape(place)}">{escape(words)}</a>'


def _of(score: float, points: float) -> str:
    return f"{_number(score)} of {_number(points)}"


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
