"""What a worker does: grade one submission, from bytes to bytes.

A worker knows no course. It gets the submission's files, a snapshot of the assignment's cells
(`nbjudge.gradebook.snapshot`) and the settings. In a temporary folder it runs nbgrader's own
converter and steps, so that each cell is sanitized, executed and scored exactly as
`nbgrader autograde` does it, and sends back the autograded files and the scores. Nothing is shared
but the code.
"""

from __future__ import annotations

import ctypes
import gc
import json
import logging
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets.config import Config

from nbjudge.batch.job import Job, Result
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.gradebook.assignments_only import read_scores
from nbjudge.gradebook.snapshot import NotebookSnapshot
from nbjudge.gradebook.steps import SnapshotSteps
from nbjudge.nbgrader_log import LastError
from nbjudge.temp_folders import prefix

_PR_SET_PDEATHSIG = 1
_GARBAGE = 20_000  # new objects before they are looked through; a notebook is made of fewer


def start_worker(batch: Job | None = None) -> None:
    """Make ready in a new worker: warm up while the coordinator still reads."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    if batch is not None:
        # Ctrl-C reaches all processes of a terminal: what is to end, the coordinator ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # A worker whose coordinator was killed ends too: nothing else would tell it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != batch.coordinator:
            os._exit(1)
        SandboxedExecute.warm_up(batch.config, batch.root)
        # What there is now stays: it need not be looked through for garbage again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GARBAGE)


def grade_submission(batch: Job, student: str, files: dict[str, bytes]) -> Result:
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
    Result
        What came of it.
    """
    result = Result(student)
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        root = Path(folder)
        write_files(root / "submitted" / student / batch.assignment, files)
        write_files(root / "source" / "." / batch.assignment, batch.source)
        if batch.gradebook is not None:
            (root / "gradebook.db").write_bytes(batch.gradebook)
        steps = SnapshotSteps(batch.sheets)
        converter = _converter(batch, root, student, steps)
        errors = LastError()
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
            _collect(batch, root, student, steps, result)
    return result


class _AutogradeOnSheets(Autograde):
    """nbgrader's `Autograde`, without a gradebook."""

    sheets: dict[str, NotebookSnapshot]

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the student's files, then those of the assignment over them."""
        BaseConverter.init_assignment(self, assignment_id, student_id)
        folder = Path(self._format_dest(assignment_id, student_id))
        source = Path(self.coursedir.format_path("source", ".", assignment_id))
        kept = self.exclude_overwriting.get(assignment_id, [])
        for found in find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]):
            name = os.path.relpath(found, source)
            if name not in kept:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                shutil.copy(found, path)
        self.notebooks = [name for name in self.notebooks if Path(name).stem in self.sheets]
        if not self.notebooks:
            raise NbGraderException("none of its notebooks belongs to the assignment")


def _converter(batch: Job, root: Path, student: str, steps: SnapshotSteps) -> Autograde:
    config = Config(batch.config)
    for name in ("db_url", "db_assignments", "db_students"):
        config.CourseDirectory.pop(name, None)
    config.CourseDirectory.update(
        root=str(root),
        submitted_directory="submitted",
        autograded_directory="autograded",
        source_directory="source",
        assignment_id=batch.assignment,
        student_id="*",  # there is one; a name may hold what a glob takes for a pattern
        notebook_id=batch.notebooks,
        db_url=f"sqlite:///{root}/gradebook.db",
    )
    config.SandboxedExecute.course_root = batch.root
    config.Exporter.optimistic_validation = True  # after the last step, not after every one
    course = CourseDirectory(config=config)
    if batch.gradebook is not None:
        converter = Autograde(coursedir=course, config=config)
    else:
        converter = _AutogradeOnSheets(coursedir=course, config=config)
        converter.sheets = batch.sheets
        for trait in ("sanitize_preprocessors", "autograde_preprocessors"):
            setattr(converter, trait, steps.replace(getattr(converter, trait), converter))
    converter.log = logging.getLogger(f"nbjudge.batch.grade_one.{os.getpid()}")
    converter.log.propagate = False
    return converter


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _collect(batch: Job, root: Path, student: str, steps: SnapshotSteps, result: Result) -> None:
    folder = root / "autograded" / student / batch.assignment
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            result.files[str(path.relative_to(folder))] = path.read_bytes()
    found = steps.scores
    if batch.gradebook is not None:
        found = read_scores(batch.assignment, student, root)
    for name, scores in found.items():
        if f"{name}.ipynb" not in result.files:
            continue
        cells = json.loads(result.files[f"{name}.ipynb"])["cells"]
        ids = {c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells}
        result.scores[name] = {n: s for n, s in scores.grades.items() if n in ids}
        result.comments[name] = {n: c for n, c in scores.comments.items() if n in ids}
        result.lost += [(name, *lost) for lost in _lost_kernels(cells)]


def _lost_kernels(cells: list[Any]) -> list[tuple[str, str]]:
    """Find the cells that lost their kernel, by what the preprocessor left in them."""
    found = []
    for number, cell in enumerate(cells):
        for output in cell.get("outputs", []):
            if output["output_type"] != "error":
                continue
            what = f"{output['ename']}: {output['evalue']}"
            if output["traceback"] == [what]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id")
                found.append((name or f"cell {number + 1}", what))
    return found
