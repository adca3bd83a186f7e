"""A class is graded in parallel as it is one by one, and nothing is lost when something dies."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import small_course
from cells import code_cell, notebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbjudge.batch.coordinator import ParallelAutograde
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent.parent.parent
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "small"
c.CourseDirectory.root = {root!r}
c.SandboxedExecute.judge = True
c.SandboxedExecute.cpu_seconds = 20
c.SandboxedExecute.preload = ["numpy"]
"""
TEST = {"grade": True, "locked": True, "points": 2}
ANSWERS = {
    "ada": "def f(x):\n    return x + 1",
    "bob": "def f(x):\n    return x",
    "cyd": "def f(x):\n    import os; os._exit(0)",
    "dan": "def f(x): return x + 1\nprint('hello')",
    "eve": "raise ValueError('no idea')",
    "fay": "def f(x):\n    return x + 1.0",
}
POINTS = {"ada": 3.0, "bob": 1.0, "cyd": 1.0, "dan": 3.0, "eve": 1.0, "fay": 3.0}


@pytest.fixture(scope="module")
def course_made(tmp_path_factory):
    """A small course with one assignment and six submissions, that nobody changes."""
    root = tmp_path_factory.mktemp("small") / "course"
    source = root / "source" / "one"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)))
    (root / "reference.py").write_text("def f(x):\n    return x + 1\n")
    made = notebook(
        code_cell("import numpy as np"),
        code_cell("### BEGIN SOLUTION\n### END SOLUTION", "f", solution=True),
        code_cell(
            "### BEGIN HIDDEN TESTS\nimport reference\nassert f(1) == reference.f(1), 'wrong'\n### END HIDDEN TESTS",
            "t",
            **TEST,
        ),
        code_cell("assert True", "u", **TEST | {"points": 1}),
        code_cell("'by hand'", "h", grade=True, solution=True, points=5),
    )
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(made, source / "one.ipynb")
    course = open_course(root)
    assert course.generate_assignment("one")["success"]
    released = nbformat.read(root / "release" / "one" / "one.ipynb", as_version=4)
    for student, answer in ANSWERS.items():
        released.cells[1].source = answer
        folder = root / "submitted" / student / "one"
        folder.mkdir(parents=True)
        nbformat.write(released, folder / "one.ipynb")
    return root


@pytest.fixture
def course(course_made, tmp_path):
    """A course of one's own."""
    root = tmp_path / "course"
    shutil.copytree(course_made, root)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)))
    return root


def open_course(root):
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "small"
    config.CourseDirectory.assignment_id = "one"
    config.SandboxedExecute.judge = True
    config.SandboxedExecute.cpu_seconds = 20
    config.SandboxedExecute.preload = ["numpy"]
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def converter(root, kind=ParallelAutograde, **traits):
    course = open_course(root)
    return kind(coursedir=course.coursedir, config=course.config, **traits)


def gradebook(root):
    """Everything that grading writes, for comparison."""
    found = {}
    with open_course(root).gradebook as book:
        for submission in book.assignment_submissions("one"):
            for sheet in submission.notebooks:
                for g in sheet.grades:
                    found[submission.student.id, g.name] = (
                        g.auto_score, g.manual_score, g.needs_manual_grade,
                    )  # fmt: skip
                for c in sheet.comments:
                    found[submission.student.id, c.name, "comment"] = c.auto_comment
                found[submission.student.id] = sheet.score
    return found


@pytest.mark.parametrize("workers", [1, 3])
def test_every_submission_gets_its_points(course, workers):
    """In parallel and serially, and the kernel that died is named."""
    batch = converter(course, workers=workers)
    batch.start()
    found = gradebook(course)
    assert {student: found[student] for student in ANSWERS} == POINTS
    assert [(i.student, "t: " in i.what) for i in batch.incidents] == [("cyd", True)]
    for student in ANSWERS:
        folder = course / "autograded" / student / "one"
        assert [p.name for p in folder.iterdir()] == ["one.ipynb"]
        assert not os.access(folder / "one.ipynb", os.W_OK) or os.getuid() == 0
    assert not list((course / "autograded").glob("*/.*"))


def test_parallel_equals_serial_nbgrader(course):
    """nbgrader's own converter, with the same preprocessor, writes the same gradebook."""
    converter(course, workers=2).start()
    ours = gradebook(course)
    (course / "gradebook.db").unlink()
    assert open_course(course).generate_assignment("one", force=True)["success"]
    serial = converter(course, Autograde, force=True)
    names = ("IgnorePattern", "LimitOutput", "SaveAutoGrades", "AssignLatePenalties")
    serial.autograde_preprocessors = [
        "nbjudge.execution.execute.SandboxedExecute",
        *(f"nbgrader.preprocessors.{name}" for name in names),
    ]
    serial.start()
    assert gradebook(course) == ours


