"""What test cells are for, and what they said: in their authors' words, for the table of points."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode
from nbgrader import utils

from nbjudge.untrusted_text import one_line

_LONGEST = 300


@dataclass(frozen=True)
class Said:
    """What a test cell says.

    Attributes
    ----------
    purpose : str
        The first line of the docstring that it opens with; empty where there is none.
    message : str
        That of the error in which it ended, in one line; empty where there is none.
    """

    purpose: str = ""
    message: str = ""


def said_by(cells: Iterable[NotebookNode]) -> dict[str, Said]:
    """Return what the test cells of a graded notebook say, by their ``grade_id``.

    Parameters
    ----------
    cells : iterable of NotebookNode
        The cells, as feedback shows them: hidden tests have been taken out.
    """
    return {
        cell.metadata.nbgrader["grade_id"]: Said(_purpose(cell.source), _message(cell))
        for cell in cells
        if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
    }


def _purpose(source: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in strings: nobody reads it here
            text = ast.get_docstring(ast.parse(source)) or ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics, and worse
        return ""
    return one_line(text.partition("\n")[0].strip().removesuffix("."), _LONGEST)


def _message(cell: NotebookNode) -> str:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return ""
    name, value = str(errors[-1].get("ename", "")), str(errors[-1].get("evalue", ""))
    text = value if name == "AssertionError" and value.strip() else f"{name}: {value}".strip(": ")
    return one_line(" ".join(text.split()), _LONGEST)
