"""Turn a released notebook into a submission: put answers in, take cells out, break the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def read_release(chapter: str, release: Path) -> NotebookNode:
    """Read the notebook that students of a chapter receive.

    Parameters
    ----------
    chapter : str
        The chapter's folder name.
    release : Path
        The folder that ``nbgrader generate_assignment`` writes to.

    Returns
    -------
    NotebookNode
        The released notebook.

    Raises
    ------
    FileNotFoundError
        If the chapter is not released; the message says how to release it.
    """
    path = release / chapter / f"{chapter}.ipynb"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `make release` first")
    return nbformat.read(path, as_version=4)


def exercises(notebook: NotebookNode) -> dict[str, dict[str, float]]:
    """Map each exercise of a notebook to its test cells and their points.

    An exercise is an answer cell; the test cells between it and the next answer cell are its own.

    Parameters
    ----------
    notebook : NotebookNode
        A chapter's notebook, the instructor's or a released one.

    Returns
    -------
    dict of str to dict of str to float
        Points by test cell by exercise, in the order of the notebook.
    """
    found: dict[str, dict[str, float]] = {}
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("solution") and cell.cell_type == "code":
            tests = found.setdefault(nbgrader.grade_id, {})
        elif nbgrader.get("grade") and cell.cell_type == "code":
            tests[nbgrader.grade_id] = float(nbgrader.points)
    return found


def put_answers(notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return a copy of a released notebook with answers in its answer cells.

    Parameters
    ----------
    notebook : NotebookNode
        The released notebook. It is not changed.
    answers : mapping of str to str
        Source by ``grade_id``; also of ordinary cells, by ``id``.

    Returns
    -------
    NotebookNode
        The filled notebook.

    Raises
    ------
    KeyError
        If an answer has no cell to go to.
    """
    notebook = nbformat.from_dict(notebook)
    missing = dict(answers)
    for cell in notebook.cells:
        if cell.id in missing:
            cell.source = missing.pop(cell.id)
    if missing:
        raise KeyError(f"the notebook has no cell {', '.join(sorted(missing))}")
    return notebook


def delete_cell(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """Return a copy of a notebook without one of its cells.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook. It is not changed.
    cell_id : str
        The cell's id, which is its ``grade_id`` if it has one.

    Returns
    -------
    NotebookNode
        The shorter notebook.

    Raises
    ------
    KeyError
        If there is no such cell.
    """
    shorter = nbformat.from_dict(notebook)
    shorter.cells = [cell for cell in shorter.cells if cell.id != cell_id]
    if len(shorter.cells) == len(notebook.cells):
        raise KeyError(f"the notebook has no cell {cell_id}")
    return shorter
