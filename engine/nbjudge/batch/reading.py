"""Which submissions are due, and what of them goes to a worker."""

from __future__ import annotations

import codecs
import hashlib
import os
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from nbjudge.batch.handed_in import digest, files_to_grade
from nbjudge.batch.records import Records
from nbjudge.batch.submissions import faults, is_graded, missing
from nbjudge.batch.timestamps import parse_timestamp
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot

_SLACK = 1e-9


class Reader:
    """Reads the submissions of one assignment.

    Parameters
    ----------
    converter : Autograde
        nbgrader's converter, which knows the course and its settings.
    gradebook : Gradebook
        The course's.

    Attributes
    ----------
    known : set of str or None
        The students that the gradebook has, where others are not graded; None where they are.

    Raises
    ------
    nbgrader.api.MissingEntry
        If the gradebook has no such assignment.
    """

    def __init__(self, converter: Autograde, gradebook: Gradebook) -> None:
        course = converter.coursedir
        self.converter = converter
        self.assignment = course.assignment_id
        self.sheets = take_snapshot(gradebook, self.assignment)
        self.version = assignment_version(self.sheets)
        self.known: set[str] | None = None
        self.records = Records(Path(course.root), "graded", self.assignment, course.groupshared)
        self._cells = {
            assignment.name: {c.name for n in assignment.notebooks for c in n.source_cells}
            for assignment in gradebook.assignments
            if assignment.name != self.assignment
        }
        self._digests: dict[str, str] = {}

    def is_due(self, student: str, folder: Path) -> bool:
        """Whether a submission is not graded, or other files of it were."""
        course = self.converter.coursedir
        graded = Path(self.converter._format_dest(self.assignment, student))
        wanted = [Path(name).name for name in self.converter.assignments[str(folder)]]
        if not graded.exists():
            return True
        if course.notebook_id != "*" and not all((graded / name).exists() for name in wanted):
            return True
        try:
            files = files_to_grade(folder, course.ignore)
            before = self.records.read(student).get("files")
            if before is None:  # by nbgrader itself, or before this was remembered
                newest = max((path.stat().st_mtime for path in files.values()), default=0.0)
                return newest > graded.stat().st_mtime or _is_later(folder, graded)
            return digest({name: path.read_bytes() for name, path in files.items()}) != before
        except (OSError, ValueError):  # it will be named
            return True

    def read(self, student: str, folder: Path) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
        """Read a submission.

        Returns
        -------
        files : dict of str to bytes
            What goes to a worker, by path relative to the folder.
        faults : list of tuple of str and str
            File and fault; empty if it can be graded.
        """
        if self.known is not None and student not in self.known:
            return {}, [("", "the gradebook has no student of this name")]
        counting = [name for name, sheet in self.sheets.items() if is_graded(sheet)]
        names = counting or list(self.sheets)
        there = [n for n in self.sheets if os.path.lexists(folder / f"{n}.ipynb")]
        must = there if {*there} & {*names} else names
        broken = faults(folder, self.assignment, must, self.sheets, self._owner)
        files: dict[str, bytes] = {}
        if not broken:
            try:
                found = files_to_grade(folder, self.converter.coursedir.ignore)
                files = {name: path.read_bytes() for name, path in found.items()}
            except OSError as error:
                broken = [(Path(error.filename), f"cannot be read ({error.strerror})")]
        if broken:
            return {}, [(str(p.relative_to(folder)), what) for p, what in broken]
        self._digests[student] = digest(files)
        # nbgrader reads a notebook as UTF-8 alone; Windows' editors put a mark before it.
        plain = {
            name: data.removeprefix(codecs.BOM_UTF8) if name.endswith(".ipynb") else data
            for name, data in files.items()
        }
        return plain, []

    def left_out(self, folder: Path) -> list[tuple[str, str]]:
        """Name the notebooks with points that a submission does not have."""
        return [
            (f"{name}.ipynb", f"{missing(folder / f'{name}.ipynb')}: no points for it")
            for name, sheet in self.sheets.items()
            if is_graded(sheet) and not os.path.lexists(folder / f"{name}.ipynb")
        ]

    def digest_of(self, student: str) -> str:
        """Return by what the version of a submission that was read is known again."""
        return self._digests.get(student, "")

    def remember(self, student: str) -> None:
        """Remember which files were graded, and with which version of the assignment."""
        self.records.write(student, files=self._digests.pop(student, ""), version=self.version)

    def graded_otherwise(self, gradebook: Gradebook) -> list[str]:
        """Name the students who were graded with other tests or points than those there are."""
        outdated = []
        for submission in gradebook.find_assignment(self.assignment).submissions:
            student = submission.student_id
            version = self.records.read(student).get("version")
            if version is None:
                # By the points alone: more than there are were given.
                grades = (g for notebook in submission.notebooks for g in notebook.grades)
                if any((g.auto_score or 0.0) > g.max_score + _SLACK for g in grades):
                    outdated.append(student)
            elif version != self.version:
                outdated.append(student)
        return sorted(outdated)

    def _owner(self, names: set[str]) -> str | None:
        """Return the other assignment that has most cells of these names, if any has."""
        counts = {other: len(names & cells) for other, cells in self._cells.items()}
        best = max(counts, key=lambda other: counts[other], default=None)
        return best if best is not None and 2 * counts[best] > len(names) else None


def _is_later(folder: Path, graded: Path) -> bool:
    """Whether a submission is later than the one that was graded, by their timestamps."""
    stamps = []
    for place in (folder, graded):
        try:
            stamps.append(parse_timestamp((place / "timestamp.txt").read_bytes()))
        except FileNotFoundError:
            stamps.append(None)
    new, old = stamps
    return new is not None and old is not None and new > old


def assignment_version(sheets: dict[str, NotebookSnapshot]) -> str:
    """Return a fingerprint of an assignment: its cells, hidden tests included, and their points."""
    text = repr(sorted((name, _sorted(sheet)) for name, sheet in sheets.items()))
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def _sorted(sheet: NotebookSnapshot) -> tuple[object, ...]:
    return (
        sorted((c.name, c.cell_type, c.source, c.locked) for c in sheet.source_cells),
        sorted((c.name, float(c.max_score)) for c in (*sheet.grade_cells, *sheet.task_cells)),
    )
