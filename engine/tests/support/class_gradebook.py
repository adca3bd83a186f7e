"""A gradebook with a class of any size, written straight into nbgrader's tables."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import numpy as np
from cells import code_cell, notebook
from nbgrader.api import Base
from sqlalchemy import create_engine, insert, text
from sqlalchemy.pool import NullPool

DUE = datetime(2026, 10, 1, 12)
STUB = "def {name}(x):\n    raise NotImplementedError"


def _id() -> str:
    return uuid.uuid4().hex


@dataclass
class Task:
    """An exercise of the class: its tests with their points, or what a person grades."""

    name: str
    points: tuple[float, ...]
    by_hand: bool = False

    @property
    def tests(self) -> list[str]:
        if self.by_hand:
            return [self.name]
        return [f"{self.name}_{number}" for number in range(len(self.points))]


TASKS = (
    Task("double", (1.0, 2.0)),
    Task("halve", (1.0, 1.0, 1.0)),
    Task("square", (2.0,)),
    Task("why", (4.0,), by_hand=True),
)


@dataclass
class Made:
    """What was written, for an independent look.

    Attributes
    ----------
    points : dict of str to ndarray
        Of each assignment: the points of each cell, ``nan`` where a person has yet to give them.
    handed_in : dict of str to list of str
        The rows.
    """

    points: dict[str, np.ndarray] = field(default_factory=dict)
    handed_in: dict[str, list[str]] = field(default_factory=dict)


def students(count: int) -> list[str]:
    """Name so many students."""
    return [f"student{number:04}" for number in range(count)]


def make_gradebook(
    url: str,
    names: list[str],
    assignments: dict[str, np.ndarray],
    tasks: tuple[Task, ...] = TASKS,
    blank: dict[str, np.ndarray] | None = None,
    named: bool = True,
) -> Made:
    """Write a gradebook.

    Parameters
    ----------
    url : str
        Where.
    names : list of str
        The students.
    assignments : dict of str to ndarray
        Of each assignment the points, a row a student and a column a cell; a row of which all are
        negative did not hand in, ``nan`` waits for a person.
    tasks : tuple of Task
        The exercises of every assignment.
    blank : dict of str to ndarray
        Which answers are as released, a row a student and a column an exercise.
    named : bool
        Whether students have names.
    """
    tables = Base.metadata.tables
    engine = create_engine(url, poolclass=NullPool)  # no connection is left open
    Base.metadata.create_all(engine)
    made = Made()
    rows: dict[str, list[dict]] = {name: [] for name in tables}
    rows["course"].append({"id": "c"})
    for number, name in enumerate(names):
        first, last = (f"First{number}", f"Last{number}") if named else (None, None)
        rows["student"].append({"id": name, "first_name": first, "last_name": last})
    for week, (assignment, points) in enumerate(assignments.items()):
        due = DUE + timedelta(weeks=week)
        key, sheet = _id(), _id()
        rows["assignment"].append({"id": key, "name": assignment, "duedate": due, "course_id": "c"})
        rows["notebook"].append({"id": sheet, "name": assignment, "assignment_id": key})
        cells, answers = [], []
        for task in tasks:
            answer = _id()
            answers.append(answer)
            base = {"id": answer, "name": task.name, "notebook_id": sheet}
            stub = STUB.format(name=task.name)
            source = {"notebook_id": sheet, "cell_type": "code", "checksum": ""}
            rows["source_cell"].append(
                {"id": _id(), "name": task.name, "locked": False, "source": stub, **source}
            )
            if task.by_hand:
                rows["base_cell"].append({**base, "type": "SolutionCell"})
                rows["solution_cells"].append({"id": answer})
                graded = {"id": _id(), "name": task.name, "notebook_id": sheet}
                rows["base_cell"].append({**graded, "type": "GradeCell"})
                rows["grade_cells"].append(
                    {"id": graded["id"], "max_score": task.points[0], "cell_type": "markdown"}
                )
                cells.append(graded["id"])
                continue
            rows["base_cell"].append({**base, "type": "SolutionCell"})
            rows["solution_cells"].append({"id": answer})
            for test, most in zip(task.tests, task.points, strict=True):
                cell = _id()
                rows["base_cell"].append(
                    {"id": cell, "name": test, "notebook_id": sheet, "type": "GradeCell"}
                )
                rows["grade_cells"].append({"id": cell, "max_score": most, "cell_type": "code"})
                rows["source_cell"].append(
                    {"id": _id(), "name": test, "locked": True, "source": "assert", **source}
                )
                cells.append(cell)
        made.handed_in[assignment] = []
        kept = []
        for row, student in enumerate(names):
            if (points[row] < 0).all():
                continue
            made.handed_in[assignment].append(student)
            kept.append(row)
            submission, part = _id(), _id()
            at = due + timedelta(days=2) if row % 7 == 3 else due - timedelta(hours=1)
            rows["submitted_assignment"].append(
                {"id": submission, "assignment_id": key, "student_id": student, "timestamp": at}
            )
            rows["submitted_notebook"].append(
                {
                    "id": part, "assignment_id": submission, "notebook_id": sheet,
                    "late_submission_penalty": 1.0 if row % 7 == 3 else None,
                }
            )  # fmt: skip
            for cell, score in zip(cells, points[row], strict=True):
                waits = bool(np.isnan(score))
                rows["grade"].append(
                    {
                        "id": _id(), "cell_id": cell, "notebook_id": part,
                        "auto_score": None if waits else float(score), "needs_manual_grade": waits,
                    }
                )  # fmt: skip
            for answer, empty in zip(
                answers, (blank or {}).get(assignment, np.zeros((len(names), len(tasks))))[row],
                strict=True,
            ):  # fmt: skip
                said = "No response." if empty else None
                rows["comment"].append(
                    {"id": _id(), "cell_id": answer, "notebook_id": part, "auto_comment": said}
                )
        made.points[assignment] = points[kept]
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        for table in Base.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
    engine.dispose()
    return made


def write_notebook(
    root: Path, student: str, assignment: str, answers: dict[str, str], failures: dict[str, tuple]
) -> None:
    """Write an autograded notebook: answers, and the error of each test that failed."""
    made = notebook()
    for task in TASKS:
        made.cells.append(code_cell(answers.get(task.name, ""), task.name, solution=True))
        for test in task.tests if not task.by_hand else []:
            cell = code_cell("assert", test, grade=True, locked=True, points=1)
            if test in failures:
                name, words = failures[test]
                cell.outputs = [
                    nbformat.v4.new_output("error", ename=name, evalue=words, traceback=[])
                ]
            made.cells.append(cell)
    folder = root / "autograded" / student / assignment
    folder.mkdir(parents=True)
    (folder / f"{assignment}.ipynb").write_text(json.dumps(made), encoding="utf-8")


def draw_points(
    count: int, seed: int = 0, tasks: tuple[Task, ...] = TASKS, missing: float = 0.1
) -> np.ndarray:
    """Draw the points of a class in which who is good at one exercise is good at others."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(size=count)
    columns = []
    for task in tasks:
        hard = rng.normal(scale=0.6)
        for most in task.points:
            p = 1 / (1 + np.exp(-(1.5 * ability - hard)))
            if task.by_hand:
                columns.append(
                    np.round(most * np.clip(p + rng.normal(scale=0.2, size=count), 0, 1))
                )
            else:
                columns.append(most * (rng.random(count) < p))
    points = np.stack(columns, axis=1).astype(float)
    points[rng.random(count) < missing] = -1.0
    return points


def run_command(app: type, root: Path, *options: str) -> int:
    """Run a command of the course in this process, in the course's folder; return its exit code."""
    before = Path.cwd()
    os.chdir(root)
    try:
        started = app()
        started.initialize([*options])
        started.start()
    except SystemExit as error:
        return int(error.code or 0)
    finally:
        os.chdir(before)
    return 0
