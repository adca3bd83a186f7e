"""The sample class is graded as its answers deserve, and spares what is not its own."""

from __future__ import annotations

import csv
import html
import shutil

import feedback_search
import nbformat
import pytest
from courses import CHAPTERS, ROOT
from nbgrader import utils
from nbjudge.commands.grade import grade

from samples.__main__ import EXPECTED, MARK, NotASampleError, expected_rows, write_class
from samples.students import CLASS

CHAPTER = "coin_mle"


def expected(chapter):
    with EXPECTED.open(newline="", encoding="utf-8") as file:
        return {row["student"]: row for row in csv.DictReader(file) if row["chapter"] == chapter}


def some(chapter):
    """Return two students of a chapter, in each chapter others."""
    first = 2 * CHAPTERS.index(chapter) % 7
    return [student.name for student in CLASS[first::7] if student.name in expected(chapter)]


def test_every_student_is_graded_in_some_chapter():
    """The choice leaves nobody out."""
    chosen = {name for chapter in CHAPTERS for name in some(chapter)}
    assert chosen == {student.name for student in CLASS}


@pytest.mark.parametrize(
    ("chapter", "whole"),
    [(chapter, False) for chapter in CHAPTERS]
    + [pytest.param(chapter, True, marks=pytest.mark.thorough) for chapter in CHAPTERS],
)
def test_every_submission_gets_what_it_deserves(chapter, whole, course_copy, pool):
    """Points and late penalties are those of expected.csv; broken files are incidents.

    The feedback has each failed check's message and the student's output, and no line of a hidden
    test or of the reference library.
    """
    root, course = course_copy(chapter)
    write_class(root, only=[chapter])
    wanted = expected(chapter)
    assert len(wanted) >= 11
    if not whole:
        wanted = {name: wanted[name] for name in some(chapter)}

    incidents = grade(course, chapter, students=sorted(wanted), pool=pool)

    assert {i.student for i in incidents} == {n for n, row in wanted.items() if not row["points"]}
    with course.gradebook as gradebook:
        got = {
            s.student.id: (s.score, s.late_submission_penalty or 0.0)
            for s in gradebook.assignment_submissions(chapter)
        }
    assert got == {
        name: (pytest.approx(float(row["points"])), pytest.approx(float(row["late_penalty"])))
        for name, row in wanted.items()
        if row["points"]
    }

    for name in got:
        page, handed_in, graded = (
            root / folder / name / chapter / f"{chapter}.{ending}"
            for folder, ending in (
                ("feedback", "html"), ("submitted", "ipynb"), ("autograded", "ipynb"),
            )
        )  # fmt: skip
        assert feedback_search.leaks(page, handed_in) == [], name
        assert feedback_search.missing(page, graded) == [], name


def test_the_search_of_feedback_finds_what_is_there(course_copy):
    """Without the engine's step, feedback shows hidden tests: the search says so; and a plant."""
    root, course = course_copy(CHAPTER)
    write_class(root)
    paths = [
        root / folder / "florence" / CHAPTER / f"{CHAPTER}.{ending}"
        for folder, ending in (("feedback", "html"), ("submitted", "ipynb"))
    ]
    assert grade(course, CHAPTER, students=["florence"]) == []
    assert feedback_search.leaks(*paths) == []
    planted = feedback_search.secrets()[0]
    paths[0].write_text(
        paths[0].read_text("utf-8").replace("</body>", f"{html.escape(planted)}</body>")
    )
    assert feedback_search.leaks(*paths) == [planted]
    message = nbformat.v4.new_output("error", ename="Sought", evalue="and not found")
    graded = root / "autograded" / "florence" / CHAPTER / f"{CHAPTER}.ipynb"
    made = nbformat.read(graded, as_version=4)
    next(cell for cell in made.cells if utils.is_grade(cell)).outputs = [message]
    nbformat.write(made, graded)
    assert feedback_search.missing(paths[0], graded) == ["Sought: and not found"]

    course.config.GenerateFeedback.preprocessors.remove("nbjudge.feedback.preprocessors.HideTests")
    result = course.generate_feedback(CHAPTER, "florence", force=True)
    assert result["success"], result["log"]
    assert len(feedback_search.leaks(*paths)) > 5


def test_expectations_are_what_the_banks_declare(course_copy):
    """expected.csv is up to date: `python -m samples --expect` would write it as it is."""
    root, _ = course_copy(*CHAPTERS)
    with EXPECTED.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file))[1:] == expected_rows(root)


def test_the_class_is_varied():
    """Twelve students or more over all chapters, from perfect to blank, late and broken."""
    assert len(CLASS) >= 12
    assert len({student.name for student in CLASS}) == len(CLASS)
    points = {}
    for chapter in CHAPTERS:
        for name, row in expected(chapter).items():
            points.setdefault(name, []).append(row["points"])
    assert "" in points["niels"]
    assert set(points["hypatia"]) == {"0"}
    assert len(points["karl"]) == 3
    assert len({tuple(values) for values in points.values()}) >= 6


def test_a_second_write_changes_nothing(course_copy):
    """What is there and the same is left alone."""
    root, _ = course_copy(CHAPTER)
    assert write_class(root) > 0
    assert write_class(root) == 0


def test_a_changed_submission_is_graded_anew(course_copy):
    """When a sample submission is rewritten, its old autograded copy does not stand in the way."""
    root, _ = course_copy(CHAPTER)
    write_class(root)
    stale = root / "autograded" / "ada" / CHAPTER
    stale.mkdir(parents=True)
    (root / "submitted" / "ada" / CHAPTER / f"{CHAPTER}.ipynb").write_text("old", encoding="utf-8")
    assert write_class(root) == 1
    assert not stale.exists()


def test_a_real_student_of_the_same_name_is_safe(course_copy):
    """A folder that the sample class did not make is named, and nothing is written at all."""
    root, _ = course_copy(CHAPTER)
    real = root / "submitted" / "ada" / CHAPTER
    real.mkdir(parents=True)
    (real / f"{CHAPTER}.ipynb").write_text("real work", encoding="utf-8")
    with pytest.raises(NotASampleError, match="ada"):
        write_class(root)
    assert (real / f"{CHAPTER}.ipynb").read_text(encoding="utf-8") == "real work"
    assert [folder.name for folder in (root / "submitted").iterdir()] == ["ada"]
    assert not (root / "submitted" / "ada" / MARK).exists()


@pytest.mark.parametrize("where", ["submitted", "gradebook"])
def test_a_real_class_is_left_alone(course_copy, where):
    """Whoever else is in the course: no stranger joins them, and no due date is set."""
    root, course = course_copy(CHAPTER)
    if where == "submitted":
        (root / "submitted" / "zoe" / CHAPTER).mkdir(parents=True)
    else:
        with course.gradebook as gradebook:
            gradebook.add_student("zoe")
    with pytest.raises(NotASampleError, match="zoe"):
        write_class(root)
    with course.gradebook as gradebook:
        assert gradebook.find_assignment(CHAPTER).duedate is None
    assert not (root / "submitted" / "ada").exists()


def test_an_unreleased_chapter_says_what_to_run(course_copy):
    """Without a release there is nothing to answer; the message names the command."""
    root, _ = course_copy(CHAPTER)
    shutil.rmtree(root / "release")
    with pytest.raises(FileNotFoundError, match="make release"):
        write_class(root)


def test_stories_are_in_the_file():
    """A person who reads expected.csv sees why a student gets these points."""
    stories = {student.name: student.story for student in CLASS}
    for row in expected(CHAPTER).values():
        assert row["story"] == stories[row["student"]]
    assert (ROOT / "samples" / "README.md").exists()
