"""What a submission says of its own cells is not believed: it is restored from the gradebook."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.api import Notebook as ReleasedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor, OverwriteCells

_SCHEMA = 3


class RestoreCells(OverwriteCells):
    """Take the place of nbgrader's ``DeduplicateIds`` and ``OverwriteCells``.

    Like them it restores the source of locked cells, types, points and, with
    ``c.OverwriteCells.add_missing_cells``, deleted tests; of cells that stand there twice the last
    one counts. Beyond them it grades what they refuse: cells of other notebooks, doubled cells,
    metadata that was edited or lost.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore a notebook."""
        self.gradebook = Gradebook(resources["nbgrader"]["db_url"])
        with self.gradebook:
            return self.restore(nb, resources)

    def restore(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore a notebook from the gradebook that is open, or from what stands for it."""
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        released = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        _restore_metadata(nb, released)
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources

    def add_missing_grade_cells(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Put deleted tests back, each behind the nearest cell before it that is still there."""
        released = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        points = {cell.name: cell.max_score for cell in released.grade_cells}
        solutions = {cell.name for cell in released.solution_cells}
        before = 0
        for source in released.source_cells:
            there = [n for n, cell in enumerate(nb.cells) if _name(cell) == source.name]
            if there:
                before = there[0] + 1
            elif source.name in points:
                self.log.warning("Missing cell %s is put back", source.name)
                cell = self.missing_cell_transform(
                    source, points[source.name], is_solution=source.name in solutions
                )
                nb.cells.insert(before, cell)
                before += 1
        return nb, resources


def _name(cell: NotebookNode) -> str | None:
    name: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name


def _restore_metadata(nb: NotebookNode, released: ReleasedNotebook) -> None:
    """Give each cell nbgrader's metadata as it was released, and all others none."""
    sources = {cell.name: cell for cell in released.source_cells}
    graded = {cell.name: cell.max_score for cell in released.grade_cells}
    tasks = {cell.name: cell.max_score for cell in released.task_cells}
    solutions = {cell.name for cell in released.solution_cells}
    seen: set[str] = set()
    for cell in reversed(nb.cells):
        claimed = cell.metadata.pop("nbgrader", {})
        name = claimed.get("grade_id")
        if name not in sources or name in seen:
            continue
        seen.add(name)
        restored = {
            "grade_id": name,
            "grade": name in graded,
            "solution": name in solutions,
            "task": name in tasks,
            "locked": bool(sources[name].locked),
            "schema_version": _SCHEMA,
            "cell_type": sources[name].cell_type,
        }
        if name in graded or name in tasks:
            restored["points"] = graded.get(name, tasks.get(name))
        cell.metadata["nbgrader"] = NotebookNode(restored)
