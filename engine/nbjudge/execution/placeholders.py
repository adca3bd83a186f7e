"""Lines of the engine's own that stand in the place of a cell's output.

Pages show them in the engine's voice. A mark in the output's metadata tells them from a student's
output with the same words; it is taken off whatever a submission brings and whatever a kernel
sends, so that nothing of a student's can carry it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode, from_dict

NOT_RUN = "As in your notebook. Not run for grading: no exercise depends on this cell"
"""What stands in the place of a needless cell's output."""
AS_RELEASED = "Figure as in your notebook"
"""What stands in the place of a picture that the release has."""
_MARK = "nbjudge_placeholder"


def placeholder(line: str) -> NotebookNode:
    """Make the output that holds a line.

    Parameters
    ----------
    line : str
        `NOT_RUN` or `AS_RELEASED`.
    """
    # Not by `new_output`, which validates each: the notebook is validated in the end.
    data, metadata = {"text/plain": line}, {_MARK: True}
    output = {"output_type": "display_data", "metadata": metadata, "data": data}
    made: NotebookNode = from_dict(output)
    return made


def placeholder_line(output: NotebookNode) -> str | None:
    """Return the line that an output of a graded notebook holds; None for any other output."""
    metadata, data = output.get("metadata"), output.get("data")
    marked = isinstance(metadata, dict) and metadata.get(_MARK) is True
    if not marked or not isinstance(data, dict):
        return None
    line = data.get("text/plain")
    return line if line in (NOT_RUN, AS_RELEASED) else None


def take_marks_off(holders: Iterable[Any]) -> None:
    """Take the mark off what a student may have written.

    Parameters
    ----------
    holders : iterable
        Outputs of a submitted notebook, or contents of messages of a kernel.
    """
    for holder in holders:
        metadata = holder.get("metadata") if isinstance(holder, dict) else None
        if isinstance(metadata, dict):
            metadata.pop(_MARK, None)
