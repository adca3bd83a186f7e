"""What an exercise is: an answer with the tests that follow it, or what a person grades.

nbgrader knows cells only. Feedback and the report of a class both speak of exercises, so this is
written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

NO_RESPONSE = "No response."
"""What nbgrader comments on an answer that is as it was released."""


@dataclass
class CellGroup:
    """The cells of one exercise.

    Attributes
    ----------
    name : str
        The ``grade_id`` of its first cell.
    own : bool
        Whether that cell is the student's: an answer, or a task.
    graded : list of str
        The ``grade_id`` of each cell with points, its own included.
    """

    name: str
    own: bool
    graded: list[str] = field(default_factory=list)


def group_cells(cells: Iterable[tuple[str, bool, bool]]) -> list[CellGroup]:
    """Take the cells of a notebook together to exercises.

    Parameters
    ----------
    cells : iterable of (str, bool, bool)
        In the order of the notebook, of each of nbgrader's cells: its ``grade_id``, whether it is
        an answer or a task, and whether it has points.

    Returns
    -------
    list of CellGroup
        In the order of the notebook. Tests belong to the answer before them; those that follow no
        answer, or one that a person grades, stand for themselves.

    Examples
    --------
    >>> for group in group_cells(
    ...     [("double", True, False), ("of_one", False, True), ("of_many", False, True),
    ...      ("why", True, True)]
    ... ):
    ...     print(group.name, group.graded)
    double ['of_one', 'of_many']
    why ['why']
    """
    found: list[CellGroup] = []
    answer: CellGroup | None = None
    for name, own, graded in cells:
        if not own and not graded:
            continue
        if own or answer is None:
            found.append(CellGroup(name, own))
            # What a person grades has its points in the cell; tests follow an answer only.
            answer = found[-1] if not graded else None
        if graded:
            (answer or found[-1]).graded.append(name)
    return found