def test_what_is_graded_is_left_alone_and_manual_grades_survive(course):
    """A second run does nothing; a forced one keeps what a person wrote, and asks them again."""
    # The cell for a person is as it was released, so nbgrader itself gives it no points.
    converter(course).start()
    with open_course(course).gradebook as book:
        grade = book.find_grade("h", "one", "one", "ada")
        grade.manual_score, grade.needs_manual_grade = 4.0, False
        book.db.commit()
    again = converter(course)
    again.start()
    assert again.graded == []
    assert gradebook(course)["ada", "h"] == (0.0, 4.0, False)
    forced = converter(course, force=True)
    forced.start()
    assert sorted(forced.graded) == sorted(ANSWERS)
    assert gradebook(course)["ada", "h"] == (0.0, 4.0, True)


def test_broken_submissions_are_incidents(course):
    """Links, missing, truncated and foreign files are named; the others are graded."""
    for student, text in {"x1": "", "x2": "{", "x3": '{"cells": []}', "x4": "\xff\xfe"}.items():
        folder = course / "submitted" / student / "one"
        folder.mkdir(parents=True)
        (folder / "one.ipynb").write_bytes(text.encode("latin-1"))
    (course / "submitted" / "x5" / "one").mkdir(parents=True)
    linked = course / "submitted" / "x6" / "one"
    linked.mkdir(parents=True)
    (linked / "one.ipynb").symlink_to(course / "submitted" / "ada" / "one" / "one.ipynb")
    sneaky = course / "submitted" / "ada2" / "one"
    sneaky.mkdir(parents=True)
    (sneaky / "one.ipynb").write_bytes((course / "submitted/ada/one/one.ipynb").read_bytes())
    (sneaky / "data.txt").symlink_to(course / "gradebook.db")
    batch = converter(course)
    batch.start()
    assert sorted({i.student for i in batch.incidents}) == [
        "ada2", "cyd", "x1", "x2", "x3", "x4", "x5", "x6",
    ]  # fmt: skip
    assert sorted(batch.graded) == sorted(ANSWERS)


def run_command(course, *arguments):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "engine"), "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-m", "nbjudge", "autograde", "one", "--verbose", *arguments],
        cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip


def test_the_command(course):
    """It grades, prints a table and the incidents, and writes them down."""
    process = run_command(course, "--workers", "2", "--student", "*")
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 0, output
    assert "cyd: graded" in output and "submissions" in output
    assert "cyd" in (course / "incidents.csv").read_text()
    assert gradebook(course)["fay"] == 3.0


@pytest.mark.parametrize("graded", [pytest.param(1, marks=pytest.mark.thorough), 5])
def test_killing_the_coordinator_loses_nothing(course, graded):
    """After a rerun the gradebook is that of an undisturbed run, and no worker is left."""
    process = run_command(course, "--workers", "2")
    lines = iter(process.stdout)
    while graded:
        graded -= ": graded" in next(lines)
    process.kill()
    process.communicate(timeout=30)
    deadline = time.monotonic() + 20
    while small_course.of_session(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not small_course.of_session(process.pid)
    converter(course).start()
    assert {student: gradebook(course)[student] for student in ANSWERS} == POINTS


def test_a_worker_that_dies_is_replaced(course, monkeypatch):
    """Its submission is graded by another one."""
    batch, killed = converter(course, workers=2), []

    def kill_one(done, total, line):
        if not killed:
            killed.append(multiprocessing.active_children()[0])
            killed[0].kill()

    batch.progress = kill_one
    batch.start()
    assert killed
    assert {student: gradebook(course)[student] for student in ANSWERS} == POINTS


def test_feedback_holds_no_hidden_test(course):
    """The message of a failed check is there; the test's code and traceback are not."""
    converter(course).start()
    course_api = open_course(course)
    course_api.config.GenerateFeedback.preprocessors = [
        "nbjudge.feedback.preprocessors.HideTests", "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]  # fmt: skip
    result = course_api.generate_feedback("one", "bob")
    assert result["success"], result["log"]
    text = (course / "feedback" / "bob" / "one" / "one.html").read_text()
    assert "AssertionError" in text and "wrong" in text
    assert "reference" not in text and "HIDDEN" not in text
