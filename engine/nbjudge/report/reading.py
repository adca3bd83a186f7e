"""Read the grades of a class from nbgrader's gradebook, without changing it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from nbjudge.gradebook.exercises import NO_RESPONSE
from nbjudge.report.cells import Order, read_cells
from nbjudge.report.grades import AssignmentGrades, ClassGrades, Student
from nbjudge.report.rows import BrokenRows, Rows
from nbjudge.report.values import as_interval, as_moment, as_number
from nbjudge.untrusted_text import one_line


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
    broken = BrokenRows()
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
            _Reader(Rows(connection, broken), order, students).read(name, row.id, row.duedate)
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

    def __init__(self, rows: Rows, order: Order, students: dict[str, Student]) -> None:
        self.rows = rows
        self.broken = rows.broken
        self.order = order
        self.students = students

    def read(self, name: str, key: Any, duedate: Any) -> AssignmentGrades:
        """Read everything of an assignment."""
        due = as_moment(
            duedate, lambda what: self.broken.add("assignment", name, f"duedate {what}")
        )
        notebooks = {
            row.id: str(row.name)
            for row in self.rows.all(
                "SELECT id, name FROM notebook WHERE assignment_id = :key ORDER BY name", key=key
            )
        }
        made = read_cells(self.rows, self.order, name, notebooks)
        rows, submissions = self._submissions(name, key, due)
        shape = (len(rows), len(made.cells))
        grades = AssignmentGrades(
            name=name, duedate=due, cells=made.cells, exercises=made.exercises,
            released=made.released, prose=made.prose,
            students=[student for student, _, _ in rows], handed_in=[at for _, _, at in rows],
            notebooks={n: [""] * len(rows) for n in notebooks.values()},
            auto_score=np.full(shape, np.nan), score=np.full(shape, np.nan),
            seconds_late=np.array([late for _, late, _ in rows], dtype=float),
            penalty=np.zeros(len(rows)),
            blank=np.zeros((len(rows), len(made.exercises)), dtype=bool),
        )  # fmt: skip
        places = self._submitted_notebooks(key, grades, submissions, notebooks)
        self._fill(key, grades, places, made.columns)
        self._mark_blank(key, grades, places, notebooks)
        return grades

    # -- the submissions -----------------------------------------------------------------------

    def _submissions(
        self, name: str, key: Any, due: datetime | None
    ) -> tuple[list[tuple[str, float, datetime | None]], dict[Any, int]]:
        """Return student and seconds late of each submission, and which row has which id."""
        rows: list[tuple[str, float, datetime | None]] = []
        places: dict[Any, int] = {}
        for row in self.rows.all(
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
        for row in self.rows.all(
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
        result = self.rows.connection.execution_options(yield_per=20_000).execute(
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
            for row in self.rows.of_kind(table, notebook_id)
            if (notebook, str(row.name)) in exercises
        }
        for cell, notebook in self.rows.all(
            f"SELECT x.cell_id, x.notebook_id FROM comment x {self._OF_SUBMISSIONS} "
            "AND x.auto_comment = :nothing",
            key=key, nothing=NO_RESPONSE,
        ):  # fmt: skip
            if cell in cells and notebook in places:
                grades.blank[places[notebook], cells[cell]] = True
