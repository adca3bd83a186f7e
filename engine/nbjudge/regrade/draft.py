"""What the instructor's notebooks would be released as, without releasing them.

nbgrader's own `GenerateAssignment` runs with the course's own steps, into a folder of its own. The
gradebook is left alone: what would be written into it is returned.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from nbgrader.utils import find_all_files
from traitlets.config import Config

from nbjudge.gradebook.cells import kinds
from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell, SourceCell
from nbjudge.gradebook.steps import resolve
from nbjudge.temp_folders import prefix
from nbjudge.untrusted_text import one_line


class DraftError(ValueError):
    """The instructor's notebooks cannot be released; the message says which and why."""


@dataclass(frozen=True)
class Draft:
    """An assignment as it stands in the course's source.

    Attributes
    ----------
    sheets : dict of str to NotebookSnapshot
        Its notebooks, as they would stand in the gradebook.
    files : dict of str to bytes
        What students would get, by path relative to the folder.
    """

    sheets: dict[str, NotebookSnapshot]
    files: dict[str, bytes]


def source_folder(course: CourseDirectory, assignment: str) -> Path:
    """Return the folder of an assignment's source."""
    return Path(course.format_path(course.source_directory, ".", assignment)).resolve()


def source_digest(course: CourseDirectory, assignment: str) -> str | None:
    """Return by what the source of an assignment is known again, None where there is none."""
    total = hashlib.sha256()
    notebooks = sorted(source_folder(course, assignment).glob("*.ipynb"))
    for path in notebooks:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest() if notebooks else None


def read_draft(config: Config, assignment: str) -> Draft:
    """Make an assignment of its source, in a temporary folder.

    Parameters
    ----------
    config : Config
        The course's settings.
    assignment : str
        The assignment.

    Returns
    -------
    Draft
        What students and the gradebook would get.

    Raises
    ------
    DraftError
        If nbgrader makes no assignment of it.
    """
    course = CourseDirectory(config=config)
    course.assignment_id = assignment
    course.notebook_id = "*"
    with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
        met: list[Exception] = []
        try:
            converter = _Drafting(Path(folder) / "release", met, coursedir=course, config=config)
            converter.start()
        except (Exception, SystemExit) as error:  # whatever a course's own steps raise
            raise DraftError(_reason(course, assignment, met[-1] if met else error)) from None
        files = {
            str(path.relative_to(converter.folder)): path.read_bytes()
            for path in sorted(converter.folder.rglob("*"))
            if path.is_file()
        }
    return Draft(converter.sheets, files)


class _Drafting(GenerateAssignment):
    """nbgrader's converter, into a folder of its own and past the gradebook."""

    def __init__(self, folder: Path, met: list[Exception], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = folder
        self.sheets: dict[str, NotebookSnapshot] = {}
        self.met = met
        self.no_database = True
        self.pre_convert_hook = self.post_convert_hook = None
        self.log = logging.getLogger("nbjudge.regrade.draft")
        self.log.propagate = False
        self.log.addHandler(logging.NullHandler())
        steps: list[Any] = getattr(self, "preprocessors")  # noqa: B009 (nbgrader's)
        self.preprocessors = [
            _KeepCells(self.sheets, parent=self) if _saves_cells(step) else step for step in steps
        ]

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        if escape:
            return str(super()._format_dest(assignment_id, student_id, escape))
        return str(self.folder)

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Leave the files of the temporary folder as they are."""

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert a notebook; keep the error if there is one, which nbgrader only logs."""
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.met.append(error)
            raise


def _saves_cells(step: Any) -> bool:
    found = resolve(step)
    return isinstance(found, type) and issubclass(found, SaveCells)


class _NoGradebook:
    """Knows no cell: each is new."""

    def _find(self, *names: str) -> Any:
        raise MissingEntry("/".join(names))

    find_grade_cell = find_solution_cell = find_task_cell = find_source_cell = _find


class _KeepCells(SaveCells):
    """nbgrader's step, which keeps what it would write into the gradebook."""

    def __init__(self, sheets: dict[str, NotebookSnapshot], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sheets = sheets
        self.gradebook = _NoGradebook()

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Keep the cells of a notebook."""
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.new_grade_cells: dict[str, Any] = {}
        self.new_solution_cells: dict[str, Any] = {}
        self.new_task_cells: dict[str, Any] = {}
        self.new_source_cells: dict[str, Any] = {}
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        self.sheets[self.notebook_id] = NotebookSnapshot(
            self.notebook_id,
            json.dumps(nb.metadata.get("kernelspec", {})),
            tuple(SourceCell(name=name, **info) for name, info in self.new_source_cells.items()),
            tuple(PointsCell(n, info["max_score"]) for n, info in self.new_grade_cells.items()),
            tuple(PointsCell(name) for name in self.new_solution_cells),
            tuple(PointsCell(n, info["max_score"]) for n, info in self.new_task_cells.items()),
        )
        return nb, resources


def _reason(course: CourseDirectory, assignment: str, error: BaseException) -> str:
    folder = source_folder(course, assignment)
    said = next(iter(str(error).splitlines()), type(error).__name__)
    return f"{folder}: nbgrader makes no assignment of it: {one_line(said, 300)}"


@dataclass(frozen=True)
class Differences:
    """What is another in a draft, each as ``notebook/cell`` where it is a cell.

    Attributes
    ----------
    added, removed, other_kind : list of str
        Cells that are new, that are gone, and that have become something else to nbgrader.
    changed : list of str
        Cells with another text.
    points : list of tuple
        Cells with other points: name, before, after.
    notebooks : list of str
        Notebooks that only one of them has.
    """

    added: list[str]
    removed: list[str]
    other_kind: list[str]
    changed: list[str]
    points: list[tuple[str, float, float]]
    notebooks: list[str]

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)


def differences(
    before: dict[str, NotebookSnapshot], after: dict[str, NotebookSnapshot]
) -> Differences:
    """Compare an assignment in the gradebook with its draft."""
    found = Differences([], [], [], [], [], sorted({*before} ^ {*after}))
    for name in sorted({*before} & {*after}):
        old, new = kinds(before[name]), kinds(after[name])
        texts = [{c.name: (c.cell_type, c.source, c.locked) for c in s[name].source_cells}
                 for s in (before, after)]  # fmt: skip
        points = [
            {c.name: c.max_score for c in (*s[name].grade_cells, *s[name].task_cells)}
            for s in (before, after)
        ]
        found.added.extend(f"{name}/{cell}" for cell in new if cell not in old)
        found.removed.extend(f"{name}/{cell}" for cell in old if cell not in new)
        for cell in new:
            if cell not in old:
                continue
            if old[cell] != new[cell]:
                found.other_kind.append(f"{name}/{cell}")
                continue
            if texts[0].get(cell) != texts[1].get(cell):
                found.changed.append(f"{name}/{cell}")
            was, is_now = points[0].get(cell, 0.0), points[1].get(cell, 0.0)
            if was != is_now:
                found.points.append((f"{name}/{cell}", was, is_now))
    return found


def release_files(course: CourseDirectory, assignment: str) -> tuple[Path, dict[str, bytes]]:
    """Return the released folder of an assignment, and what is in it."""
    folder = Path(course.format_path(course.release_directory, ".", assignment))
    files = find_all_files(str(folder), course.ignore) if folder.is_dir() else []
    return folder, {str(Path(n).relative_to(folder)): Path(n).read_bytes() for n in files}
