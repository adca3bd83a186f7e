"""Figures are drawn where somebody will look: elsewhere a cell runs, and its figure is named."""

from __future__ import annotations

import re
from collections.abc import Container

from nbformat import NotebookNode
from nbgrader import utils

from nbjudge.execution.placeholders import AS_RELEASED, placeholder
from nbjudge.execution.released import digest

_A_FIGURE = re.compile(r"<Figure size .*>|alt\.\w*Chart\(", re.DOTALL)


def is_drawn(cell: NotebookNode, figures: str, plain: Container[str]) -> bool:
    """Return whether a cell draws its figures.

    Parameters
    ----------
    cell : NotebookNode
        A code cell.
    figures : str
        ``all``, ``changed`` or ``none``.
    plain : container of str
        Digests of the cells that are as they were released, answers and tests left out.
    """
    if figures != "changed":
        return figures == "all"
    return (
        utils.is_solution(cell) or utils.is_grade(cell) or digest(cell.source.encode()) not in plain
    )


def name_figures(cell: NotebookNode) -> None:
    """Say of the figures that a cell did not draw that they are those of the release."""
    for number, output in enumerate(cell.outputs):
        data = output.get("data")
        text = data.get("text/plain") if isinstance(data, dict) and len(data) == 1 else None
        if isinstance(text, str) and _A_FIGURE.match(text):  # what arrived is a student's word
            cell.outputs[number] = placeholder(AS_RELEASED)
