"""Read what students handed in, and say what is wrong with it before anything runs."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nbjudge.batch.handed_in import TooManyFilesError, list_files
from nbjudge.batch.notebook_json import NotebookError, cells_by_nbformat, plain_cells
from nbjudge.batch.timestamps import TimestampError, parse_timestamp
from nbjudge.gradebook.snapshot import NotebookSnapshot

LARGEST = 200 << 20
"""The bytes that a submission may have, its files together: all of it is held in memory."""


_HALF = re.compile("[\ud800-\udfff]")
"""JSON can name half of a character, which no file can hold."""


class BrokenSubmissionError(ValueError):
    """A submitted notebook that cannot be graded; the message names the file and the fault."""


def read_submission(
    path: Path,
    released: NotebookSnapshot | None = None,
    owner: Callable[[set[str]], str | None] = lambda names: None,
) -> list[dict[str, Any]]:
    """Read a submitted notebook, and say what it cannot be graded for.

    Parameters
    ----------
    path : Path
        The file that was handed in.
    released : NotebookSnapshot, optional
        The notebook as the gradebook has it: one in which nothing is graded needs no test cells.
        By default it must have some.
    owner : callable
        Returns the assignment that has cells of these names, other than this one.

    Returns
    -------
    list of dict
        The notebook's cells, in nbformat 4.

    Raises
    ------
    BrokenSubmissionError
        If the file is no ordinary file, is too large, is empty, is not UTF-8 text, is not a
        notebook in JSON, has no cells, or has none of the cells that are graded.
    """
    what = _odd_file(path)
    if what:
        raise BrokenSubmissionError(f"{path}: {what}")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenSubmissionError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BrokenSubmissionError(f"{path}: cannot be read ({error.strerror})") from error
    if not text.strip():
        raise BrokenSubmissionError(f"{path}: the file is empty")
    cells = plain_cells(text)
    if cells is None:
        try:
            cells = cells_by_nbformat(text)
        except NotebookError as error:
            raise BrokenSubmissionError(f"{path}: {error}") from error
    if not cells:
        raise BrokenSubmissionError(f"{path}: the notebook has no cells")
    # Of nbgrader's metadata, nbformat knows nothing.
    for number, cell in enumerate(cells, 1):
        if _HALF.search(str(cell.get("source"))):
            raise BrokenSubmissionError(
                f"{path}: not UTF-8 text (half of a character, a surrogate, in cell {number})"
            )
        if not _is_sound(cell):
            raise BrokenSubmissionError(f"{path}: JSON, but not a notebook (cell {number})")
    foreign = _foreign(cells, released, owner)
    if foreign is not None:
        raise BrokenSubmissionError(f"{path}: none of the notebook's cells is a test cell{foreign}")
    return cells


def _foreign(
    cells: list[dict[str, Any]],
    released: NotebookSnapshot | None,
    owner: Callable[[set[str]], str | None],
) -> str | None:
    """Say why a notebook cannot be one of the assignment's, if so."""
    metadata = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    names = {claimed["grade_id"] for claimed in metadata if "grade_id" in claimed}
    if released is None:
        return None if any(claimed.get("grade") for claimed in metadata) else _COPIED
    if not is_graded(released):
        return None
    known = names & {cell.name for cell in released.source_cells}
    other = owner(names) if 2 * len(known) < len(names) else None
    if other is not None:
        return f" of this assignment: it is the notebook of {other!r}, under another name"
    return None if known else _COPIED


_COPIED = (
    " of this assignment: its cells were copied into a new notebook (by Colab, or by copy and "
    "paste), which loses nbgrader's marks on them; copy the answers into the released notebook"
)


def is_graded(released: NotebookSnapshot) -> bool:
    """Whether there are points for anything in a notebook."""
    return bool(released.grade_cells or released.task_cells)


