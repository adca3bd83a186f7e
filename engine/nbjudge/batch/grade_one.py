"""What a worker does: grade one submission, from bytes to bytes.

A worker knows no course. It gets the submission's files, a snapshot of the assignment's cells
(`nbjudge.gradebook.snapshot`) and the settings. In a temporary folder it runs nbgrader's own
converter and steps, so that each cell is sanitized, executed and scored exactly as
`nbgrader autograde` does it, and sends back the autograded files and the scores. Nothing is shared
but the code.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import default

from nbjudge.batch.exporter import LeanExporter
from nbjudge.batch.job import Fault, Job, Result
from nbjudge.batch.timestamps import parse_timestamp
from nbjudge.execution.findings import KEY, Findings, findings_in
from nbjudge.gradebook.assignments_only import read_scores
from nbjudge.gradebook.steps import SnapshotSteps
from nbjudge.temp_folders import prefix


def grade_submission(job: Job, student: str, files: dict[str, bytes]) -> Result:
    """Grade one submission.

    Parameters
    ----------
    job : Job
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
    try:
        with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
            _grade(job, student, files, Path(folder), result)
    except SystemExit as error:
        result.error, result.fault = f"nbgrader ended ({error})", Fault.of(error)
    except Exception as error:  # a submission must not end its worker
        result.error, result.fault = _describe(error), Fault.of(error)
    return result


def _grade(job: Job, student: str, files: dict[str, bytes], root: Path, result: Result) -> None:
    notebooks = {name: data for name, data in files.items() if _is_notebook(name)}
    write_files(root / "submitted" / student / job.assignment, notebooks)
    write_files(root / "source" / job.assignment, job.source)
    if job.gradebook is not None:
        (root / "gradebook.db").write_bytes(job.gradebook)
    steps = SnapshotSteps(job.sheets)
    converter = _converter(job, root, steps)
    converter.handed_in = files
    try:
        converter.start()
    except NbGraderException:
        # nbgrader logs the error that it has met, and raises another.
        if converter.error is not None:
            raise converter.error from None
        raise
    _collect(job, root, student, steps, converter, result)


class WorkerAutograde(Autograde):
    """nbgrader's `Autograde`, on the files of one submission.

    Attributes
    ----------
    job : Job
        What the submission has in common with others.
    handed_in : dict of str to bytes
        Its files.
    findings : dict of str to Findings
        By notebook, what running it showed.
    error : Exception or None
        The error that a notebook ended with.
    """

    job: Job
    handed_in: dict[str, bytes]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: dict[str, Findings] = {}
        self.error: Exception | None = None

    @default("exporter_class")
    def _exporter_class_default(self) -> type[LeanExporter]:
        return LeanExporter

    def _init_preprocessors(self) -> None:
        super()._init_preprocessors()
        # What the first steps write is read by the second ones.
        self.exporter.indents = not self._sanitizing

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Lay the student's files down, then those of the assignment over them."""
        folder = Path(self._format_dest(assignment_id, student_id))
        beside = {n: data for n, data in self.handed_in.items() if not n.endswith(".ipynb")}
        write_files(folder, beside)
        students_own = self.exclude_overwriting.get(assignment_id, [])
        for name, data in self.job.source.items():
            if name not in students_own:
                _lay_over(folder, name, data)
        if self.job.gradebook is not None:
            stamp = parse_timestamp(self.handed_in.get("timestamp.txt", b""))
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                gradebook.update_or_create_student(student_id)
                when = {} if stamp is None else {"timestamp": stamp}
                gradebook.update_or_create_submission(assignment_id, student_id, **when)
        self.notebooks: list[str] = [
            name for name in self.notebooks if Path(name).stem in self.job.sheets
        ]
        if not self.notebooks:
            raise NbGraderException("none of its notebooks belongs to the assignment")

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert a notebook; keep the error if there is one, which nbgrader only logs."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.error = error
            raise

    def write_single_notebook(self, output: str, resources: Any) -> None:
        """Write a notebook, and keep what running it showed."""
        super().write_single_notebook(output, resources)
        if KEY in resources:
            self.findings[resources["unique_key"]] = findings_in(resources)


def _converter(job: Job, root: Path, steps: SnapshotSteps) -> WorkerAutograde:
    config = copy.deepcopy(job.config)
    for name in ("db_url", "db_assignments", "db_students"):
        config.CourseDirectory.pop(name, None)
    config.CourseDirectory.update(
        root=str(root),
        directory_structure=os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}"),
        submitted_directory="submitted",
        autograded_directory="autograded",
        source_directory="source",
        assignment_id=job.assignment,
        student_id="*",  # there is one; a name may hold what a glob takes for a pattern
        student_id_exclude="",
        notebook_id=job.notebooks,
        db_url=f"sqlite:///{root}/gradebook.db",
    )
    config.SandboxedExecute.course_root = job.root
    config.Exporter.optimistic_validation = True  # after the last step, not after every one
    converter = WorkerAutograde(coursedir=CourseDirectory(config=config), config=config)
    converter.job = job
    if job.gradebook is None:
        for trait in ("sanitize_preprocessors", "autograde_preprocessors"):
            setattr(converter, trait, steps.replace(getattr(converter, trait), converter))
    converter.log = logging.getLogger(f"nbjudge.batch.grade_one.{os.getpid()}")
    converter.log.propagate = False
    converter.log.addHandler(logging.NullHandler())
    return converter


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {folder}
    for name, data in files.items():
        path = folder / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(data)


def _lay_over(folder: Path, name: str, data: bytes) -> None:
    """Write a file of the assignment, whatever a student has put in its place or on its way."""
    path = folder / name
    for parent in reversed(path.relative_to(folder).parents[:-1]):
        if (folder / parent).exists() and not (folder / parent).is_dir():
            (folder / parent).unlink()
    if path.is_dir():
        shutil.rmtree(path)
    write_files(path.parent, {path.name: data})


def _is_notebook(name: str) -> bool:
    return name.endswith(".ipynb") and os.sep not in name


def _collect(
    job: Job,
    root: Path,
    student: str,
    steps: SnapshotSteps,
    converter: WorkerAutograde,
    result: Result,
) -> None:
    folder = root / "autograded" / student / job.assignment
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            result.files[str(path.relative_to(folder))] = path.read_bytes()
    found = steps.scores
    if job.gradebook is not None:
        found = read_scores(job.assignment, student, root)
    for name, scores in found.items():
        if f"{name}.ipynb" not in result.files:
            continue
        findings = converter.findings.get(name, Findings())
        cells = json.loads(result.files[f"{name}.ipynb"])["cells"]
        ids = {c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells}
        result.scores[name] = {n: s for n, s in scores.grades.items() if n in ids}
        result.scores[name].update(dict.fromkeys(ids.intersection(findings.waiting)))
        result.comments[name] = {n: c for n, c in scores.comments.items() if n in ids}
        result.incidents += [(name, *found) for found in findings.incidents]


def _describe(error: Exception) -> str:
    """Say what an error is, in a line."""
    text = next(iter(str(error).splitlines()), "")
    if isinstance(error, NbGraderException):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
