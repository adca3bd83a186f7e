"""Pages of a submission fold what is the chapter's own, and nothing that a student wrote."""

from __future__ import annotations

import nbformat
import pytest
from bs4 import BeautifulSoup
from cells import code_cell, notebook
from nbformat.v4 import new_markdown_cell, new_output
from nbjudge.feedback import pages
from nbjudge.feedback.folding import PART, mark_parts, released_notebook
from submission_pages import NAMES, exporter
from traitlets.config import Config

TASK = "Derive it.\n\n=== BEGIN MARK SCHEME ===\n**1 point:** luck.\n=== END MARK SCHEME ===\n\nBriefly."
TEST = {"grade": True, "locked": True, "score": 1, "points": 1}


def text(source, grade_id=None, **nbgrader):
    """Make a Markdown cell."""
    cell = new_markdown_cell(source)
    if grade_id:
        cell.metadata.nbgrader = code_cell("", grade_id, **nbgrader).metadata.nbgrader
    return cell


def chapter():
    """Make what students receive."""
    return notebook(
        text("# Coins"),
        code_cell("draw()"),
        text("Write `f`."),
        code_cell("# your code", "f", solution=True),
        code_cell("assert f", "f_is", **TEST),
        text(TASK, "derive", task=True, score=0, points=4),
        text("*Your derivation.*"),
        text("## Why"),
    )


@pytest.fixture
def config(tmp_path, monkeypatch):
    """The configuration of a course that has released the chapter."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    folder = tmp_path / "release" / "coins"
    folder.mkdir(parents=True)
    nbformat.write(chapter(), folder / "coins.ipynb")
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    pages.configure(config)
    return config


def parts(submitted, config):
    """Say what each cell of a submission is held to be."""
    mark_parts(
        submitted,
        released_notebook(config, {"nbgrader": {"assignment": "coins", "notebook": "coins"}}),
    )
    return [cell.metadata.get(PART, "") for cell in submitted.cells]


def page_of(submitted, config, kind="formgrade"):
    """Return the page of a submission to the chapter, parsed."""
    resources = {**dict.fromkeys(NAMES, "coins"), "base_url": "", "index": 0, "total": 1}
    if kind == "formgrade":
        resources["submission_id"] = "1"
    resources["nbgrader"] = {
        **{"notebook": "coins", "assignment": "coins"},
        **{"late_penalty": 0, "score": 0, "max_score": 1},
    }
    html, _ = exporter(kind, config).from_notebook_node(submitted, resources=resources)
    return BeautifulSoup(html, "html.parser")


def test_what_is_as_released_is_the_chapters(config):
    """Neither graded nor an answer; the cell after a task is the answer, blank or not."""
    assert parts(chapter(), config) == [
        *("chapter", "chapter", "statement", "", "passed", "", "answer", "chapter"),
    ]


def test_what_a_student_changed_or_added_is_not(config):
    """Wherever it stands: a derivation in several cells, notes, code, a picture put into a cell."""
    submitted = chapter()
    submitted.cells[1].source += "  # my way"
    submitted.cells[2]["attachments"] = {"a.png": {"image/png": "AAAA"}}
    submitted.cells[6:7] = [text("By luck."), text("## Then"), code_cell("check()")]
    submitted.cells.append(text("Thanks."))
    assert parts(submitted, config) == [
        *("chapter", "", "", "", "passed", ""),
        *("answer", "more-of-answer", "more-of-answer", "chapter", ""),
    ]


def test_the_chapter_is_no_answer_where_the_cell_for_it_was_taken_out(config):
    """The next section is not framed as a student's."""
    submitted = chapter()
    del submitted.cells[6]
    assert parts(submitted, config)[-2:] == ["", "chapter"]


def test_what_failed_is_shown(config):
    """A test with its message, and a cell of the chapter that a wrong answer made fail."""
    submitted = chapter()
    for index in (1, 4):
        failed = {"ename": "NameError", "evalue": "f", "traceback": ["NameError: f"]}
        submitted.cells[index].outputs = [new_output("error", **failed)]
    assert parts(submitted, config)[:5] == ["chapter", "", "statement", "", ""]


def test_a_submission_cannot_say_what_it_is(config):
    """Neither in metadata nor in tags: a cell would be folded that a person is to see."""
    submitted = chapter()
    submitted.cells[6].source = submitted.cells[1].source = "mine"
    for cell in submitted.cells:
        cell.metadata[PART] = "chapter"
        cell.metadata.tags = [f"{PART}-chapter", "mine"]
    page = page_of(submitted, config)
    assert "mine" in page.find(class_=f"{PART}-answer").get_text()
    (changed,) = page.find_all(class_="celltag_mine", string=None)[:1]
    assert "mine" in changed.get_text() and f"celltag_{PART}-chapter" not in changed["class"]


@pytest.mark.parametrize("release", ["none", "broken"])
def test_without_a_release_nothing_is_folded(config, tmp_path, release):
    """Nobody knows then what is the chapter's; the cell after a task is framed all the same."""
    path = tmp_path / "release" / "coins" / "coins.ipynb"
    path.unlink() if release == "none" else path.write_text("{")
    assert parts(chapter(), config) == ["", "", "", "", "passed", "", "answer", ""]
    submitted = chapter()
    del submitted.cells[4]
    assert not page_of(submitted, config).find(id="whole-notebook")


@pytest.mark.parametrize("kind", ["formgrade", "feedback"])
def test_a_page_has_the_button_and_the_frame(config, kind):
    """The button is a checkbox, and stands before the notebook: no script of a page is needed."""
    page = page_of(chapter(), config, kind)
    assert page.find("label").get_text().strip() == "Show the whole notebook"
    assert page.find(class_="cell").find("input", type="checkbox", id="whole-notebook")
    answer = page.find(class_=f"{PART}-answer")
    assert answer.find(class_="nbjudge-title") and "Your derivation." in answer.get_text()
    assert len(page.find_all(class_=f"{PART}-chapter")) == 2  # the texts; code has its class
    assert "draw()" in page.find(class_=f"celltag_{PART}-chapter").get_text()
    assert ("Ctrl" in page.find(class_="nbjudge-switch").get_text()) == (kind == "formgrade")


def test_a_mark_scheme_stands_in_a_block_of_its_own(config):
    """Without the lines around it; what follows it is the task's again. A student's text is text."""
    submitted = chapter()
    submitted.cells[6].source = TASK
    page = page_of(submitted, config)
    (scheme,) = page.find_all(class_="nbjudge-mark-scheme")
    assert scheme.get_text(" ", strip=True) == "Mark scheme 1 point: luck."
    task = scheme.find_parent(class_="nbgrader_cell").get_text()
    assert "MARK SCHEME" not in task and "Derive it." in task and "Briefly." in task
    assert "MARK SCHEME" in page.find(class_=f"{PART}-answer").get_text()


def test_the_lines_around_a_mark_scheme_are_the_courses(config):
    """As nbgrader is told, which takes the scheme out of the release by them."""
    config.ClearMarkScheme.begin_mark_scheme_delimeter = "START"
    submitted = notebook(text("Derive.\n\nSTART\nluck", "derive", task=True, points=1))
    scheme = page_of(submitted, config).find(class_="nbjudge-mark-scheme")
    assert "luck" in scheme.get_text() and "START" not in scheme.get_text()
