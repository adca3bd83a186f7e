"""Which cells make an exercise, in this book's notebooks and in others'."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from publishing.notebooks.exercises import find_exercises, purpose


def text(source="Words.", **nbgrader):
    return new_markdown_cell(source, metadata={"nbgrader": marked(**nbgrader)} if nbgrader else {})


def code(source="x = 1", **nbgrader):
    return new_code_cell(source, metadata={"nbgrader": marked(**nbgrader)} if nbgrader else {})


def marked(name, grade=False, solution=False, task=False, points=0):
    return {
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "task": task,
        "points": points,
    }


ANSWER = code(name="f", solution=True)
TESTS = [code(name=f"t{points}", grade=True, points=points) for points in (1, 2)]
TASK = text("Show it.", name="show", task=True, points=4)
WRITTEN = text("My words.", name="why", grade=True, solution=True, points=3)


def found(*cells):
    """Return name, statement, place, tests, points and how it is graded of each exercise."""
    return [
        (e.name, e.statement, e.place, e.tests, e.points, e.by_hand)
        for e in find_exercises(list(cells))
    ]


@pytest.mark.parametrize(
    ("before", "statement"),
    [
        ([text("Words."), text("**Exercise 3 (2 points).** Write."), text("Mind.")], (1, 2)),
        ([text("Words."), text("### Problem\n\nWrite."), text("Mind."), text("So.")], (1, 2, 3)),
        ([text("(label)=\n# Exercise\n\nWrite.")], (0,)),
        ([text("# Chapter"), code(), text("Words."), text("Write `f`.")], (3,)),
        ([text("# Chapter"), code()], ()),
        ([], ()),
    ],
    ids=["bold", "heading", "label", "nearest", "code before", "nothing"],
)
def test_statement_is_what_stands_before(before, statement):
    """From the cell that opens it on; without such a cell, the nearest."""
    place = len(before)
    tests = (place + 1, place + 2)
    assert found(*before, ANSWER, *TESTS) == [("f", statement, place, tests, 3, False)]


def test_tests_belong_to_the_answer_before_them():
    """Whatever stands between; those before the first answer belong to none."""
    other = code(name="g", solution=True)
    cells = [TESTS[0], ANSWER, text("See."), code("f"), TESTS[0], other, TESTS[1]]
    assert found(*cells) == [("f", (), 1, (4,), 1, False), ("g", (), 5, (6,), 2, False)]


@pytest.mark.parametrize(
    ("after", "name", "place", "points"),
    [
        ([text("*Write your derivation here.*")], "show", 1, 4),
        ([text("")], "show", 1, 4),
        ([text("The chapter goes on. *Really.*")], "show", None, 4),
        ([code()], "show", None, 4),
        ([], "show", None, 4),
        ([WRITTEN], "why", 1, 7),
    ],
    ids=["placeholder", "empty", "text", "code", "end", "written answer"],
)
def test_task_is_answered_right_below(after, name, place, points):
    """In a cell that is ready to be written into, and in no other."""
    assert found(TASK, *after) == [(name, (0,), place, (), points, True)]


def test_answers_that_a_person_grades():
    """A written answer and code that a person reads are by hand."""
    plot = code(name="plot", grade=True, solution=True, points=2)
    assert found(text("Why?"), WRITTEN, text("Draw."), plot) == [
        ("why", (0,), 1, (), 3, True),
        ("plot", (2,), 3, (), 2, True),
    ]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            '"""Four labels\ngive four rows.\n\nMore of it."""\nassert 1',
            "Four labels give four rows.",
        ),
        ("# the sign\nassert f(-1) == 1  # really", "the sign"),
        ("\n# # twice\n\nassert 1", "twice"),
        ("###\n# after a rule\nassert 1", "after a rule"),
        ("assert 1  # too late", ""),
        ("%matplotlib inline\n# a magic", ""),
        ("", ""),
    ],
)
def test_purpose_is_told_in_words(source, told):
    """The first paragraph of a docstring, or the first comment above the code."""
    assert purpose(source) == told
