"""Read what students handed in, and say what is wrong with it before anything runs."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import parse_utc

LARGEST = 200 << 20
"""The bytes that a submission may have, its files together: all of it is held in memory."""


class BrokenSubmissionError(ValueError):
    """A submitted notebook that cannot be graded; the message names the file and the fault."""


def read_submission(path: Path) -> NotebookNode:
    """Read a submitted notebook.

    Parameters
    ----------
    path : Path
        The file that was handed in.

    Returns
    -------
    NotebookNode
        The notebook, in nbformat 4.

    Raises
    ------
    BrokenSubmissionError
        If the file is no ordinary file, is too large, is empty, is not UTF-8 text, is not a
        notebook in JSON, has no cells, or has no test cells.
    """
    what = _odd_file(path)
    if what:
        raise BrokenSubmissionError(f"{path}: {what}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenSubmissionError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BrokenSubmissionError(f"{path}: cannot be read ({error.strerror})") from error
    if not text.strip():
        raise BrokenSubmissionError(f"{path}: the file is empty")
    if text.startswith("\ufeff"):
        raise BrokenSubmissionError(f"{path}: begins with a byte order mark, save it without one")
    try:
        with warnings.catch_warnings():  # of what nbformat mends by itself
            warnings.simplefilter("ignore")
            notebook = nbformat.convert(nbformat.reader.reads(text), 4)
            nbformat.validate(notebook, relax_add_props=True)
    except nbformat.reader.NotJSONError as error:
        raise BrokenSubmissionError(f"{path}: not a notebook, the file is not JSON") from error
    except Exception as error:  # whatever JSON may do to nbformat, which documents no list
        why = next(iter(str(error).splitlines()), type(error).__name__)
        raise BrokenSubmissionError(f"{path}: JSON, but not a notebook ({why})") from error
    cells = notebook.get("cells")
    if not cells:
        raise BrokenSubmissionError(f"{path}: the notebook has no cells")
    # Of nbgrader's metadata, nbformat knows nothing.
    for number, cell in enumerate(cells, 1):
        if not _is_sound(cell):
            raise BrokenSubmissionError(f"{path}: JSON, but not a notebook (cell {number})")
    if not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in cells):
        raise BrokenSubmissionError(f"{path}: none of the notebook's cells is a test cell")
    return notebook


def _is_sound(cell: NotebookNode) -> bool:
    """Whether a cell has a text and, where it has nbgrader's metadata, a name in it."""
    nbgrader = cell.metadata.get("nbgrader", {})
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


def submitted(root: Path, assignment: str) -> Iterator[tuple[str, Path]]:
    """List the submissions of an assignment.

    Parameters
    ----------
    root : Path
        The folder of submissions, one folder a student in it.
    assignment : str
        The assignment.

    Yields
    ------
    student : str
        Who handed in.
    folder : Path
        The student's folder of this assignment.
    """
    for folder in sorted(root.glob(f"*/{assignment}")):
        if folder.is_dir():
            yield folder.parent.name, folder


def faults(folder: Path, assignment: str, notebooks: list[str]) -> list[tuple[Path, str]]:
    """List what is wrong with one submission.

    Parameters
    ----------
    folder : Path
        The student's folder of the assignment.
    assignment : str
        The assignment, for the message.
    notebooks : list of str
        The notebooks that the assignment asks for, without their suffix.

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
                others = sorted(other.name for other in folder.glob("*.ipynb"))
                there = f"; there is {', '.join(others)}" if others else ""
                raise BrokenSubmissionError(f"{path}: missing from the submission{there}")
            read_submission(path)
        except BrokenSubmissionError as error:
            found.append((path, str(error).removeprefix(f"{path}: ")))
    return found + _faults_beside(folder, wanted)


def _faults_beside(folder: Path, notebooks: list[Path]) -> list[tuple[Path, str]]:
    """List what is wrong with the files beside the notebooks, all of which are read."""
    found, size = [], 0
    for parent, folders, files in os.walk(folder):
        # A folder that is a link stands among the folders, and is not entered.
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for path in (Path(parent, name) for name in [*links, *files]):
            what = _odd_file(path)
            if what is None:
                size += path.stat().st_size
            elif path not in notebooks:
                found.append((path, what))
    if size > LARGEST:
        found.append((folder, f"{size} bytes in all, more than {LARGEST}"))
    stamp = folder / "timestamp.txt"
    if stamp.exists() and all(path != stamp for path, _ in found):
        try:
            text = stamp.read_text(encoding="utf-8").strip()
            if text:
                parse_utc(text)
        except (ValueError, OverflowError, TypeError):
            found.append((stamp, "the timestamp is not a time"))
        except OSError as error:
            found.append((stamp, f"cannot be read ({error.strerror})"))
    return found
