"""With the judge off, every cell's score is what stock nbgrader gives it."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import nbgrader
import pytest
from cells import code_cell
from courses import CHAPTERS, ROOT
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbjudge.commands.grade import grade, load_course
from traitlets.config import Config

from samples.__main__ import write_class

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
OURS = [
    "nbjudge.execution.execute.SandboxedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def graded(root, *, engine, **settings):
    """Grade nbgrader's example course; return every score, flag and comment of every cell."""
    root.mkdir()
    for folder in ("source", "submitted"):
        shutil.copytree(GUIDE / folder, root / folder)
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "example"
    config.ExecutePreprocessor.timeout = 30
    for name, value in settings.items():
        config.Autograde[name] = value
    if engine:
        config.Autograde.autograde_preprocessors = OURS
    config.AssignLatePenalties.plugin_class = "nbjudge.plugins.LatePenalty"
    for path in (root / "source", *(root / "submitted").iterdir()):
        add_cells(path / "ps1" / "problem1.ipynb")
    course = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    result = course.generate_assignment("ps1")
    assert result["success"], result["log"]
    with course.gradebook as gradebook:
        gradebook.update_or_create_assignment("ps1", duedate=datetime(2015, 2, 1))
    found = {}
    for student in ("bitdiddle", "hacker"):
        result = course.autograde("ps1", student)
        assert result["success"], result["log"]
        found |= written(course, "ps1", student)
    files = sorted(
        str(path.relative_to(root)) for path in (root / "autograded").rglob("*") if path.is_file()
    )
    return found, files


def add_cells(path):
    """Append a test that gives a part of its points, and an answer for a person: it has neither."""
    made = nbformat.read(path, as_version=4)
    for cell in (
        code_cell("1.5", "partly", grade=True, locked=True, points=2),
        code_cell("why = 'so it is'", "why", grade=True, solution=True, points=3),
    ):
        del cell["id"]  # of a later format than the example's
        made.cells.append(cell)
    nbformat.write(made, path)


def written(course, assignment, student):
    """Return everything that the gradebook says of one submission, cell by cell."""
    found = {}
    with course.gradebook as gradebook:
        submission = gradebook.find_submission(assignment, student)
        found[student, "late"] = submission.total_seconds_late
        for sheet in submission.notebooks:
            found[student, sheet.name] = sheet.late_submission_penalty
            for g in sheet.grades:
                found[student, sheet.name, g.name] = (
                    g.auto_score, g.manual_score, g.score, g.max_score, g.needs_manual_grade,
                    g.failed_tests,
                )  # fmt: skip
            for c in sheet.comments:
                # A cell that a person grades has a grade and a comment, both of its name.
                found[student, sheet.name, c.name, "comment"] = (c.auto_comment, c.comment)
    return found


@pytest.mark.parametrize("settings", [{}, {"exclude_overwriting": {"ps1": ["jupyter.png"]}}])
def test_nbgraders_example_course_gets_the_same_scores(tmp_path, settings, monkeypatch):
    """Cell by cell: partial credit, manual grades, comments and files included."""
    # nbgrader starts alembic by name.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    stock, stock_files = graded(tmp_path / "stock", engine=False, **settings)
    ours, our_files = graded(tmp_path / "engine", engine=True, **settings)
    assert len(stock) > 20
    scores = {key: v for key, v in stock.items() if isinstance(v, tuple) and len(v) == 6}
    assert all(stock[student, "problem1"] > 0 for student in ("bitdiddle", "hacker"))  # too late
    assert any(0 < auto < most for auto, _, _, most, _, _ in scores.values() if auto)  # partly
    assert any(by_hand for *_, by_hand, _ in scores.values())
    assert any(value == ("No response.", "No response.") for value in stock.values())
    assert ours == stock
    assert our_files == stock_files


KINDS = ["ada", "florence", "emmy", "maryam", "hypatia", "ivan", "jerzy", "lise"]
"""One student of each kind that the class has: right with a derivation to be graded by hand, one
mistake everywhere, half of it blank, code that is not Python, all blank, two days late, a week
late, a test cell deleted. Who is not here hands in what one of these does, or what is as right, or
as wrong, written another way."""


COMPARED = {"coin_mle": KINDS}
"""Whose submissions stock nbgrader grades too, which takes it seconds for each: every kind once.
`make test-all` compares the whole class in every chapter."""


def test_every_kind_is_compared():
    """The choice keeps what it says."""
    assert sorted(kind for kinds in COMPARED.values() for kind in kinds) == sorted(KINDS)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("chapter", "whole"),
    [(chapter, False) for chapter in COMPARED]
    + [pytest.param(chapter, True, marks=pytest.mark.thorough) for chapter in CHAPTERS],
)
def test_the_sample_class_gets_the_same_scores(course_copy, monkeypatch, chapter, whole):
    """The command and stock nbgrader agree, cell by cell, penalties and comments included.

    The one difference by design: what a cell writes to stderr costs its points in stock nbgrader.
    """
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # where stock nbgrader's kernels find the library
    root, course = course_copy(chapter)
    write_class(root, only=[chapter])
    stock_root = root.with_name("stock")
    shutil.copytree(root, stock_root)
    course.config.SandboxedExecute.update(judge=False, shared=["solutions"])
    students = {path.parent.name for path in (root / "submitted").glob(f"*/{chapter}")}
    if not whole:
        students = set(COMPARED[chapter])
    incidents = grade(course, chapter, students=sorted(students), feedback=False)
    broken = {i.student for i in incidents if i.what.startswith(("not a notebook", "the file is"))}
    assert len(students - broken) >= 4
    stock = load_course(stock_root)
    del stock.config.Autograde["sanitize_preprocessors"]
    del stock.config.Autograde["autograde_preprocessors"]
    cells = differ = 0
    for student in sorted(students):
        result = stock.autograde(chapter, student)
        assert result["success"] == (student not in broken), result["log"]
        if student in broken:
            continue
        theirs, ours = written(stock, chapter, student), written(course, chapter, student)
        assert ours.keys() == theirs.keys()
        loud = writes_to_stderr(stock_root / "autograded" / student / chapter / f"{chapter}.ipynb")
        if loud & {key[2] for key in theirs if len(key) == 3}:
            del ours[student, chapter], theirs[student, chapter]  # the penalty is a share of all
        for key, value in theirs.items():
            cells += 1
            if ours[key] != value:
                assert len(key) == 3 and key[2] in loud, (key, value, ours[key])
                differ += 1
    print(f"{chapter}: {len(students - broken)} submissions, {cells} values, {differ} differ")
    assert cells > 15 * len(students - broken)
    assert differ < cells / 20


def writes_to_stderr(path):
    """Name the cells that are no failure but for what they wrote to stderr."""
    found = set()
    for cell in nbformat.read(path, as_version=4).cells:
        outputs = cell.get("outputs", [])
        if any(o.get("name") == "stderr" for o in outputs) and not any(
            o.output_type == "error" for o in outputs
        ):
            found.add(cell.metadata.get("nbgrader", {}).get("grade_id"))
    return found
