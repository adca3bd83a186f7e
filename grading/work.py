"""What a worker does: grade one submission, from bytes to bytes.

A worker knows no course. It gets the submission's files, the assignment's structure as a small
gradebook of its own, and the settings; in a temporary folder it runs nbgrader's own converter, so
that each cell is sanitized, executed and scored exactly as `nbgrader autograde` does it, and sends
back the autograded files and the scores. Nothing is shared but the code.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Base, Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import insert, select
from traitlets.config import Config

from grading.preprocessor import SandboxedExecute

_PR_SET_PDEATHSIG = 1
_OF_STUDENTS = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


@dataclass(frozen=True)
class Batch:
    """What the submissions of a batch have in common.

    Attributes
    ----------
    assignment : str
        Its name.
    structure : bytes
        A gradebook, as an SQLite file, that holds assignments and no submissions.
    source : dict of str to bytes
        The files that go with the assignment, notebooks left out.
    config : dict
        nbgrader's settings.
    root : str
        The course's folder, from which test cells import.
    notebooks : str
        Which notebooks to grade, as a glob.
    coordinator : int
        The process that writes the gradebook.
    modules : dict of str to bytes
        What test cells import, for workers that do not see the course's folder.
    """

    assignment: str
    structure: bytes
    source: dict[str, bytes]
    config: dict
    root: str
    notebooks: str = "*"
    coordinator: int = 0
    modules: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Graded:
    """What came of a submission.

    Attributes
    ----------
    student : str
        Whose it is.
    files : dict of str to bytes
        The autograded folder.
    scores : dict
        By notebook, the automatic score of each graded cell that is in it.
    comments : dict
        By notebook, the automatic comment of each cell.
    lost : list of tuple of str
        Notebook, cell and what happened, where a kernel was lost.
    error : str or None
        Why it could not be graded; then there is nothing else.
    """

    student: str
    files: dict[str, bytes] = field(default_factory=dict)
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    error: str | None = None


def export_structure(gradebook: Gradebook, path: Path) -> bytes:
    """Copy the assignments of a gradebook, without any student, into a small SQLite file.

    Parameters
    ----------
    gradebook : Gradebook
        The course's, in whatever database it is.
    path : Path
        Where to make the file.

    Returns
    -------
    bytes
        Its contents.
    """
    with Gradebook(f"sqlite:///{path}", gradebook.course_id) as copy:
        for table in Base.metadata.sorted_tables:
            if table.name not in _OF_STUDENTS:
                rows = [dict(row._mapping) for row in gradebook.db.execute(select(table))]
                copy.db.execute(table.delete())
                if rows:
                    copy.db.execute(insert(table), rows)
        copy.db.commit()
    copy.engine.dispose()
    return path.read_bytes()


class _Errors(logging.Handler):
    """Keep the last line of the last error that nbgrader logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if "Traceback" in record.getMessage():
            self.text = record.getMessage().strip().splitlines()[-1]


def start_worker(batch: Batch | None = None) -> None:
    """Make ready in a new worker: warm up while the coordinator still reads."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    if batch is not None:
        # A worker whose coordinator was killed ends too: nothing else would tell it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != batch.coordinator:
            os._exit(1)
        SandboxedExecute.warm_up(batch.config, batch.root)


def grade_submission(batch: Batch, student: str, files: dict[str, bytes]) -> Graded:
    """Grade one submission.

    Parameters
    ----------
    batch : Batch
        What it has in common with others.
    student : str
        Whose it is.
    files : dict of str to bytes
        The submitted folder, by path relative to it.

    Returns
    -------
    Graded
        What came of it.
    """
    result = Graded(student)
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        root = Path(folder)
        write_files(root / "submitted" / student / batch.assignment, files)
        write_files(root / "source" / "." / batch.assignment, batch.source)
        (root / "gradebook.db").write_bytes(batch.structure)
        converter = _converter(batch, root, student)
        errors = _Errors()
        converter.log.addHandler(errors)
        try:
            converter.start()
        except SystemExit as error:
            result.error = f"nbgrader ended ({error})"
        except Exception as error:  # a submission must not end its worker
            result.error = errors.text or f"{type(error).__name__}: {error}"
        finally:
            converter.log.removeHandler(errors)
        if result.error is None:
            _collect(batch, root, student, result)
    return result


def _converter(batch: Batch, root: Path, student: str) -> Autograde:
    config = Config(batch.config)
    for name in ("db_url", "db_assignments", "db_students"):
        config.CourseDirectory.pop(name, None)
    config.CourseDirectory.update(
        root=str(root),
        submitted_directory="submitted",
        autograded_directory="autograded",
        source_directory="source",
        assignment_id=batch.assignment,
        student_id=student,
        notebook_id=batch.notebooks,
        db_url=f"sqlite:///{root}/gradebook.db",
    )
    config.SandboxedExecute.course_root = batch.root
    course = CourseDirectory(config=config)
    converter = Autograde(coursedir=course, config=config)
    converter.log = logging.getLogger(f"grading.work.{os.getpid()}")
    converter.log.propagate = False
    return converter


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _collect(batch: Batch, root: Path, student: str, result: Graded) -> None:
    folder = root / "autograded" / student / batch.assignment
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            result.files[str(path.relative_to(folder))] = path.read_bytes()
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(batch.assignment, student)
        for sheet in submission.notebooks:
            path = folder / f"{sheet.name}.ipynb"
            if not path.exists():
                continue
            cells = nbformat.read(path, as_version=4).cells
            ids = {c.metadata.get("nbgrader", {}).get("grade_id") for c in cells}
            result.scores[sheet.name] = {
                grade.name: grade.auto_score for grade in sheet.grades if grade.name in ids
            }
            result.comments[sheet.name] = {
                comment.name: comment.auto_comment
                for comment in sheet.comments
                if comment.name in ids
            }
            result.lost += [(sheet.name, *lost) for lost in _lost_kernels(cells)]
    gradebook.engine.dispose()


def _lost_kernels(cells: list[Any]) -> list[tuple[str, str]]:
    """Find the cells that lost their kernel, by what the preprocessor left in them."""
    found = []
    for number, cell in enumerate(cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.traceback == [
                f"{output.ename}: {output.evalue}"
            ]:
                name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell {number + 1}"
                found.append((name, f"{output.ename}: {output.evalue}"))
    return found
