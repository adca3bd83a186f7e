"""What running a notebook showed that a person must know, handed over beside the notebook.

It travels in the resources that nbgrader's steps pass on, not in the notebook: whatever stands in a
cell's outputs, a student can have written.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

KEY = "nbjudge"
"""The entry of a notebook's resources that holds its `Findings`."""


@dataclass
class Findings:
    """The findings on one notebook.

    Attributes
    ----------
    incidents : list of tuple of str and str
        Cell and what happened to it, such as a lost kernel.
    waiting : list of str
        The ``grade_id`` of each cell whose points a person must decide: it gets none by itself.
    contracts : dict
        By test cell, what objects the instructor's own answers hand to it, if this was their run.
    """

    incidents: list[tuple[str, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    contracts: dict[str, dict[str, Any]] = field(default_factory=dict)


def findings_in(resources: MutableMapping[str, Any]) -> Findings:
    """Return the findings in a notebook's resources; there are none before it was run."""
    found = resources.get(KEY)
    return found if isinstance(found, Findings) else Findings()


def cell_label(cell: Any, index: int) -> str:
    """Name a cell for a person: by its ``grade_id``, or else by its place from 1."""
    return cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {index + 1}"
