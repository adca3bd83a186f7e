"""Read the cells of an assignment from nbgrader's gradebook."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbjudge.gradebook.exercises import group_cells
from nbjudge.report.grades import Cell, Exercise
from nbjudge.report.rows import Rows
from nbjudge.report.values import as_number

Order = Callable[[str, str], Sequence[str]]


@dataclass
class AssignmentCells:
    """The cells of an assignment.

    Attributes
    ----------
    cells : list of Cell
        Those with points, in the order of their notebooks.
    exercises : list of Exercise
        What they belong to.
    columns : dict of object to int
        The place of each of these cells, by its id.
    released : dict of tuple of str and str to str
        The source of each answer as it was released, by notebook and name.
    prose : set of tuple of str and str
        Those of them that are no code.
    """

    cells: list[Cell] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    columns: dict[Any, int] = field(default_factory=dict)
    released: dict[tuple[str, str], str] = field(default_factory=dict)
    prose: set[tuple[str, str]] = field(default_factory=set)


def read_cells(
    rows: Rows, order: Order, assignment: str, notebooks: dict[Any, str]
) -> AssignmentCells:
    """Read the cells with points of an assignment, and the exercises that they belong to.

    Parameters
    ----------
    rows : Rows
        Of the gradebook.
    order : callable
        As for `nbjudge.report.reading.read_class`.
    assignment : str
        Its name.
    notebooks : dict
        The names of its notebooks, by id.
    """
    found = AssignmentCells()
    for key, notebook in notebooks.items():
        known = _graded_cells(rows, key)
        answers = {row.name for row in rows.of_kind("solution_cells", key)}
        tasks = {row.name for row in rows.of_kind("task_cells", key)}
        sources = rows.all(
            "SELECT name, source, cell_type FROM source_cell WHERE notebook_id = :key"
            + rows.as_inserted(),
            key=key,
        )
        for row in sources:
            if row.name in answers:
                found.released[notebook, str(row.name)] = str(row.source or "")
                if row.cell_type == "markdown":
                    found.prose.add((notebook, str(row.name)))
        names = list(dict.fromkeys(
            [*order(assignment, notebook), *(row.name for row in sources),
             *known, *sorted(answers)]
        ))  # fmt: skip
        groups = group_cells(
            (name, name in answers or name in tasks, name in known) for name in names
        )
        for group in groups:
            first = len(found.cells)
            for name in group.graded:
                cell_id, points, code = known[name]
                found.columns[cell_id] = len(found.cells)
                test = code and name not in answers and name not in tasks
                found.cells.append(Cell(name, notebook, points, test))
            own = tuple(range(first, len(found.cells)))
            if own:
                points = sum(cell.max_score for cell in found.cells[first:])
                found.exercises.append(Exercise(group.name, notebook, own, points, group.own))
    return found


def _graded_cells(rows: Rows, notebook: Any) -> dict[str, tuple[Any, float, bool]]:
    """Return id, points and whether it is code, of each cell with points, by name."""
    found = {}
    for table, kind in (("grade_cells", "cell_type"), ("task_cells", "'markdown'")):
        for row in rows.of_kind(table, notebook, f", max_score, {kind} AS kind"):
            points = as_number(row.max_score)
            if points is None or math.isnan(points):
                rows.broken.add(table, row.name, f"max_score is {row.max_score!r}, no number")
                continue
            found[str(row.name)] = (row.id, points, row.kind == "code")
    return found
