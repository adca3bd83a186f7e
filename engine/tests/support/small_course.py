"""A course with one tiny assignment and a class that is graded in seconds."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.api
from cells import code_cell, notebook
from nbgrader.api import Base, Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbjudge.commands.autograde import ParallelAutogradeApp
from sqlalchemy import create_engine, select
from traitlets.config import Config

REPOSITORY = Path(__file__).resolve().parents[3]
NAME = "tiny"
# nbgrader starts alembic by name, for each new gradebook; it says the same each time.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "small"
c.CourseDirectory.root = {root!r}
c.OverwriteCells.add_missing_cells = True
c.AssignLatePenalties.plugin_class = "nbjudge.plugins.LatePenalty"
c.Autograde.autograde_preprocessors = [
    "nbjudge.execution.execute.SandboxedExecute",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.SandboxedExecute.judge = True
c.SandboxedExecute.cpu_seconds = 20
c.SandboxedExecute.preload = []  # its class imports nothing
"""
STUB = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
ANSWERS = [
    "def double(x):\n    return 2 * x",
    "def double(x):\n    return 2",
    "def double(x):\n    raise NotImplementedError",
    "def double(x):\n    import os\n    os._exit(1)",
]
"""Right, half right, wrong, and one that ends its kernel."""


def make_course(root: Path, students: int = 8) -> Path:
    """Make the course, release its assignment, and hand in for so many students and a broken one.

    Parameters
    ----------
    root : Path
        Where; must not exist.
    students : int
        How many hand in something that can be graded.
    """
    source = root / "source" / NAME
    source.mkdir(parents=True)
    configure(root)
    (root / "reference").mkdir()
    (root / "reference" / "__init__.py").write_text("from reference.numbers import TWO\n")
    (root / "reference" / "numbers.py").write_text("TWO = 2\n")
    (source / "data.csv").write_text("1,2\n")
    test = {"grade": True, "locked": True}
    written = {"grade": True, "solution": True, "points": 3}
    made = notebook(
        code_cell(STUB, "double", solution=True),
        code_cell("assert double(1) == 2", "of_one", points=1, **test),
        code_cell(
            "### BEGIN HIDDEN TESTS\nimport reference\n"
            "assert double(21) == 21 * reference.TWO\n### END HIDDEN TESTS",
            "of_many", points=2, **test,
        ),
        code_cell("# say why", "why", **written),
    )  # fmt: skip
    nbformat.write(made, source / f"{NAME}.ipynb")
    result = open_course(root).generate_assignment(NAME)
    assert result["success"], result["log"]
    for number in range(students):
        released = nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
        released.cells[0].source = ANSWERS[number % len(ANSWERS)]
        released.cells[3].source = f"# because of {number}"
        folder = root / "submitted" / f"student{number:02}" / NAME
        folder.mkdir(parents=True)
        nbformat.write(released, folder / f"{NAME}.ipynb")
    (root / "submitted" / "broken" / NAME).mkdir(parents=True)
    (root / "submitted" / "broken" / NAME / f"{NAME}.ipynb").write_text("{")
    return root


def configure(root: Path, at: Path | None = None) -> None:
    """Tell a course where it is, or will be."""
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(at or root)))


def open_course(root: Path, url: str | None = None) -> NbGraderAPI:
    """Open a course with nbgrader, its gradebook at a URL if there is one."""
    config = Config()
    config.CourseDirectory.update(root=str(root), course_id="small")
    if url:
        config.CourseDirectory.db_url = url
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def command(*options: str) -> list[str]:
    """Return the command that grades the class."""
    return [sys.executable, "-m", "nbjudge", "autograde", NAME, "--verbose", *options]


