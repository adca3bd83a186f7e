"""Partial credit: the points that a test cell gives by ending in a number.

nbgrader reads them from the text of the cell's result. It takes ``nan``, a negative number and a
word for full credit, and gives up on the whole notebook where rounding makes a sum larger than the
points of the cell. What decides here is whether the text is a number of points.
"""

from __future__ import annotations

import ast
import math

from nbformat import NotebookNode
from nbformat.v4 import new_output

_ROUNDING = 1e-9


def settle_points(cell: NotebookNode) -> tuple[str, bool] | None:
    """Make the result of a test cell one that nbgrader reads rightly.

    A number that rounding has moved past the cell's points or below 0 is moved back. Another number
    that is not between them becomes an error, so that the cell gets no points.

    Parameters
    ----------
    cell : NotebookNode
        A test cell that has been run; its outputs may be changed.

    Returns
    -------
    tuple of str and bool or None
        What is wrong with the result, and whether a person must decide on the points; None if
        nothing is wrong.
    """
    for place, output in enumerate(cell.outputs):
        if output.output_type == "error":
            return None
        if output.output_type == "execute_result":
            return _settle(cell, place, output)
    return None


def _settle(cell: NotebookNode, place: int, output: NotebookNode) -> tuple[str, bool] | None:
    text = output.data.get("text/plain", "")
    text = "".join(text) if isinstance(text, list) else str(text)
    if not text:
        # nbgrader stops at a result without text; it has never been a number of points.
        output.data["text/plain"] = "(a result without text)"
        return None
    most = float(cell.metadata.nbgrader["points"])
    try:
        points = float(text)
    except ValueError:
        if not _is_text_or_complex(text) or _ends_in_literal(cell.source):
            return None
        return f"its result is {text[:80]}, not a number of points", True
    slack = _ROUNDING * max(1.0, most)
    if math.isfinite(points) and -slack <= points <= most + slack:
        clamped = min(max(points, 0.0), most)
        if clamped != points:
            output.data["text/plain"] = repr(clamped)
        return None
    what = f"its result is {text[:80]}, not a number of points between 0 and {most:g}"
    error = new_output("error", ename="ValueError", evalue=what, traceback=[f"ValueError: {what}"])
    cell.outputs.insert(place, error)
    return what, False


def _is_text_or_complex(text: str) -> bool:
    """Whether a result is of a type that a student may return in the place of a number."""
    try:
        return isinstance(ast.literal_eval(text), (str, bytes, complex))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def _ends_in_literal(source: str) -> bool:
    """Whether a test ends in a text of its own, such as ``"all tests passed"``."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, ValueError, IndexError):
        return False
    return isinstance(last, ast.Expr) and isinstance(last.value, (ast.Constant, ast.JoinedStr))
