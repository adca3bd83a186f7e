"""With the judge off, every cell's score is what stock nbgrader gives it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nbgrader
import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
OURS = [
    "grading.preprocessor.SandboxedExecute",
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
    course = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    result = course.generate_assignment("ps1")
    assert result["success"], result["log"]
    found = {}
    for student in ("bitdiddle", "hacker"):
        result = course.autograde("ps1", student)
        assert result["success"], result["log"]
        with course.gradebook as gradebook:
            submission = gradebook.find_submission("ps1", student)
            found[student, "late"] = submission.total_seconds_late
            for sheet in submission.notebooks:
                found[student, sheet.name] = sheet.late_submission_penalty
                for g in sheet.grades:
                    found[student, sheet.name, g.name] = (
                        g.auto_score, g.manual_score, g.score, g.max_score, g.needs_manual_grade,
                        g.failed_tests,
                    )  # fmt: skip
                for c in sheet.comments:
                    found[student, sheet.name, c.name] = (c.auto_comment, c.comment)
    files = sorted(
        str(path.relative_to(root)) for path in (root / "autograded").rglob("*") if path.is_file()
    )
    return found, files


@pytest.mark.parametrize("settings", [{}, {"exclude_overwriting": {"ps1": ["jupyter.png"]}}])
def test_nbgraders_example_course_gets_the_same_scores(tmp_path, settings, monkeypatch):
    """Cell by cell: partial credit, manual grades, comments and files included."""
    # nbgrader starts alembic by name.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    stock, stock_files = graded(tmp_path / "stock", engine=False, **settings)
    ours, our_files = graded(tmp_path / "engine", engine=True, **settings)
    assert len(stock) > 20
    assert ours == stock
    assert our_files == stock_files