def environment() -> dict[str, str]:
    """Return the environment in which the command is run."""
    return {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"}


def grade(root: Path, *options: str, check: bool = True) -> subprocess.CompletedProcess:
    """Grade the class with the command, in the course's folder."""
    done = subprocess.run(
        command(*options), cwd=root, env=environment(), capture_output=True, text=True, timeout=300
    )
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


class Fork:
    """The command, in a fork of this process: it has imported everything, so it starts at once.

    Parameters
    ----------
    root : Path
        The course's folder.
    *options : str
        Options of the command, after the assignment.
    app : type
        The command.
    before : callable
        Called in the fork before the command.
    """

    def __init__(
        self,
        root: Path,
        *options: str,
        app: type = ParallelAutogradeApp,
        before: Callable[[], object] = lambda: None,
    ) -> None:
        self.stderr = root / "stderr"
        reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(reading)
                os.dup2(writing, 1)
                os.chdir(root)
                warnings.simplefilter("ignore")  # this process's own make errors of them
                sys.stdout = open(1, "w", buffering=1)  # noqa: SIM115 (as long as the process)
                sys.stderr = open(self.stderr, "w", buffering=1)  # noqa: SIM115
                before()
                named = any(option.startswith("--workers") for option in options)
                ours = []
                if app is ParallelAutogradeApp:
                    ours = ["--verbose"] if named else ["--verbose", "--workers=2"]
                app.launch_instance([NAME, *ours, *options])
                code = 0
            except SystemExit as error:
                code = int(error.code or 0)
            finally:
                os._exit(code)
        os.close(writing)
        self.said = open(reading)  # noqa: SIM115 (closed in `end`)

    def kill(self) -> bool:
        """End it as the machine's power cut would; return whether it was at work."""
        os.kill(self.pid, signal.SIGKILL)
        return self.end() == -signal.SIGKILL

    def errors(self) -> str:
        """Return what it has said on stderr."""
        return self.stderr.read_text()

    def end(self) -> int:
        """Wait for its end; return how it ended."""
        self.said.read()
        self.said.close()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def of_session(session: int) -> list[int]:
    """List the processes of a command that was started in a session of its own."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[3]) == session and fields[0] != "Z":
                    found.append(int(entry.name))
    return found


def contents(url: str) -> dict[tuple, tuple]:
    """Read what a gradebook says of every cell of every submission."""
    found: dict[tuple, tuple] = {}
    with Gradebook(url, "small") as gradebook:
        for submission in gradebook.assignment_submissions(NAME):
            student = submission.student.id
            found[student,] = (submission.total_seconds_late, submission.score)
            for sheet in submission.notebooks:
                found[student, sheet.name] = (sheet.late_submission_penalty,)
                for grade in sheet.grades:
                    found[student, sheet.name, grade.name] = (
                        grade.auto_score, grade.manual_score, grade.score, grade.max_score,
                        grade.needs_manual_grade, grade.extra_credit,
                    )  # fmt: skip
                for comment in sheet.comments:
                    found[student, sheet.name, "comment", comment.name] = (
                        comment.auto_comment, comment.manual_comment,
                    )  # fmt: skip
        gradebook.db.remove()
        gradebook.engine.dispose()
    return found


def grade_by_hand(root: Path, url: str | None = None) -> dict[tuple, tuple]:
    """Give points and a comment, as a person does; return what the gradebook says then."""
    with open_course(root, url).gradebook as gradebook:
        for student, cell, points in (("student00", "why", 2.5), ("student01", "of_many", 1.0)):
            given = gradebook.find_grade(cell, NAME, NAME, student)
            given.manual_score, given.needs_manual_grade = points, False
        gradebook.find_comment("why", NAME, NAME, "student00").manual_comment = "well said"
        gradebook.db.commit()
    found = contents(url or sqlite(root))
    assert found["student00", NAME, "why"] == (None, 2.5, 2.5, 3.0, False, None)
    assert found["student00",][1] == 5.5
    assert found["student01", NAME, "of_many"] == (0.0, 1.0, 1.0, 2.0, False, None)
    assert found["student00", NAME, "comment", "why"] == (None, "well said")
    return found


def looked_at_again(given: dict[tuple, tuple]) -> dict[tuple, tuple]:
    """Say what a gradebook holds when a class that a person has graded is graded once more.

    Everything is as it was, but what a person gave is to be looked at by them.
    """
    return {
        key: (*value[:4], value[1] is not None or value[0] is None, value[5])
        if len(value) == 6
        else value
        for key, value in given.items()
    }


def tables(url: str) -> dict[str, list[str]]:
    """Read every row of every table, with what a key refers to in the place of the key.

    nbgrader draws its keys at random, so these alone differ between two runs.
    """
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: {row._mapping.get("id", n): row._mapping for n, row in enumerate(found)}
            for table in Base.metadata.sorted_tables
            if (found := connection.execute(select(table)).all()) is not None
        }
    engine.dispose()

    def written(table: Any, row: Any) -> str:
        parts = []
        for column in table.columns:
            value = row[column.name]
            for key in column.foreign_keys:
                other = key.column.table
                if value is not None and key.column.name == "id":
                    value = written(other, rows[other.name][value])
            if column.name != "id" or not re.fullmatch("[0-9a-f]{32}", str(value)):
                parts.append(f"{column.name}={value}")
        return f"{table.name}({', '.join(parts)})"

    return {
        table.name: sorted(written(table, row) for row in rows[table.name].values())
        for table in Base.metadata.sorted_tables
        if table.name != "course"  # whoever opens a gradebook without naming one adds a course
    }


def sqlite(root: Path) -> str:
    """Return the URL of the course's own gradebook."""
    return f"sqlite:///{root}/gradebook.db"


def incidents(root: Path) -> list[str]:
    """Return the lines of the course's ``incidents.csv``, in alphabetical order."""
    return sorted((root / "incidents.csv").read_text().splitlines()[1:])


def autograded(root: Path) -> list[str]:
    """List the autograded files, those that nbgrader does not look at included."""
    folder = root / "autograded"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def state(root: Path, url: str | None = None) -> tuple:
    """Return all that must be the same however the class was graded."""
    url = url or sqlite(root)
    return contents(url), tables(url), incidents(root), autograded(root)
