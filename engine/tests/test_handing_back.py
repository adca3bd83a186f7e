"""Feedback that is written in parallel is nbgrader's own, file by file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest
import small_course
from bs4 import BeautifulSoup
from in_a_fork import nbjudge
from nbconvert.exporters import HTMLExporter
from nbjudge.feedback.exporter import FeedbackExporter
from traitlets.config import Config


@pytest.fixture(scope="module")
def graded(small_course_made, tmp_path_factory):
    """Return a graded course, which nobody changes."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    for student in ("student03", "student04", "student05", "student06", "student07", "broken"):
        shutil.rmtree(root / "submitted" / student)
    assert small_course.Fork(root).end() == 0
    return root


@pytest.fixture
def course(graded, tmp_path):
    root = tmp_path / "course"
    shutil.copytree(graded, root)
    small_course.configure(root)
    return root


def hand_back(root, *options):
    """Run the command."""
    return nbjudge(root, "feedback", small_course.NAME, *options)


def feedback(root):
    """Return every file of the feedback with its contents and permissions."""
    files = sorted((root / "feedback").rglob("*.html"))
    return {p.relative_to(root): (p.read_text(), oct(p.stat().st_mode)) for p in files}


def test_feedback_is_nbgraders_own(course, monkeypatch):
    """The same pages for the same students, with the same permissions.

    But that nbconvert parses them, that nbgrader's labels speak of the student, and that its pages
    do not say their language.
    """
    done = hand_back(course, "--workers=2")
    assert done.code == 0, done.err
    ours = feedback(course)
    assert len(ours) == 3
    shutil.rmtree(course / "feedback")
    monkeypatch.chdir(course)
    for student in ("student00", "student01", "student02"):
        result = small_course.open_course(course).generate_feedback(small_course.NAME, student)
        assert result["success"], result["log"]
    theirs = {
        name: (
            text.replace(">Student's answer<", ">Your answer<")
            .replace(">Grade cell:", ">Test")
            .replace("<html>", '<html lang="en">', 1),
            mode,
        )
        for name, (text, mode) in feedback(course).items()
    }
    assert theirs == {
        name: (str(BeautifulSoup(text, "html.parser")), mode) for name, (text, mode) in ours.items()
    }


def test_pictures_without_a_description_are_given_one():
    """As nbconvert does it, whatever a text or an address looks like."""
    sources = [
        '<img src="data:image/png;base64,AA=="\nwidth=3>',
        '<img src="a>b" title="alt=1"/>',
        "<img src='x' ALT='a picture'>",
        '<p title="&lt;img&gt;">&lt;img src=x&gt;</p>',
        '<img alt="" src="x">',
    ]
    outputs = [nbformat.v4.new_output("display_data", {"text/html": s}) for s in sources]
    cell = nbformat.v4.new_code_cell("draw()", outputs=outputs)
    made = nbformat.v4.new_notebook(cells=[cell])
    settings = Config({"HTMLExporter": {"template_name": "classic"}})
    theirs, _ = HTMLExporter(config=settings).from_notebook_node(made)
    ours, _ = FeedbackExporter(config=settings).from_notebook_node(made)
    assert ours.count("No description has been provided") == 2
    assert str(BeautifulSoup(ours, "html.parser")) == theirs


def test_one_student_without_feedback_is_named(course):
    """The others have theirs, and the command fails."""
    folder = course / "autograded" / "student01" / small_course.NAME
    broken = folder / f"{small_course.NAME}.ipynb"
    broken.unlink()
    broken.write_text("{")
    done = hand_back(course)
    assert done.code == 1
    assert "no feedback for 1 students" in done.err and "student01: " in done.err
    students = {path.parts[1] for path in feedback(course)}
    assert students == {"student00", "student02"}


def test_feedback_that_is_there_stays(course):
    """Unless a student is named with --force, and then nobody else's is touched."""
    assert hand_back(course).code == 0
    for page in (course / "feedback").rglob("*.html"):
        os.chmod(page, 0o644)
        page.write_text("written by hand")
    assert hand_back(course).code == 0
    assert {text for text, _ in feedback(course).values()} == {"written by hand"}
    assert hand_back(course, "--student=student00", "--force").code == 0
    changed = {p for p, (text, _) in feedback(course).items() if text != "written by hand"}
    assert changed == {
        Path("feedback", "student00", small_course.NAME, f"{small_course.NAME}.html")
    }


def test_feedback_is_due_when_the_gradebook_says_something_else(course):
    """Points given by hand are on the page of the next run; a folder without a page is filled."""
    assert hand_back(course).code == 0
    before = feedback(course)
    given = small_course.open_course(course)
    with given.gradebook as gradebook:
        grade = gradebook.find_grade("why", small_course.NAME, small_course.NAME, "student00")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    page = Path("feedback", "student01", small_course.NAME, f"{small_course.NAME}.html")
    (course / page).unlink()
    left = course / "feedback" / "student02" / f".{small_course.NAME}.part"
    left.mkdir()
    assert hand_back(course).code == 0
    after = feedback(course)
    changed = {path.parts[1] for path in before if before[path] != after.get(path)}
    assert changed == {"student00"}
    assert after[page] == before[page]
