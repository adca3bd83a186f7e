"""The table at the top of feedback: what each exercise gave, and where its points were lost."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
import small_course
from bs4 import BeautifulSoup
from cells import code_cell, notebook
from nbjudge.feedback.points import exercises
from small_course import NAME

FEEDBACK = """
from nbjudge.feedback import pages
pages.configure(c)
c.GenerateFeedback.preprocessors = [
    "nbjudge.feedback.preprocessors.HideTests",
    "nbjudge.feedback.points.ListPoints",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
"""
TEST = {"grade": True, "locked": True, "score": 1, "points": 1}


@pytest.fixture(scope="module")
def graded(small_course_made, tmp_path_factory):
    """Return a course in which a person has graded one of three students, and one is late."""
    root = tmp_path_factory.mktemp("points") / "course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(FEEDBACK)
    for folder in (root / "submitted").iterdir():
        if folder.name not in ("student00", "student01", "student02"):
            shutil.rmtree(folder)
    (root / "submitted" / "student02" / NAME / "timestamp.txt").write_text("2026-10-03 12:00 UTC")
    answer = root / "submitted" / "student02" / NAME / f"{NAME}.ipynb"
    shutil.copy(root / "submitted" / "student00" / NAME / f"{NAME}.ipynb", answer)
    with small_course.open_course(root).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-10-01 00:00:00")
    small_course.grade(root)
    small_course.grade_by_hand(root)
    with small_course.open_course(root).gradebook as gradebook:
        given = gradebook.find_grade("of_many", NAME, NAME, "student01")
        given.manual_score = None
        gradebook.db.commit()
    done = subprocess.run(
        [sys.executable, "-m", "nbjudge", "feedback", NAME],
        cwd=root, env=small_course.environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return root


def page(root, student):
    return BeautifulSoup(
        (root / "feedback" / student / NAME / f"{NAME}.html").read_text(), "html.parser"
    )


def rows(found):
    return [
        [cell.get_text() for cell in row("td")] for row in found.select("#points-by-exercise tr")
    ][1:]


def test_an_exercise_is_an_answer_with_its_tests(graded):
    """Points are summed over the tests; those that gave less are named, as is a comment."""
    assert rows(page(graded, "student00")) == [
        ["double", "3 / 3", ""],
        ["why", "2.5 / 3", "comment"],
        ["in all", "5.5 / 6", ""],
    ]
    assert rows(page(graded, "student01")) == [
        ["double", "1 / 3", "lost in of_many"],
        ["why", "0 / 3", "a person has yet to grade it"],
        ["in all", "1 / 6", ""],
    ]


def test_what_lateness_costs_stands_in_the_table(graded):
    """Three started days: three tenths of the points so far."""
    assert rows(page(graded, "student02"))[-2:] == [
        ["handed in late", "−0.9", ""],
        ["in all", "2.1 / 6", ""],
    ]


def test_every_link_leads_to_a_place_of_the_page(graded):
    """The engine's own table is not taken for a student's words, whose links are kept apart."""
    for student in ("student00", "student01"):
        found = page(graded, student)
        links = [link["href"] for link in found.select("#points-by-exercise a")]
        assert len(links) >= 3
        assert all(found.find("a", attrs={"name": link.removeprefix("#")}) for link in links)


def test_cells_in_any_order_are_listed():
    """A test before all answers, and one behind a written answer, stand for themselves."""
    made = notebook(
        code_cell("", "early", **TEST),
        code_cell("", "f", solution=True),
        code_cell("", "f_one", **TEST),
        code_cell("print(f)"),
        code_cell("", "f_two", **TEST),
        code_cell("", "why", grade=True, solution=True, score=1, points=2),
        code_cell("", "late", **TEST),
        code_cell("", "untested", solution=True),
    )
    found = {e.name: [part["grade_id"] for part in e.parts] for e in exercises(made)}
    assert found == {
        "early": ["early"],
        "f": ["f_one", "f_two"],
        "why": ["why"],
        "late": ["late"],
    }
