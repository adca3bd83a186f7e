"""What a worker knows of the gradebook: an assignment's cells, as plain data.

nbgrader's own steps read these cells from a gradebook and write scores into one. A database for
each submission would cost more time than the rest of its grading, so a worker's steps are
nbgrader's, with these sheets in the gradebook's place; the coordinator writes the scores.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.nbgraderformat.common import BaseMetadataValidator
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets.utils.importstring import import_item

from nbjudge.gradebook.restore import RestoreCells
from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell, Scores, SourceCell

_WITHOUT_A_GRADEBOOK = ("nbgrader.preprocessors.", "nbconvert.preprocessors.", "nbjudge.")


class InMemoryGradebook:
    """The sheets, with as much of `nbgrader.api.Gradebook` as the steps below use."""

    def __init__(self, sheets: dict[str, NotebookSnapshot]) -> None:
        self.sheets = sheets
        self.scores: dict[str, Scores] = {}
        self.db = SimpleNamespace(commit=lambda: None)

    def find_notebook(self, notebook: str, assignment: str) -> NotebookSnapshot:
        try:
            return self.sheets[notebook]
        except KeyError:
            raise MissingEntry(f"No such notebook: {assignment}/{notebook}") from None

    def _find(self, name: str, notebook: str, *kinds: str) -> Any:
        sheet = self.find_notebook(notebook, "")
        for kind in kinds:
            for cell in getattr(sheet, kind):
                if cell.name == name:
                    return cell
        raise MissingEntry(f"No such cell: {notebook}/{name}")

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        cell: SourceCell = self._find(name, notebook, "source_cells")
        return cell

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> PointsCell:
        cell: PointsCell = self._find(name, notebook, "grade_cells", "task_cells")
        return cell

    def find_grade(self, name: str, notebook: str, assignment: str, student: str) -> Any:
        self._find(name, notebook, "grade_cells", "task_cells")
        grades = self.scores[notebook].grades
        return grades.setdefault(name, SimpleNamespace(manual_score=None, auto_score=None))

    def find_comment(self, name: str, notebook: str, assignment: str, student: str) -> Any:
        self._find(name, notebook, "solution_cells", "task_cells")
        return self.scores[notebook].comments.setdefault(name, SimpleNamespace(auto_comment=None))


class _OverwriteKernelspec(OverwriteKernelspec):
    """nbgrader's step, on sheets."""

    gradebook: InMemoryGradebook

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        names = resources["nbgrader"]
        sheet = self.gradebook.find_notebook(names["notebook"], names["assignment"])
        kernelspec = json.loads(sheet.kernelspec) if sheet.kernelspec is not None else None
        if kernelspec:
            nb.metadata["kernelspec"] = kernelspec
        return nb, resources


class _RestoreCells(RestoreCells):
    """The engine's step, on sheets."""

    gradebook: InMemoryGradebook

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return self.restore(nb, resources)


class _SaveAutoGrades(SaveAutoGrades):
    """nbgrader's step; what it saves is kept for the coordinator."""

    gradebook: InMemoryGradebook

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.student_id = resources["nbgrader"]["student"]
        self.gradebook.scores[self.notebook_id] = Scores()
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        return nb, resources


class _OfKnownSchema(BaseMetadataValidator):
    """nbgrader's check of a cell, without a check of nbgrader's own schema for every cell."""

    def validate_cell(self, cell: NotebookNode) -> None:
        claimed = cell.metadata.get("nbgrader", {})
        if claimed.get("schema_version") != self.schema_version:
            super().validate_cell(cell)
            return
        if self.schema_version not in _SCHEMAS:
            _SCHEMAS[self.schema_version] = validator_for(self.schema)(self.schema)
        error = best_match(_SCHEMAS[self.schema_version].iter_errors(claimed))
        if error is not None:
            raise error


class _MetadataValidator(MetadataValidator, _OfKnownSchema):
    """nbgrader's checks, with the one above in the place of the first."""


class _CheckCellMetadata(CheckCellMetadata):
    """nbgrader's step, which takes a third of a worker's time where its schema is checked, too."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        try:
            _MetadataValidator().validate_nb(nb)
        except ValidationError:
            nb, resources = super().preprocess(nb, resources)  # which says what is wrong
        return nb, resources


_SCHEMAS: dict[int, Validator] = {}
_ON_SHEETS: dict[Any, Any] = {
    CheckCellMetadata: _CheckCellMetadata,
    OverwriteKernelspec: _OverwriteKernelspec,
    RestoreCells: _RestoreCells,
    SaveAutoGrades: _SaveAutoGrades,
}


def resolve(step: Any) -> Any:
    """Return the class of a step that may be named by a string."""
    return import_item(step) if isinstance(step, str) else step


def need_gradebook(steps: list[Any]) -> bool:
    """Whether a course has steps of its own among these: they may read a gradebook, and write."""
    names = [f"{getattr(resolve(step), '__module__', '')}." for step in steps]
    return not all(name.startswith(_WITHOUT_A_GRADEBOOK) for name in names)


class SnapshotSteps:
    """nbgrader's steps on the sheets of one assignment.

    Parameters
    ----------
    sheets : dict of str to NotebookSnapshot
        From `take_snapshot`.
    """

    def __init__(self, sheets: dict[str, NotebookSnapshot]) -> None:
        self._book = InMemoryGradebook(sheets)

    @property
    def scores(self) -> dict[str, Scores]:
        """The automatic score and comment of each cell that may have one, by notebook."""
        found = {}
        for name, sheet in self._book.sheets.items():
            saved = self._book.scores.get(name, Scores())
            grades = dict.fromkeys(c.name for c in (*sheet.grade_cells, *sheet.task_cells))
            comments = dict.fromkeys(c.name for c in (*sheet.solution_cells, *sheet.task_cells))
            grades |= {cell: grade.auto_score for cell, grade in saved.grades.items()}
            comments |= {cell: comment.auto_comment for cell, comment in saved.comments.items()}
            found[name] = Scores(grades, comments)
        return found

    def replace(self, steps: list[Any], parent: Any) -> list[Any]:
        """Put steps on sheets in the place of those on a gradebook.

        The one that works out what lateness costs is left out: the coordinator does that.
        """
        replaced = []
        for step in map(resolve, steps):
            if step is AssignLatePenalties:
                continue
            if step in _ON_SHEETS:
                step = _ON_SHEETS[step](parent=parent)
                step.gradebook = self._book
            replaced.append(step)
        return replaced
