"""Read what students handed in, and say what is wrong with it before anything runs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import nbformat
from nbformat import NotebookNode


@dataclass(frozen=True)
class Incident:
    """A submission that could not be graded, for a person to look at.

    Attributes
    ----------
    student, assignment : str
        Whose submission, and of what.
    file : str
        The file that is at fault, relative to the course.
    what : str
        What is wrong with it, in a sentence.
    """

    student: str
    assignment: str
    file: str
    what: str


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
        If the file is a link, is empty, is not UTF-8 text, is not a notebook in JSON, has no
        cells, or has no test cells.
    """
    if path.is_symlink():
        raise BrokenSubmissionError(f"{path}: a link, not a file")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenSubmissionError(f"{path}: not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BrokenSubmissionError(f"{path}: cannot be read ({error.strerror})") from error
    if not text.strip():
        raise BrokenSubmissionError(f"{path}: the file is empty")
    try:
        notebook = nbformat.reads(text, as_version=4)
    except nbformat.reader.NotJSONError as error:
        raise BrokenSubmissionError(f"{path}: not a notebook, the file is not JSON") from error
    except Exception as error:  # whatever JSON may do to nbformat, which documents no list
        raise BrokenSubmissionError(
            f"{path}: JSON, but not a notebook ({type(error).__name__}: {error})"
        ) from error
    cells = notebook.get("cells")
    if not cells:
        raise BrokenSubmissionError(f"{path}: the notebook has no cells")
    if not any(cell.get("metadata", {}).get("nbgrader", {}).get("grade") for cell in cells):
        raise BrokenSubmissionError(f"{path}: none of the notebook's cells is a test cell")
    return notebook


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
    """List what is wrong with the notebooks of one submission.

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
    found = []
    for name in notebooks:
        path = folder / f"{name}.ipynb"
        try:
            if not path.exists() and not path.is_symlink():
                others = sorted(other.name for other in folder.glob("*.ipynb"))
                there = f"; there is {', '.join(others)}" if others else ""
                raise BrokenSubmissionError(f"{path}: missing from the submission{there}")
            read_submission(path)
        except BrokenSubmissionError as error:
            found.append((path, str(error).removeprefix(f"{path}: ")))
    return found


def read_incidents(path: Path, assignment: str | None = None) -> list[dict[str, str]]:
    """Read what `write_incidents` has written, if it has.

    Parameters
    ----------
    path : Path
        The file.
    assignment : str, optional
        Leave out the rows of other assignments.

    Returns
    -------
    list of dict
        The rows, by column.
    """
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if assignment in (None, row["assignment"])]


def write_incidents(
    incidents: Sequence[Incident],
    path: Path,
    assignments: Sequence[str],
    students: Sequence[str] | None = None,
) -> None:
    """Write the submissions that a person must look at, one row a submission.

    Parameters
    ----------
    incidents : sequence of Incident
        What happened in this run.
    path : Path
        The file, replaced in one step.
    assignments : sequence of str
        What this run graded. Rows of other assignments stay.
    students : sequence of str, optional
        Whom this run graded, everybody by default. Rows of other students stay.
    """
    columns = [field.name for field in fields(Incident)]
    kept = [
        row
        for row in read_incidents(path)
        if row["assignment"] not in assignments
        or (students is not None and row["student"] not in students)
    ]
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(kept)
        writer.writerows(asdict(incident) for incident in incidents)
    part.replace(path)
