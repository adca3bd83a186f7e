"""The button of a submission's page folds and unfolds what is the chapter's own."""

from __future__ import annotations

import nbformat
import pytest
from browsing import Visitor
from cells import code_cell, notebook
from nbformat.v4 import new_markdown_cell
from nbjudge.feedback import pages
from playwright.sync_api import expect
from submission_pages import NAMES, exporter
from traitlets.config import Config

CHAPTER = ("The chapter's text.", "print('the chapter')")
TEST = {"grade": True, "locked": True, "score": 1, "points": 1}


@pytest.fixture(params=["formgrade", "feedback"])
def page(request, browser, tmp_path, monkeypatch):
    """A submission's page in a window."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    made = notebook(
        new_markdown_cell(CHAPTER[0]),
        code_cell(CHAPTER[1]),
        code_cell("answer = 42", "answer", solution=True),
        code_cell("assert answer == 42", "is_passed", **TEST),
    )
    (tmp_path / "release" / "n").mkdir(parents=True)
    nbformat.write(made, tmp_path / "release" / "n" / "n.ipynb")
    made.cells.append(new_markdown_cell("A note of mine."))
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    pages.configure(config)
    resources = {**dict.fromkeys(NAMES, "n"), "base_url": "", "index": 0, "total": 1}
    resources["nbgrader"] = {"notebook": "n", "late_penalty": 0, "score": 1, "max_score": 1}
    html, _ = exporter(request.param, config).from_notebook_node(made, resources=resources)
    (tmp_path / "page.html").write_text(html)
    visitor = Visitor(browser)
    visitor.page.goto((tmp_path / "page.html").as_uri())
    yield visitor.page
    visitor.close()


def test_the_button_folds_and_unfolds(page, step):
    """A student's own cells are seen always; so is the line of a test that was passed."""
    folded = [page.get_by_text(text) for text in (*CHAPTER, "assert answer")]
    seen = [page.get_by_text(text) for text in ("answer = 42", "is_passed", "A note of mine.")]
    for visible in (False, True, False):
        for place in folded:
            expect(place).to_be_visible(visible=visible)
        for place in seen:
            expect(place).to_be_visible()
        step(page, "whole" if visible else "folded")
        page.get_by_label("Show the whole notebook").click()
