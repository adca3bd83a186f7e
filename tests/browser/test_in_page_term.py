"""A student's term on a telephone: chapters done in the page, handed in, and graded.

The book is opened from its file; everything is written with the keys on the screen; the browser is
closed and opened again; the notebook is handed in beside one that was filled elsewhere.
"""

from __future__ import annotations

import nbformat
import pytest
from desk import Desk, right_answers
from nbjudge.commands.grade import grade
from playwright.sync_api import expect
from telephone import Fingers, is_plain, switch_on

from samples.answers import read_banks
from samples.submission import put_answers, read_release

pytestmark = pytest.mark.xdist_group("in_page")

DERIVATION = "The slope is $\\sigma(a)\\,(1-\\sigma(a))$,\n\n$$\\frac{d}{da} = 0.$$"


def answers_for(chapter: str) -> dict[str, str]:
    """Return a short answer for each exercise, the last of them a wrong one."""
    answers = right_answers(chapter)
    banks = read_banks(chapter)
    for name, bank in banks.items():
        right = [a.source.strip() for a in bank if a.is_right]
        plain = [source for source in right if is_plain(source) and "scipy" not in source]
        answers[name] = min(plain, key=len, default=answers[name].strip())
    wrong = (a.source.strip() for a in banks[name] if not a.is_right)
    return answers | {name: next(source for source in wrong if is_plain(source))}


def do_chapter(page, chapter: str, answers: dict[str, str]) -> None:
    """Write and run every answer, and the derivation."""
    for name, source in answers.items():
        fingers = Fingers(page, name)
        fingers.tap("write")
        expect(fingers.desk.editor).to_be_visible()
        if is_plain(source):
            fingers.clear()
            fingers.write(source)
        else:
            fingers.desk.write(source)  # pasted
        fingers.tap("run")
        fingers.desk.wait()
    *right, _ = answers
    for name in right:
        outcomes = Desk(page, name).outcomes.values()
        assert set(filter(None, outcomes)) == {"passed"}, (chapter, name)
    (by_hand,) = page.locator("section.exercise.by-hand").evaluate_all(
        "all => all.map((one) => one.dataset.exercise)"
    )
    fingers = Fingers(page, by_hand)
    fingers.tap("write")
    fingers.clear()
    page.keyboard.insert_text(DERIVATION)
    expect(fingers.desk.place.locator(".workplace-preview mjx-container")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "chapters",
    [
        ["sigmoid"],
        pytest.param(["perceptron", "coin_mle", "sigmoid"], marks=pytest.mark.thorough),
    ],
    ids=["one", "three"],
)
def test_what_is_done_on_a_telephone_gets_the_marks_of_the_same_text_from_jupyterlab(
    playwright, built_book, course_copy, tmp_path, chapters
):
    """Opened from the file, written, closed, opened again, downloaded, handed in, graded."""
    root, course = course_copy(*chapters)
    profile = tmp_path / "profile"
    answers = {chapter: answers_for(chapter) for chapter in chapters}

    def address(chapter):
        return (built_book / "_build/html/book" / chapter / f"{chapter}.html").as_uri()

    browser = switch_on(playwright, profile)
    for chapter in chapters:
        page = browser.new_page()
        page.goto(address(chapter))
        do_chapter(page, chapter, answers[chapter])
        page.close()
    browser.close()

    browser = switch_on(playwright, profile)
    for chapter in chapters:
        page = browser.new_page()
        page.goto(address(chapter))
        count = len(answers[chapter])  # of the code, one is wrong; the derivation is written
        expect(page.locator(".my-work")).to_contain_text(f"{count} of {count + 1} exercises done")
        with page.expect_download() as download:
            page.locator('[data-do="download"]').tap()
        assert download.value.suggested_filename == f"{chapter}.ipynb"
        hand_in(root, "tablet", chapter, download.value.path().read_text(encoding="utf-8"))
        release = read_release(chapter, root / "release")
        (derivation,) = [cell.id for cell in release.cells if cell.id.endswith("derivation")]
        filled = put_answers(release, answers[chapter] | {derivation: DERIVATION})
        hand_in(root, "jupyterlab", chapter, nbformat.writes(filled))
    browser.close()

    for chapter in chapters:
        assert grade(course, chapter) == []
        with course.gradebook as gradebook:
            marks = {
                student: marks_of(gradebook.find_submission(chapter, student))
                for student in ("tablet", "jupyterlab")
            }
        assert marks["tablet"] == marks["jupyterlab"]
        points, most = (sum(column) for column in zip(*marks["tablet"].values(), strict=True))
        assert most / 2 < points < most  # one answer is wrong


def hand_in(root, student: str, chapter: str, text: str) -> None:
    """Put a notebook where collected ones are."""
    folder = root / "submitted" / student / chapter
    folder.mkdir(parents=True)
    (folder / f"{chapter}.ipynb").write_text(text, encoding="utf-8")


def marks_of(submission) -> dict[str, tuple[float, float]]:
    """Return the points of each test and task of a submission, and how many there are."""
    (notebook,) = submission.notebooks
    return {grade.name: (grade.score, grade.max_score) for grade in notebook.grades}
