"""Read the grades of a class from nbgrader's gradebook, without changing it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, text

from nbjudge.gradebook.exercises import group_cells
from nbjudge.report.grades import AssignmentGrades, Cell, ClassGrades, Exercise, Student
from nbjudge.report.values import as_interval, as_moment, as_number
from nbjudge.untrusted_text import one_line

NO_RESPONSE = "No response."
"""What nbgrader comments on an answer that is as it was released."""
_MOST_NAMED = 10
Order = Callable[[str, str], Sequence[str]]


class _BrokenRows:
    """Collects what a gradebook holds that cannot be read, and says it in few lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, table: str, key: object, what: str) -> None:
        self.lines.append(one_line(f"gradebook, table {table}, row {key}: {what}: left out", 300))

    def notices(self) -> list[str]:
        more = len(self.lines) - _MOST_NAMED
        said = self.lines[:_MOST_NAMED]
        return [*said, f"gradebook: {more} more rows are left out"] if more > 0 else said


def assignment_names(connection: Connection) -> list[str]:
    """List the assignments of a gradebook in the order of their due dates."""
    rows = connection.execute(text("SELECT name, duedate FROM assignment")).all()
    return [name for name, _ in sorted(rows, key=lambda row: _place_in_term(row[0], row[1]))]


def _place_in_term(name: Any, duedate: Any) -> tuple[bool, str, str]:
    return (duedate is None, str(duedate or ""), str(name))


def read_class(connection: Connection, names: Sequence[str], order: Order) -> ClassGrades:
    """Read the grades of some assignments.

    Parameters
    ----------
    connection : Connection
        From `nbjudge.gradebook.read_only.open_read_only`.
    names : sequence of str
        The assignments.
    order : callable
        Gives the ``grade_id`` of each of nbgrader's cells in a notebook in their order, from the
        names of the assignment and the notebook; empty where there is no file to read it from. The
        order in which the gradebook was given its cells stands in then.

    Returns
    -------
    ClassGrades
        The grades. Rows that cannot be read are left out, and named in ``notices``.
    """
    broken = _BrokenRows()
    students = {
        str(key): Student(str(key), str(first or ""), str(last or ""))
        for key, first, last in connection.execute(
            text("SELECT id, first_name, last_name FROM student ORDER BY id")
        )
    }
    found = ClassGrades(students, [])
    for name in names:
        row = connection.execute(
            text("SELECT id, duedate FROM assignment WHERE name = :name"), {"name": name}
        ).one()
        found.assignments.append(
            _Reader(connection, broken, order, students).read(name, row.id, row.duedate)
        )
    found.notices += broken.notices()
    for assignment in found.assignments:
        if not assignment.students:
            found.notices.append(f"{assignment.name}: the gradebook has no submissions of it yet")
    nameless = [s.id for s in students.values() if s.shown == s.id]
    if nameless:
        shown = ", ".join(nameless[:3]) + (", …" if len(nameless) > 3 else "")
        found.notices.append(
            one_line(f"students without a name in the gradebook: {len(nameless)} ({shown}); their "
                     "ids stand in")
        )  # fmt: skip
    return found


