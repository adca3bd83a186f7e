"""What is handed in may be no notebook, or a notebook that claims things: each ends as it may.

Every case of ``tests/handed_in.py`` hands something in, in a class that is graded in one batch. A
cheat that worked would show in ``of_one`` and ``of_many``, whose answer is wrong, and one that costs
an honest exercise its point in ``of_three``.
"""

from __future__ import annotations

import copy
import csv
import re
import warnings

import nbformat
import pytest
import small_course
from cells import code_cell, notebook
from handed_in import CASES, NAME, POINTS, find
from nbgrader.api import Gradebook
from nbjudge.batch.coordinator import ParallelAutograde

CLASSES = [
    pytest.param(judge, id=name, marks=pytest.mark.xdist_group(f"handed-in-{name}"))
    for judge, name in ((True, "judge"), (False, "no-judge"))
]


@pytest.fixture(scope="module", params=CLASSES)
def graded(request, tmp_path_factory):
    """Grade all of them in one batch; return points, incidents and the course's folder."""
    root = tmp_path_factory.mktemp("attacked") / "course"
    source = root / "source" / NAME
    source.mkdir(parents=True)
    small_course.configure(root)
    test = {"grade": True, "locked": True}
    statement = code_cell("", "statement", locked=True)
    statement = nbformat.v4.new_markdown_cell("Double, triple.", metadata=statement.metadata)
    made = notebook(
        statement,
        code_cell("", "double", solution=True),
        code_cell("assert double(1) == 2, 'double(1) is 2'", "of_one", points=1, **test),
        code_cell("assert double(21) == 42", "of_many", points=2, **test),
        code_cell("", "triple", solution=True),
        code_cell("assert triple(1) == 3", "of_three", points=1, **test),
        code_cell("# say why", "why", grade=True, solution=True, points=3),
    )
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python"}
    nbformat.write(made, source / f"{NAME}.ipynb")
    course = small_course.open_course(root)
    assert course.generate_assignment(NAME)["success"]
    released = nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    find(released, "double").source = "def double(x):\n    return 0"
    find(released, "triple").source = "def triple(x):\n    return 3 * x"
    for student, (hand_in, _) in CASES.items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        hand_in(folder, copy.deepcopy(released))
    course.coursedir.assignment_id = NAME
    course.config.SandboxedExecute.update(judge=request.param, preload=[])
    course.config.OverwriteCells.add_missing_cells = True
    batch = ParallelAutograde(coursedir=course.coursedir, config=course.config, workers=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nbformat.warnings.DuplicateCellId)  # nbformat mends it
        batch.start()
    points = {}
    with Gradebook(small_course.sqlite(root), "small") as gradebook:
        assert {c.name: c.max_score for c in gradebook.find_notebook(NAME, NAME).grade_cells} == {
            **POINTS, "why": 3.0,
        }  # fmt: skip
        for submission in gradebook.assignment_submissions(NAME):
            (sheet,) = submission.notebooks
            points[submission.student.id] = {g.name: g.auto_score for g in sheet.grades}
    with (root / "incidents.csv").open(newline="") as file:
        incidents = {row["student"]: row for row in csv.DictReader(file)}
    return points, incidents, root, batch


@pytest.mark.parametrize("student", CASES)
def test_what_is_handed_in_ends_as_it_may(graded, student):
    """Graded with the points that its answers deserve, or named with what happened and where."""
    points, incidents, root, _ = graded
    ends = CASES[student][1]
    if isinstance(ends, dict):
        assert student not in incidents, incidents[student]
        got = dict(points[student])
        assert got.pop("why") in (None, 0.0)
        assert got == ends
        assert (root / "autograded" / student / NAME / f"{NAME}.ipynb").is_file()
    else:
        assert student not in points, points[student]
        assert re.search(ends, incidents[student]["what"]), incidents[student]
        assert incidents[student]["file"].startswith(f"submitted/{student}/{NAME}")
        assert not (root / "autograded" / student).exists()


def test_names_of_files_are_written_as_text(graded):
    """What would act on a terminal stands there in its escaped form."""
    _, incidents, _, _ = graded
    file = incidents["a-name-that-acts-on-a-terminal"]["file"]
    assert file.endswith("/=\\x1b[2J\\n\\udcff")


def test_nobody_is_skipped(graded):
    """Each is graded or named, and never both."""
    points, incidents, _, batch = graded
    assert sorted([*points, *incidents]) == sorted(CASES)
    assert sorted(batch.graded) == sorted(points)


def test_a_rerun_changes_nothing_and_names_the_same(graded):
    """What is graded stays as it is; what is broken is named again in the same words."""
    _, incidents, root, _ = graded
    before = small_course.contents(small_course.sqlite(root))
    course = small_course.open_course(root)
    course.coursedir.assignment_id = NAME
    again = ParallelAutograde(coursedir=course.coursedir, config=course.config, workers=1)
    again.start()
    assert again.graded == []
    assert small_course.contents(small_course.sqlite(root)) == before
    assert {i.student: i.what for i in again.incidents} == {
        student: row["what"] for student, row in incidents.items()
    }
