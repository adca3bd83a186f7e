"""One student's assignment, from release to feedback, through nbgrader's own commands alone."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from courses import ROOT, copy_configuration

from samples.answers import read_banks
from samples.submission import exercises, put_answers

STUDENT_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "linear_classification"
c.Exchange.root = {root!r}
"""
"""The two settings that the README gives to students of a class with an exchange folder."""


@pytest.fixture
def shell(tmp_path):
    """Return a function that runs an nbgrader command in a folder, and fails where it fails."""
    exchange = tmp_path / "an exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"NBGRADER_EXCHANGE": str(exchange), "HOME": str(home)}

    def run(folder, *arguments):
        result = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert result.returncode == 0, f"nbgrader {' '.join(arguments)}: {result.stderr}"
        return result.stdout + result.stderr

    run.exchange = exchange
    return run


@pytest.mark.thorough  # every day a browser goes through a term: tests/browser/test_term.py
def test_the_whole_round_for_one_student(tmp_path, shell):
    """Every command of a round works from the course's root, in a path with a space in it."""
    chapter = "coin_mle"
    course, desk = tmp_path / "a course", tmp_path / "a student's desk"
    for folder in (course, desk):
        folder.mkdir()
    copy_configuration(course)
    shutil.copytree(ROOT / "book" / chapter, course / "book" / chapter)
    config = STUDENT_CONFIG.format(root=str(shell.exchange))
    (desk / "nbgrader_config.py").write_text(config, encoding="utf-8")

    shell(course, "generate_assignment", chapter)
    assert "Success" in shell(course, "validate", f"book/{chapter}/{chapter}.ipynb")
    shell(course, "release_assignment", chapter)

    shell(desk, "fetch_assignment", chapter)
    path = desk / chapter / f"{chapter}.ipynb"
    fetched = nbformat.read(path, as_version=4)
    assert "failed" in shell(desk, "validate", str(path))
    banks = read_banks(chapter)
    right = {exercise: answers[0].source for exercise, answers in banks.items()}
    nbformat.write(put_answers(fetched, right), path)
    assert "Success" in shell(desk, "validate", str(path))
    shell(desk, "submit", chapter)

    shell(course, "collect", chapter)
    (student,) = [folder.name for folder in (course / "submitted").iterdir()]
    shell(course, "autograde", chapter)
    shell(course, "generate_feedback", chapter)
    shell(course, "release_feedback", chapter)
    shell(course, "export", "--to", "grades.csv")

    shell(desk, "fetch_feedback", chapter)
    (feedback,) = (desk / chapter / "feedback").rglob("*.html")
    assert "bernoulli_pmf_of_one_toss" in feedback.read_text(encoding="utf-8")
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["student_id"] == student
    points = sum(sum(tests.values()) for tests in exercises(fetched).values())
    assert float(row["raw_score"]) == points