def _is_sound(cell: dict[str, Any]) -> bool:
    """Whether a cell has a text and, where it has nbgrader's metadata, a name in it."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    if not isinstance(nbgrader, dict) or not isinstance(cell.get("source"), str):
        return False
    return isinstance(nbgrader.get("grade_id", ""), str)


def _odd_file(path: Path) -> str | None:
    """Say why something must not be opened, if so: a pipe, for one, would be waited for."""
    try:
        found = path.lstat()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISLNK(found.st_mode):
        return "a link, not a file"
    if stat.S_ISDIR(found.st_mode):
        return "a folder, not a file"
    if not stat.S_ISREG(found.st_mode):
        return "not an ordinary file"
    if found.st_size > LARGEST:
        return f"{found.st_size} bytes, more than {LARGEST}"
    return None


def faults(
    folder: Path,
    assignment: str,
    notebooks: list[str],
    released: Mapping[str, NotebookSnapshot] | None = None,
    owner: Callable[[set[str]], str | None] = lambda names: None,
) -> list[tuple[Path, str]]:
    """List what is wrong with one submission.

    Parameters
    ----------
    folder : Path
        The student's folder of the assignment.
    assignment : str
        The assignment, for the message.
    notebooks : list of str
        The notebooks that must be there, without their suffix.
    released : mapping of str to NotebookSnapshot, optional
        The assignment's notebooks, as the gradebook has them.
    owner : callable
        Returns the assignment that has cells of these names, other than this one.

    Returns
    -------
    list of tuple of Path and str
        File and fault, empty if all can be graded.
    """
    for place in (folder, folder.parent):
        if place.is_symlink():
            return [(folder, "a link, not a folder")]
    if not os.access(folder, os.R_OK | os.X_OK):
        return [(folder, "the folder cannot be read")]
    wanted = [folder / f"{name}.ipynb" for name in notebooks]
    found = []
    for path in wanted:
        try:
            if not os.path.lexists(path):
                raise BrokenSubmissionError(f"{path}: {missing(path)}")
            sheet = None if released is None else released.get(path.stem)
            read_submission(path, sheet, owner)
        except BrokenSubmissionError as error:
            found.append((path, str(error).removeprefix(f"{path}: ")))
    return found + _faults_beside(folder, wanted)


def missing(path: Path) -> str:
    """Say that a notebook is missing, and which others are there."""
    others = sorted(other.name for other in path.parent.iterdir() if _looks_like_a_notebook(other))
    there = f"; there is {', '.join(others[:_MOST_NAMED])}" if others else ""
    return f"missing from the submission{there}"


_MOST_NAMED = 5


def _looks_like_a_notebook(path: Path) -> bool:
    """Whether a file may be a notebook, or hold one: ``p1.ipynb.txt``, ``p1.zip``, a folder."""
    hidden = path.name.startswith((".", "__"))
    return not hidden and (".ipynb" in path.name or path.suffix == ".zip" or path.is_dir())


def _faults_beside(folder: Path, notebooks: list[Path]) -> list[tuple[Path, str]]:
    """List what is wrong with the files beside the notebooks, all of which are read."""
    found: list[tuple[Path, str]] = []
    size = 0
    try:
        for name, _ in list_files(folder):
            path = folder / name
            what = _odd_file(path)
            if what is None:
                size += path.stat().st_size
            elif path not in notebooks:
                found.append((path, what))
    except TooManyFilesError as error:
        return [*found, (folder, str(error))]
    except OSError as error:
        return [*found, (Path(error.filename or folder), f"cannot be read ({error.strerror})")]
    if size > LARGEST:
        found.append((folder, f"{size} bytes in all, more than {LARGEST}"))
    stamp = folder / "timestamp.txt"
    if stamp.exists() and all(path != stamp for path, _ in found):
        try:
            if parse_timestamp(stamp.read_bytes()) is None:
                raise TimestampError("the timestamp is not a time: the file is empty")
        except TimestampError as error:
            found.append((stamp, str(error)))
        except OSError as error:
            found.append((stamp, f"cannot be read ({error.strerror})"))
    return found
