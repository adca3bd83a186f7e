"""A chapter on paper: no navigation, no folded code, answers open, and no picture is cut."""

import pytest
from browsing import launch
from playwright.sync_api import sync_playwright

from publishing.audit.page import CUT, FORMULAS, PAPER, PRINT, TYPESET

SEEN = "(kind) => [...document.querySelectorAll(kind)].filter((e) => e.checkVisibility()).length"
KINDS = "article pre, article table, article img, article svg, article mjx-math"
SHRUNK = """() => [...document.querySelectorAll("article mjx-math")]
  .filter((formula) => Number(formula.style.getPropertyValue("--on-paper") || 1) < 1).length"""


@pytest.fixture(name="paper", scope="module")
def paper_fixture(built_sample):
    """The page of alpha, as it is when the browser prints it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=PAPER)
        page.goto((built_sample / "_build/html/book/alpha/alpha.html").as_uri())
        page.evaluate(TYPESET)
        page.emulate_media(media="print")
        page.evaluate(PRINT, "beforeprint")
        yield page
        browser.close()


def test_navigation_stays_on_the_screen(paper):
    """Menus, buttons and the page's own contents are not printed; the text is."""
    for kind in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", ".chapter-read"):
        assert paper.evaluate(SEEN, kind) == 0, kind
    assert paper.evaluate(SEEN, "article p") > 5


def test_folded_code_is_left_out_and_answers_are_open(paper):
    """What the author folded away is not printed; a quiz is printed with its explanations."""
    assert paper.locator("details.hide").count() > 0
    assert paper.evaluate(SEEN, "details.hide, details.hide *") == 0
    assert paper.evaluate(SEEN, ".quiz-explanation") == paper.locator(".quiz-explanation").count()
    assert paper.locator(".quiz-explanation").count() > 0


def test_nothing_is_wider_than_the_paper(paper):
    """All ends before the margin; alpha's formula is too wide on purpose, and made smaller."""
    assert paper.evaluate(SEEN, KINDS) > 3
    assert paper.evaluate(SHRUNK) == 1
    assert paper.evaluate(CUT) == []
    paper.add_style_tag(content="mjx-math { --on-paper: 1 !important; }")
    assert len(paper.evaluate(CUT)) == 1, "left alone, it would be cut"


def test_commands_of_formulas_hold_through_the_page(paper):
    """A command that one cell defines sets formulas of later cells; nothing is left as TeX."""
    assert paper.evaluate(FORMULAS) == []
    sentence = paper.locator("article p", has_text="So it is")
    assert sentence.locator("mjx-container").first.locator("mjx-mfrac").count() == 1
