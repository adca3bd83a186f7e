"""Write the report of a class into a folder: pages, and tables for other programs."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.handed_in import student_folders
from nbjudge.batch.incidents import read_incidents
from nbjudge.gradebook.read_only import open_read_only
from nbjudge.report import charts, tables
from nbjudge.report.anonymous import Names, Numbers, numbers_of
from nbjudge.report.failures import failed_rows, group_failures
from nbjudge.report.grades import AssignmentGrades, ClassGrades
from nbjudge.report.items import figures_of
from nbjudge.report.notebooks import ReadNotebook, cell_order, read_all
from nbjudge.report.pages import is_ours
from nbjudge.report.progress import FlagRules, follow
from nbjudge.report.reading import assignment_names, read_class
from nbjudge.report.shown import FailureView
from nbjudge.report.site import GENERATOR, AssignmentReport, ReportSite
from nbjudge.report.suspects import point_at_tests
from nbjudge.temp_folders import replace_folder

PATIENCE = 20.0
"""The seconds to wait for a gradebook that is being written."""


@dataclass(frozen=True)
class ReportSettings:
    """What a course may choose.

    Attributes
    ----------
    rules : FlagRules
        When a student is pointed at.
    formgrader : str
        The address of formgrader.
    anonymous : bool
        Numbers in the place of names.
    """

    rules: FlagRules = field(default_factory=FlagRules)
    formgrader: str = "http://localhost:8888/formgrader"
    anonymous: bool = False


class ReportError(ValueError):
    """A report cannot be written; the message says why and what to do."""


class ReportWriter:
    """Writes the report of a course.

    Parameters
    ----------
    course : CourseDirectory
        The course.
    settings : ReportSettings
        What it chose.
    """

    def __init__(self, course: CourseDirectory, settings: ReportSettings) -> None:
        self.course = course
        self.settings = settings
        self.root = Path(course.root)
        self.names = Names({})
        self.now = datetime.now(UTC).replace(tzinfo=None)

    def write(self, named: Sequence[str], folder: Path) -> list[str]:
        """Write the report; what was in its folder before is replaced in one step.

        Parameters
        ----------
        named : sequence of str
            The assignments; all by default.
        folder : Path
            Where.

        Returns
        -------
        list of str
            What an instructor must know of what was read, each in a line.

        Raises
        ------
        ReportError
            If the gradebook does not have an assignment, or the folder has other files in it.
        UnreadableGradebookError, sqlalchemy.exc.SQLAlchemyError
            If the gradebook cannot be read.
        """
        if not is_ours(folder, GENERATOR):
            raise ReportError(
                f"{folder} holds files that this command did not write: move them, or name "
                "another folder by --to"
            )
        with open_read_only(self.course.db_url, PATIENCE) as connection:
            known = assignment_names(connection)
            for name in named:
                if name not in known:
                    raise ReportError(_unknown(name, known))
            grades = read_class(connection, [*dict.fromkeys(named)] or known, self._order)
        handed_in = {
            a.name: {*student_folders(self.course, self.course.submitted_directory, a.name)}
            for a in grades.assignments
        }
        last = [at for a in grades.assignments for at in a.handed_in if at is not None]
        self.now = max([self.now, *last])
        if self.settings.anonymous:
            everybody = sorted({*grades.students}.union(*handed_in.values()))
            numbers = numbers_of(self.root, everybody, self.course.groupshared)
            self.names = Numbers(grades.students, numbers)
        else:
            self.names = Names(grades.students)
        part = folder.with_name(f".{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            self._write(grades, handed_in, part)
            replace_folder(part, folder, folder.with_name(f".{folder.name}.old"))
        finally:
            shutil.rmtree(part, ignore_errors=True)
        notices = list(grades.notices)
        if charts.missing_packages():
            missing = " and ".join(charts.missing_packages())
            notices.append(
                f"no charts, but their tables: {missing} not installed: "
                "pip install 'nbjudge[report]'"
            )
        return notices

    # -- reading -------------------------------------------------------------------------------

    def _place(self, step: str, student: str, assignment: str, notebook: str) -> Path:
        folder = self.course.format_path(step, student, assignment)
        return Path(folder) / f"{notebook}.ipynb"

    def _order(self, assignment: str, notebook: str) -> list[str]:
        """Read the order of cells from the source, or from what was released."""
        course = self.course
        return cell_order(
            self._place(step, ".", assignment, notebook)
            for step in (course.source_directory, course.release_directory)
        )

    def _read(self, grades: AssignmentGrades) -> dict[tuple[int, str], ReadNotebook | None]:
        """Read the autograded notebooks in which a test failed, and see which answers are blank."""
        due: dict[tuple[int, str], Path] = {}
        for column, cell in enumerate(grades.cells):
            if cell.test:
                for row in map(int, failed_rows(grades, column)):
                    if (row, cell.notebook) not in due:
                        due[row, cell.notebook] = self._place(
                            self.course.autograded_directory, grades.students[row], grades.name,
                            cell.notebook,
                        )  # fmt: skip
        read = dict(read_all(due))
        released = {key: text.strip() for key, text in grades.released.items()}
        for i, exercise in enumerate(grades.exercises):
            stub = released.get((exercise.notebook, exercise.name))
            if not exercise.answer or stub is None:
                continue
            for (row, notebook), found in read.items():
                if notebook == exercise.notebook and found is not None:
                    answer = found.answers.get(exercise.name)
                    if answer is not None and answer.strip() == stub:
                        grades.blank[row, i] = True
        return read

    def _link(self, grades: AssignmentGrades, row: int, notebook: str) -> str:
        key = grades.notebooks[notebook][row] if notebook in grades.notebooks else ""
        if self.settings.anonymous or not key:
            return ""
        return f"{self.settings.formgrader.rstrip('/')}/submissions/{quote(key, safe='')}/"

    def _write(self, grades: ClassGrades, handed_in: dict[str, set[str]], folder: Path) -> None:
        folder.mkdir(parents=True)
        site = ReportSite(folder, grades, self.names, self._link)
        failures: list[Sequence[Any]] = []
        written = []
        for assignment in grades.assignments:
            found = self._assignment(grades, assignment, handed_in[assignment.name])
            failures += tables.failure_rows(assignment, found.failures, self.names)
            site.write_assignment(found)
            found.exercises.clear()  # the largest part of it
            written.append(found)
        followed = follow(grades, handed_in, self.settings.rules, self.now)
        site.write_students(followed, self.settings.rules)
        site.write_index(written, followed)
        exercises = [row for a in written for row in tables.exercise_rows(a.grades.name, a.figures)]
        for name, heads, rows in (
            ("exercises", tables.EXERCISES, exercises),
            ("students", tables.STUDENTS, tables.student_rows(followed, self.names)),
            ("assignments", tables.ASSIGNMENTS, tables.assignment_rows(a.summary for a in written)),
            ("failures", tables.FAILURES, failures),
        ):
            tables.write_table(folder / f"{name}.csv", heads, rows)

    def _assignment(
        self, grades: ClassGrades, assignment: AssignmentGrades, handed_in: set[str]
    ) -> AssignmentReport:
        read = self._read(assignment)
        failures = group_failures(assignment, read)
        figures = point_at_tests(figures_of(assignment), assignment, failures, self.names.hide)
        view = FailureView(
            assignment, read, self.names, lambda row, name: self._link(assignment, row, name)
        )
        incidents = [
            (self.names.of(row["student"]), self.names.hide(row["what"]))
            for row in read_incidents(self.root / "incidents.csv", assignment.name)
        ]
        return AssignmentReport(
            assignment, figures,
            tables.summarise(assignment, figures, grades.students, handed_in, self.now),
            failures, view.exercises(failures), incidents,
        )  # fmt: skip


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    said = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known) or 'none'}"
    return f"the gradebook has no assignment {name!r}: {said}"
