"""A read-only snapshot of an assignment in the gradebook, as plain data that travels to workers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from nbgrader.api import Gradebook


@dataclass(frozen=True)
class SourceCell:
    """A cell as it was released; the names are those of `nbgrader.api.SourceCell`."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool


@dataclass(frozen=True)
class PointsCell:
    """A cell with points, or a solution, which has none."""

    name: str
    max_score: float = 0.0


@dataclass(frozen=True)
class NotebookSnapshot:
    """A notebook of the assignment; the names are those of `nbgrader.api.Notebook`."""

    name: str
    kernelspec: str | None
    source_cells: tuple[SourceCell, ...]
    grade_cells: tuple[PointsCell, ...]
    solution_cells: tuple[PointsCell, ...]
    task_cells: tuple[PointsCell, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> NotebookSnapshot:
        """Make it again from what `as_data` has returned."""
        cells = {
            kind: tuple(PointsCell(**cell) for cell in data[kind])
            for kind in ("grade_cells", "solution_cells", "task_cells")
        }
        sources = tuple(SourceCell(**cell) for cell in data["source_cells"])
        return cls(data["name"], data["kernelspec"], sources, **cells)


def take_snapshot(gradebook: Gradebook, assignment: str) -> dict[str, NotebookSnapshot]:
    """Read the notebooks of an assignment.

    Parameters
    ----------
    gradebook : Gradebook
        The course's, in whatever database it is.
    assignment : str
        Which assignment.

    Returns
    -------
    dict of str to NotebookSnapshot
        The notebooks, by name.
    """
    return {
        notebook.name: NotebookSnapshot(
            notebook.name,
            notebook.kernelspec,
            tuple(
                SourceCell(c.name, c.cell_type, c.source, c.checksum, c.locked)
                for c in notebook.source_cells
            ),
            tuple(PointsCell(c.name, c.max_score) for c in notebook.grade_cells),
            tuple(PointsCell(c.name) for c in notebook.solution_cells),
            tuple(PointsCell(c.name, c.max_score) for c in notebook.task_cells),
        )
        for notebook in gradebook.find_assignment(assignment).notebooks
    }


@dataclass
class Scores:
    """The automatic scores and comments of the cells of one notebook, by their name."""

    grades: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, Any] = field(default_factory=dict)
