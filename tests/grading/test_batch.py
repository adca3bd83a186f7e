"""A class is graded around its broken submissions, and nothing of it is lost."""

from __future__ import annotations

import csv

import nbformat
import pytest
from nbjudge.batch.incidents import Incident, write_incidents
from nbjudge.commands.grade import grade, load_course

from samples.answers import read_banks
from samples.submission import delete_cell, exercises, put_answers, read_release

CHAPTER = "coin_mle"


def hand_in(root, student, text):
    folder = root / "submitted" / student / CHAPTER
    folder.mkdir(parents=True)
    (folder / f"{CHAPTER}.ipynb").write_text(text, encoding="utf-8")


def scores(course):
    with course.gradebook as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(CHAPTER)}


def right_answers():
    return {exercise: answers[0].source for exercise, answers in read_banks(CHAPTER).items()}


def test_broken_submissions_are_named_and_touch_nobody_else(course_copy):
    """One right submission among broken ones is graded; each broken one is reported by its file."""
    root, course = course_copy(CHAPTER)
    release = read_release(CHAPTER, root / "release")
    copied = nbformat.from_dict(release)
    copied.cells = [c for c in copied.cells if "nbgrader" not in c.metadata]
    hand_in(root, "ada", nbformat.writes(put_answers(release, right_answers())))
    hand_in(root, "bad-json", "{'cells': not JSON")
    hand_in(root, "empty", "")
    hand_in(root, "no-cells", nbformat.writes(nbformat.v4.new_notebook()))
    hand_in(root, "copied", nbformat.writes(copied))
    (root / "submitted" / "other-name" / CHAPTER).mkdir(parents=True)

    incidents = grade(course, CHAPTER)

    assert {i.student: i.what.split(";")[0].split(" of this")[0] for i in incidents} == {
        "bad-json": "not a notebook, the file is not JSON",
        "empty": "the file is empty",
        "no-cells": "the notebook has no cells",
        "copied": "none of the notebook's cells is a test cell",
        "other-name": "missing from the submission",
    }
    assert all(i.file == f"submitted/{i.student}/{CHAPTER}/{CHAPTER}.ipynb" for i in incidents)
    points = sum(sum(tests.values()) for tests in exercises(release).values())
    assert scores(course) == {"ada": points}


def test_a_second_run_leaves_grades_alone_and_adds_the_new(course_copy):
    """What is graded is not graded again, a manual grade survives, a newcomer is graded."""
    root, course = course_copy(CHAPTER)
    release = read_release(CHAPTER, root / "release")
    hand_in(root, "ada", nbformat.writes(put_answers(release, right_answers())))
    assert grade(course, CHAPTER) == []
    autograded = root / "autograded" / "ada" / CHAPTER / f"{CHAPTER}.ipynb"
    before = autograded.stat().st_mtime_ns
    with course.gradebook as gradebook:
        task = gradebook.find_grade("derive_the_estimate", CHAPTER, CHAPTER, "ada")
        task.manual_score = 3.0
        gradebook.db.commit()
    graded = scores(course)

    hand_in(root, "blaise", nbformat.writes(release))
    assert grade(course, CHAPTER) == []

    assert autograded.stat().st_mtime_ns == before
    assert scores(course) == graded | {"blaise": 0.0}


def test_a_deleted_test_cell_is_put_back(course_copy):
    """Deleting the test that fails does not help."""
    root, course = course_copy(CHAPTER)
    release = read_release(CHAPTER, root / "release")
    wrong = next(a for a in read_banks(CHAPTER)["score"] if not a.is_right)
    cheated = put_answers(release, right_answers() | {"score": wrong.source})
    for test in exercises(release)["score"]:
        cheated = delete_cell(cheated, test)
    hand_in(root, "eve", nbformat.writes(cheated))
    assert grade(course, CHAPTER) == []
    points = {name: sum(tests.values()) for name, tests in exercises(release).items()}
    assert scores(course)["eve"] == sum(points.values()) - points["score"]


def test_an_unknown_assignment_is_an_error_that_says_what_to_do(course_copy):
    """Grading what was never generated names the command that generates it."""
    _, course = course_copy(CHAPTER)
    with pytest.raises(ValueError, match="nbgrader generate_assignment nonesuch"):
        grade(course, "nonesuch")


def test_a_folder_without_a_course_is_named(tmp_path):
    """Where there is no nbgrader_config.py, nothing is graded and no gradebook appears."""
    with pytest.raises(FileNotFoundError, match=r"no nbgrader_config\.py"):
        load_course(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_incidents_of_other_assignments_stay(tmp_path):
    """A run replaces the rows of what it graded and keeps the others."""
    path = tmp_path / "incidents.csv"
    old = [Incident("ada", "coin", "a", "x"), Incident("bob", "coin", "b", "y")]
    write_incidents([*old, Incident("ada", "sigmoid", "c", "z")], path, ["coin", "sigmoid"])
    write_incidents([Incident("bob", "coin", "b", "still")], path, ["coin"], students=["bob"])
    with path.open(newline="", encoding="utf-8") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert sorted(rows) == [
        ("ada", "coin", "a", "x"),
        ("ada", "sigmoid", "c", "z"),
        ("bob", "coin", "b", "still"),
    ]