class _Reader:
    """Reads one assignment."""

    def __init__(
        self,
        connection: Connection,
        broken: _BrokenRows,
        order: Order,
        students: dict[str, Student],
    ) -> None:
        self.connection = connection
        self.broken = broken
        self.order = order
        self.students = students

    def _rows(self, query: str, **values: Any) -> Sequence[Any]:
        statement = text(query)
        for name, value in values.items():
            if isinstance(value, (list, tuple)):
                statement = statement.bindparams(bindparam(name, expanding=True))
        return self.connection.execute(statement, values).all()

    def read(self, name: str, key: Any, duedate: Any) -> AssignmentGrades:
        """Read everything of an assignment."""
        due = as_moment(
            duedate, lambda what: self.broken.add("assignment", name, f"duedate {what}")
        )
        notebooks = {
            row.id: str(row.name)
            for row in self._rows(
                "SELECT id, name FROM notebook WHERE assignment_id = :key ORDER BY name", key=key
            )
        }
        cells, exercises, columns, released = self._cells(name, notebooks)
        rows, submissions = self._submissions(name, key, due)
        shape = (len(rows), len(cells))
        grades = AssignmentGrades(
            name=name, duedate=due, cells=cells, exercises=exercises, released=released,
            students=[student for student, _, _ in rows], handed_in=[at for _, _, at in rows],
            notebooks={n: [""] * len(rows) for n in notebooks.values()},
            auto_score=np.full(shape, np.nan), score=np.full(shape, np.nan),
            seconds_late=np.array([late for _, late, _ in rows], dtype=float),
            penalty=np.zeros(len(rows)), blank=np.zeros((len(rows), len(exercises)), dtype=bool),
        )  # fmt: skip
        places = self._submitted_notebooks(key, grades, submissions, notebooks)
        self._fill(key, grades, places, columns)
        self._mark_blank(key, grades, places, notebooks)
        return grades

    # -- the assignment ------------------------------------------------------------------------

    def _cells(
        self, assignment: str, notebooks: dict[Any, str]
    ) -> tuple[list[Cell], list[Exercise], dict[Any, int], dict[tuple[str, str], str]]:
        cells: list[Cell] = []
        exercises: list[Exercise] = []
        columns: dict[Any, int] = {}
        released: dict[tuple[str, str], str] = {}
        for key, notebook in notebooks.items():
            known = self._cells_of(key)
            answers = {row.name for row in self._of_kind("solution_cells", key)}
            tasks = {row.name for row in self._of_kind("task_cells", key)}
            sources = self._rows(
                "SELECT name, source, cell_type FROM source_cell WHERE notebook_id = :key"
                + self._as_inserted(),
                key=key,
            )
            for row in sources:
                if row.name in answers:
                    released[notebook, str(row.name)] = str(row.source or "")
            names = list(dict.fromkeys(
                [*self.order(assignment, notebook), *(row.name for row in sources),
                 *known, *sorted(answers)]
            ))  # fmt: skip
            groups = group_cells(
                (name, name in answers or name in tasks, name in known) for name in names
            )
            for group in groups:
                first = len(cells)
                for name in group.graded:
                    cell_id, points, code = known[name]
                    columns[cell_id] = len(cells)
                    test = code and name not in answers and name not in tasks
                    cells.append(Cell(name, notebook, points, test))
                own = tuple(range(first, len(cells)))
                if own:
                    points = sum(cell.max_score for cell in cells[first:])
                    exercises.append(Exercise(group.name, notebook, own, points, group.own))
        return cells, exercises, columns, released

    def _of_kind(self, table: str, notebook: Any, more: str = "") -> Sequence[Any]:
        return self._rows(
            f"SELECT base_cell.id AS id, base_cell.name AS name{more} FROM base_cell "
            f"JOIN {table} ON {table}.id = base_cell.id WHERE base_cell.notebook_id = :key"
            + self._as_inserted("base_cell."),
            key=notebook,
        )

    def _cells_of(self, notebook: Any) -> dict[str, tuple[Any, float, bool]]:
        """Return id, points and whether it is code, of each cell with points, by name."""
        found = {}
        for table, kind in (("grade_cells", "cell_type"), ("task_cells", "'markdown'")):
            for row in self._of_kind(table, notebook, f", max_score, {kind} AS kind"):
                points = as_number(row.max_score)
                if points is None or math.isnan(points):
                    self.broken.add(table, row.name, f"max_score is {row.max_score!r}, no number")
                    continue
                found[str(row.name)] = (row.id, points, row.kind == "code")
        return found

    def _as_inserted(self, table: str = "") -> str:
        """Order rows as they were inserted, where the database still knows."""
        place = {"sqlite": "rowid", "postgresql": "ctid"}.get(self.connection.dialect.name, "name")
        return f" ORDER BY {table}{place}"

    # -- the submissions -----------------------------------------------------------------------

    def _submissions(
        self, name: str, key: Any, due: datetime | None
    ) -> tuple[list[tuple[str, float, datetime | None]], dict[Any, int]]:
        """Return student and seconds late of each submission, and which row has which id."""
        rows: list[tuple[str, float, datetime | None]] = []
        places: dict[Any, int] = {}
        for row in self._rows(
            "SELECT id, student_id, timestamp, extension FROM submitted_assignment "
            "WHERE assignment_id = :key ORDER BY student_id",
            key=key,
        ):
            student = str(row.student_id)

            def complain(what: str, student: str = student) -> None:
                self.broken.add("submitted_assignment", f"{name} of {student}", what)

            if student not in self.students:
                complain("its student is not in the table student")
                continue
            at = as_moment(row.timestamp, complain)
            extra = as_interval(row.extension, complain)
            late = 0.0
            if at is not None and due is not None:
                late = max(0.0, (at - due - extra).total_seconds())
            places[row.id] = len(rows)
            rows.append((student, late, at))
        return rows, places

    def _submitted_notebooks(
        self, key: Any, grades: AssignmentGrades, rows: dict[Any, int], notebooks: dict[Any, str]
    ) -> dict[Any, int]:
        """Enter the submitted notebooks; return which row has which id."""
        places = {}
        for row in self._rows(
            "SELECT n.id, n.assignment_id, n.notebook_id, n.late_submission_penalty AS penalty "
            "FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
            "WHERE a.assignment_id = :key",
            key=key,
        ):
            if row.notebook_id not in notebooks:
                self.broken.add("submitted_notebook", row.id, "its notebook is not in notebook")
                continue
            if row.assignment_id not in rows:
                continue
            place = rows[row.assignment_id]
            places[row.id] = place
            grades.notebooks[notebooks[row.notebook_id]][place] = str(row.id)
            penalty = as_number(row.penalty)
            if penalty is None:
                self.broken.add(
                    "submitted_notebook", row.id,
                    f"late_submission_penalty is {row.penalty!r}, no number",
                )  # fmt: skip
            elif not math.isnan(penalty):
                grades.penalty[place] += penalty
        return places

    _OF_SUBMISSIONS = (
        "JOIN submitted_notebook n ON x.notebook_id = n.id "
        "JOIN submitted_assignment a ON n.assignment_id = a.id WHERE a.assignment_id = :key"
    )

    def _fill(
        self, key: Any, grades: AssignmentGrades, places: dict[Any, int], columns: dict[Any, int]
    ) -> None:
        result = self.connection.execution_options(yield_per=20_000).execute(
            text(
                "SELECT x.id, x.cell_id, x.notebook_id, x.auto_score, x.manual_score, "
                f"x.extra_credit FROM grade x {self._OF_SUBMISSIONS}"
            ),
            {"key": key},
        )
        for grade, cell, notebook, *points in result:
            row, column = places.get(notebook), columns.get(cell)
            if row is None:
                continue
            if column is None:
                self.broken.add(
                    "grade", grade, "its cell is not one of the assignment's with points"
                )
                continue
            auto, manual, extra = map(as_number, points)
            if auto is None or manual is None or extra is None:
                wrong = next(p for p in points if as_number(p) is None)
                student, name = grades.students[row], grades.cells[column].name
                self.broken.add(
                    "grade", f"{grade} ({student}, {grades.name}, {name})",
                    f"{wrong!r} is no number",
                )  # fmt: skip
                continue
            grades.auto_score[row, column] = auto
            given = auto if math.isnan(manual) else manual
            grades.score[row, column] = given + (0.0 if math.isnan(extra) else extra)

    def _mark_blank(
        self, key: Any, grades: AssignmentGrades, places: dict[Any, int], notebooks: dict[Any, str]
    ) -> None:
        """Mark the answers of which nbgrader has seen that they are as released."""
        exercises = {(e.notebook, e.name): i for i, e in enumerate(grades.exercises)}
        cells = {
            row.id: exercises[notebook, str(row.name)]
            for notebook_id, notebook in notebooks.items()
            for table in ("solution_cells",)
            for row in self._of_kind(table, notebook_id)
            if (notebook, str(row.name)) in exercises
        }
        for cell, notebook in self._rows(
            f"SELECT x.cell_id, x.notebook_id FROM comment x {self._OF_SUBMISSIONS} "
            "AND x.auto_comment = :nothing",
            key=key, nothing=NO_RESPONSE,
        ):  # fmt: skip
            if cell in cells and notebook in places:
                grades.blank[places[notebook], cells[cell]] = True
