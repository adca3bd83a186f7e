"""The table at the top of feedback: what each exercise gave, and where its points were lost."""

from __future__ import annotations

import shutil

import pytest
import small_course
from bs4 import BeautifulSoup
from cells import code_cell, notebook
from in_a_fork import nbjudge
from nbformat.v4 import new_markdown_cell, new_output
from nbjudge.feedback.points import ListPoints, exercises
from nbjudge.feedback.said import Said, said_by
from small_course import NAME, Fork

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
    assert Fork(root).end() == 0
    small_course.grade_by_hand(root)
    with small_course.open_course(root).gradebook as gradebook:
        given = gradebook.find_grade("of_many", NAME, NAME, "student01")
        given.manual_score = None
        gradebook.db.commit()
    done = nbjudge(root, "feedback", NAME)
    assert done.code == 0, done.err
    return root


def page(root, student):
    return BeautifulSoup(
        (root / "feedback" / student / NAME / f"{NAME}.html").read_text(), "html.parser"
    )


def rows(found):
    return [
        [cell.get_text() for cell in row("td")] for row in found.select("#points-by-exercise tr")
    ][1:]


def failing(evalue, ename="AssertionError", source="", name="f_one"):
    """Make a test cell that ended in an error."""
    cell = code_cell(source, name, **TEST | {"score": 0, "waits": False})
    cell.outputs = [new_output("error", ename=ename, evalue=evalue, traceback=[])]
    return cell


def in_all(found):
    return found.select_one("#points-by-exercise .nbjudge-sum").get_text()


def test_an_exercise_is_an_answer_with_its_tests(graded):
    """Points are summed over the tests; those that gave less are named, as is a comment."""
    found = page(graded, "student00")
    assert rows(found) == [["✓", "double", "3 of 3", ""], ["✗", "why", "2.5 of 3", "comment"]]
    assert in_all(found) == "5.5 of 6 points"
    found = page(graded, "student01")
    assert rows(found) == [
        ["✗", "double", "1 of 3", "of_manyAssertionError"],
        ["…", "why", "0 of 3", "A person has yet to grade it."],
    ]


def test_points_that_a_person_has_yet_to_give_are_not_lost(graded):
    """They count neither as lost nor as missing: the sum is of what has been graded."""
    assert in_all(page(graded, "student01")) == "1 of 3 so far, 3 points wait for a person"


def test_what_lateness_costs_stands_in_the_table(graded):
    """Three started days: three tenths of the points so far, and the rule that says so."""
    found = page(graded, "student02")
    rule = "3 days late, begun days counted: 10 % of the points for each, at most 50 %"
    assert rows(found)[-1] == ["", "handed in late", "−0.9", rule]
    assert in_all(found) == "2.1 of 3 so far, 3 points wait for a person"


def test_labels_speak_to_the_student(graded):
    """nbgrader's own speak of them."""
    labels = {label.get_text() for label in page(graded, "student00").select(".nbgrader-label")}
    assert labels == {"Your answer", "Test of_one", "Test of_many"}


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


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (failing("should be 2,\n got 3", source='"""Two is two."""\nassert f'),
         Said("Two is two", "should be 2, got 3")),
        (failing("", source='"""Many\n\nlines."""'), Said("Many", "AssertionError")),
        (failing("f", "NameError", source="assert f"), Said("", "NameError: f")),
        (failing("", "", source="%magic\n("), Said()),
        (failing("x" * 9000, source="f(" * 9000), Said("", "x" * 299 + "…")),
    ],
)  # fmt: skip
def test_what_a_test_is_for_and_what_it_said(cell, said):
    """The first line of its docstring, and the message of the error, each in one line."""
    assert said_by([cell]) == {"f_one": said}


def table_of(monkeypatch, *cells):
    """Return the table of cells into which the points have been written already, parsed."""
    monkeypatch.setattr(ListPoints, "_get_points", lambda _, nb, resources: (nb, resources))
    known = {"notebook": "n", "late_penalty": 0, "score": 0, "max_score": 9}
    made, _ = ListPoints().preprocess(notebook(*cells), {"nbgrader": known})
    return BeautifulSoup(made.cells[0].source, "html.parser")


def test_an_exercise_is_called_as_in_the_text(monkeypatch):
    """By the words in bold before its answer; a task by its own, without its name for machines."""
    task = new_markdown_cell("**Task 2 (4 points).** Derive.")
    given = {"task": True, "score": 0, "points": 4, "waits": True}
    task.metadata.nbgrader = code_cell("", "derive", **given).metadata.nbgrader
    found = table_of(
        monkeypatch,
        new_markdown_cell("Intro.\n\n# The <b>coin</b>"),
        new_markdown_cell("**Exercise 1.** Write `f`."),
        code_cell("", "f", solution=True),
        failing("<script>no</script>", source='"""<b>One."""'),
        failing("<script>no</script>", source='"""Two."""', name="f_two"),
        task,
    )
    assert found.find("h1").get_text() == "The <b>coin</b>"
    assert rows(found) == [
        ["✗", "Exercise 1 f", "0 of 2", "<b>OneTwo<script>no</script>"],
        ["…", "Task 2", "0 of 4", "A person has yet to grade it."],
    ]
    assert not found.find("script")


def test_an_answer_that_nobody_gave_is_no_comment(monkeypatch):
    """nbgrader comments on it; the link would lead to the words "No response."."""
    blank = code_cell("", "f", solution=True, comment="No response.")
    assert rows(table_of(monkeypatch, blank, failing("no")))[0][3] == "No answer.f_oneno"
