"""Every answer of the banks goes through the real grading and gets the marks that it deserves."""

from __future__ import annotations

import nbformat
import pytest
from courses import CHAPTERS, instructor_notebook
from nbjudge.commands.grade import grade

from samples.answers import read_banks
from samples.submission import (
    exercises,
    put_answers,
    read_release,
)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_exercise_has_a_bank(chapter):
    """Each exercise has at least three right and five wrong answers, which name its own tests."""
    banks, tests = read_banks(chapter), exercises(instructor_notebook(chapter))
    assert banks.keys() == tests.keys()
    for exercise, answers in banks.items():
        assert sum(answer.is_right for answer in answers) >= 3, exercise
        assert sum(not answer.is_right for answer in answers) >= 5, exercise
        for answer in answers:
            unknown = answer.fails - tests[exercise].keys()
            assert not unknown, f"{exercise}: {answer.title}: no such test: {unknown}"


@pytest.mark.parametrize("cells", ["needed", pytest.param("all", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_get_the_marks_they_deserve(chapter, cells, course_copy, pool):
    """Right answers pass every test of their exercise; wrong ones fail exactly those they name."""
    root, course = course_copy(chapter)
    course.config.SandboxedExecute.cells = cells
    banks = read_banks(chapter)
    release = read_release(chapter, root / "release")
    rounds = max(len(answers) for answers in banks.values())
    for number in range(rounds):
        folder = root / "submitted" / f"round-{number}" / chapter
        folder.mkdir(parents=True)
        chosen = {
            exercise: answers[number].source
            for exercise, answers in banks.items()
            if number < len(answers)  # the others stay blank
        }
        nbformat.write(put_answers(release, chosen), folder / f"{chapter}.ipynb")

    assert grade(course, chapter, feedback=False, pool=pool) == []

    mistakes = []
    with course.gradebook as gradebook:
        for number in range(rounds):
            notebook = gradebook.find_submission_notebook(chapter, chapter, f"round-{number}")
            scores = {
                g.name: g.auto_score or 0 for g in notebook.grades
            }  # None: a person has to look
            for exercise, points in exercises(release).items():
                if number >= len(banks[exercise]):
                    continue
                answer = banks[exercise][number]
                failed = {test for test in points if scores[test] < points[test]}
                if failed != answer.fails:
                    mistakes.append(
                        f"{exercise}: {answer.title}: failed {sorted(failed) or 'nothing'}, "
                        f"should fail {sorted(answer.fails) or 'nothing'}"
                    )
    assert not mistakes, "\n".join(mistakes)
