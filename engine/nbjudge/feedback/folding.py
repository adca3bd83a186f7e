"""What of a page is the chapter's own text: it is folded, so that what is graded meets the eye.

A page of a submission shows the whole notebook, of which most is as every student received it. A
person who grades a derivation looks for one cell in a hundred. Folded is what is, sign for sign, in
the released notebook and neither graded nor an answer; what a student changed or added is shown.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from nbjudge.feedback.sanitise import CleanHTML

PART = "nbjudge_part"
"""The name in a cell's metadata under which a page notes what the cell is."""
CHAPTER, STATEMENT, PASSED, ANSWER, MORE_OF_ANSWER = (
    *("chapter", "statement", "passed", "answer", "more-of-answer"),
)
SWITCH = "whole-notebook"
"""The id of the button that unfolds a page. It is a checkbox: pages run no script for it."""
_KEYS = "Tab: the next field. Ctrl+. : the same field of the next student."


@dataclass(frozen=True)
class ReleasedNotebook:
    """What students received.

    Attributes
    ----------
    plain : frozenset of str
        Digests of the cells that are neither graded nor answers.
    after_tasks : dict of str to str
        The digest of the cell that stands after each task, by the task's ``grade_id``.
    """

    plain: frozenset[str] = frozenset()
    after_tasks: dict[str, str] = field(default_factory=dict)


def released_notebook(config: Config, resources: Any) -> ReleasedNotebook:
    """Read what students received of the notebook that a page shows.

    Parameters
    ----------
    config : Config
        The course's.
    resources : dict
        What formgrader, or `GenerateFeedback`, says of the page.

    Returns
    -------
    ReleasedNotebook
        An empty one where there is no release to read.
    """
    known = resources.get("nbgrader") or {}
    assignment = resources.get("assignment_id") or known.get("assignment")
    name = resources.get("notebook_id") or known.get("notebook")
    if not assignment or not name:
        return ReleasedNotebook()
    course = CourseDirectory(config=config)
    folder = Path(course.format_path(course.release_directory, ".", str(assignment)))
    path = folder / f"{name}.ipynb"
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ReleasedNotebook()
    return _read(str(path), status.st_mtime_ns, status.st_size)


@functools.lru_cache(maxsize=20)
def _read(path: str, _changed: int, _size: int) -> ReleasedNotebook:
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # nbformat raises whatever it meets; the page is whole then
        return ReleasedNotebook()
    return ReleasedNotebook(
        frozenset(_digest(cell) for cell in cells if not _is_graded(cell)),
        {
            cell.metadata.nbgrader["grade_id"]: _digest(after)
            for cell, after in itertools.pairwise(cells)
            if utils.is_task(cell)
        },
    )


def mark_parts(nb: NotebookNode, released: ReleasedNotebook) -> None:
    """Note in each cell what it is, and put the button before the first if something is folded.

    Parameters
    ----------
    nb : NotebookNode
        A submission, before its page is written; what it says of its parts itself is dropped.
    released : ReleasedNotebook
        From `released_notebook`.
    """
    for cell in nb.cells:
        cell.metadata.pop(PART, None)
        tags = cell.metadata.get("tags", [])
        if any(str(tag).startswith(PART) for tag in tags):
            cell.metadata["tags"] = [tag for tag in tags if not str(tag).startswith(PART)]
    for cell, part in zip(nb.cells, list(_parts(nb.cells, released)), strict=True):
        if part:
            cell.metadata[PART] = part
            if cell.cell_type == "code":  # whose tags nbconvert's template writes into its class
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), f"{PART}-{part}"]


def add_switch(nb: NotebookNode, for_grading: bool) -> None:
    """Put the button that unfolds a page before its first cell, if something is folded.

    Parameters
    ----------
    nb : NotebookNode
        A notebook whose parts are marked.
    for_grading : bool
        Whether the page is formgrader's.
    """
    folded = sum(cell.metadata.get(PART) in (CHAPTER, STATEMENT) for cell in nb.cells)
    if not folded:
        return
    cell = new_markdown_cell(id=SWITCH)
    keys = f'<span class="nbjudge-keys">{_KEYS}</span>' if for_grading else ""
    cell.source = CleanHTML(
        f'<p class="nbjudge-switch"><label class="btn btn-default"><input type="checkbox" '
        f'id="{SWITCH}"> Show the whole notebook</label>{keys}</p>'
    )
    nb.cells.insert(0, cell)


def _parts(cells: list[NotebookNode], released: ReleasedNotebook) -> Iterator[str]:
    """Yield what each cell is; nothing for what is neither folded nor named."""
    task: str | None = None  # whose answer the next cell may begin
    answering = False
    for index, cell in enumerate(cells):
        if _is_graded(cell):
            task = cell.metadata.nbgrader["grade_id"] if utils.is_task(cell) else None
            answering = False
            yield PASSED if _is_passed_test(cell) else ""
            continue
        digest = _digest(cell)
        as_released = digest in released.plain
        if task is not None:
            # Unless the cell for the answer was taken out, and the chapter goes on.
            answering = not as_released or released.after_tasks.get(task) == digest
            task = None
            yield ANSWER if answering else CHAPTER
        elif answering and not as_released and released.plain:
            yield MORE_OF_ANSWER
        else:
            answering = False
            failed = any(output.output_type == "error" for output in cell.get("outputs", []))
            if not as_released or failed:
                yield ""
            else:
                yield STATEMENT if _states_an_exercise(cells, index) else CHAPTER


def _is_graded(cell: NotebookNode) -> bool:
    return bool(utils.is_solution(cell) or utils.is_grade(cell) or utils.is_task(cell))


def _is_passed_test(cell: NotebookNode) -> bool:
    """Return whether a cell is a test that has nothing to say."""
    test = utils.is_grade(cell) and not utils.is_solution(cell) and cell.cell_type == "code"
    return bool(test and not cell.outputs)


def _states_an_exercise(cells: list[NotebookNode], index: int) -> bool:
    after = cells[index + 1 : index + 2]
    return cells[index].cell_type == "markdown" and bool(after) and utils.is_solution(after[0])


def _digest(cell: NotebookNode) -> str:
    """Return by what a cell is known again: all that a page shows of it."""
    attached = sorted((cell.get("attachments") or {}).items())
    shown = f"{cell.cell_type}\0{cell.source.strip()}\0{attached}"
    return hashlib.sha256(shown.encode(errors="surrogatepass")).hexdigest()
