"""The bundle as somebody opens it who never saw the course: unpacked, and without a network."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from book_site import move_figure, search
from browsing import Visitor, launch
from courses import ROOT
from playwright.sync_api import expect

from publishing.audit.page import FORMULAS, TYPESET
from publishing.site.bundle import bundle

pytestmark = pytest.mark.xdist_group("browser-bundle")

FIRST, SECOND = "perceptron", "linear_regression"


@pytest.fixture(scope="module")
def unpacked(built_book, tmp_path_factory):
    """The bundle of the real course, unpacked where its path has a space and umlauts."""
    root = tmp_path_factory.mktemp("bundle") / "the course"
    shutil.copytree(built_book, root, ignore=shutil.ignore_patterns("instructor", ".work"))
    shutil.copy(ROOT / "requirements-student.txt", root)
    folder = root.parent / "Jürgens Bücher, übrig"
    with zipfile.ZipFile(bundle(root)) as archive:
        archive.extractall(folder)
    shutil.rmtree(root)
    return folder / "linear-classification"


@pytest.fixture
def visitor(playwright):
    """A window of a browser that finds no other machine, offline."""
    browser = launch(playwright)
    visitor = Visitor(browser, offline=True)
    yield visitor
    visitor.close()
    browser.close()


def arrive(page, chapter):
    """Wait until a chapter's page is there with its formulas."""
    page.wait_for_url(f"**/{chapter}/{chapter}.html*")
    page.evaluate(TYPESET)
    assert page.locator("mjx-math").count() > 10
    assert page.evaluate(FORMULAS) == []


def test_reader_works_without_network(visitor, unpacked, step):
    """By links from the start page: read, move a figure, answer, download, turn pages, search.

    Nothing is asked of another machine, and the browser complains of nothing.
    """
    page = visitor.page
    page.goto((unpacked / "book" / "index.html").as_uri())
    page.wait_for_url("**/book/book/intro.html")
    step(page, "start")
    page.locator(f"article a[href$='{FIRST}.html']").first.click()
    arrive(page, FIRST)
    step(page, "chapter")

    move_figure(page.locator(".vega-figure").first)
    step(page, "figure")

    question = page.locator(".quiz-question").first
    right = question.get_attribute("data-right")
    question.locator(f"input[value={right}]").check()
    question.get_by_role("button", name="Check").click()
    expect(question.locator(".quiz-feedback")).to_contain_text("Right.")
    step(page, "quiz")

    with page.expect_download() as started:
        page.locator("a[href$='.ipynb']:visible").first.click()
    notebook = unpacked / "notebooks" / FIRST / f"{FIRST}.ipynb"
    assert started.value.suggested_filename == notebook.name
    assert started.value.path().read_bytes() == notebook.read_bytes()

    page.locator(".prev-next-footer a.right-next").click()
    arrive(page, SECOND)
    page.locator(".prev-next-footer a.left-prev").click()
    arrive(page, FIRST)

    result = search(page, "log-likelihood").filter(has_text="The most likely coin").first
    expect(result).to_be_visible()
    step(page, "search")
    result.click()
    arrive(page, "coin_mle")
    expect(page.locator("article")).to_contain_text("log-likelihood")
    step(page, "found")
    assert visitor.complaints == []
    assert [
        url for url in visitor.requests if not url.startswith(("file:", "data:", "blob:"))
    ] == []
