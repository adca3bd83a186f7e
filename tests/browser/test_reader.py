"""The book as its readers meet it: every page of both editions, in a browser, over http."""

from __future__ import annotations

import functools
import re
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from conftest import CHAPTERS
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser-reader")

EDITIONS = {"student": "html", "instructor": "instructor/html"}
# The editions differ in their chapters' cells; what is narrow for the one is so for the other.
WIDTHS = {"student": (390, 820, 1280), "instructor": (390,)}

_SET = """async () => { await window.MathJax?.startup?.promise; }"""
_MEASURE = """() => ({
  wanted: document.querySelectorAll("article div.math, article span.math").length,
  set: document.querySelectorAll("article mjx-container").length,
  wrong: document.querySelectorAll("mjx-merror").length,
  undescribed: document.querySelectorAll("article img:not([alt])").length,
})"""
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Scrolls down a page step by step, as a reader does; what is drawn late is drawn then.
_READ_THROUGH = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 800) {
    window.scrollTo(0, y);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  window.scrollTo(0, 0);
}"""
_FIGURES_DONE = """() => [...document.querySelectorAll(".vega-figure")]
  .every(figure => ["live", "still"].includes(figure.dataset.state))"""


class Site:
    """One edition of the book, served on this machine.

    Parameters
    ----------
    folder : Path
        Where the edition was built.
    """

    def __init__(self, folder) -> None:
        self.folder = folder
        self.pages = sorted(str(p.relative_to(folder)) for p in folder.rglob("*.html"))

        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, *args) -> None:
                pass

        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def chapter(self, name: str) -> str:
        """Return the address of a chapter."""
        return f"{self.url}book/{name}/{name}.html"

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def sites(built_book):
    """Both editions, served."""
    served = {name: Site(built_book / "_build" / folder) for name, folder in EDITIONS.items()}
    yield served
    for site in served.values():
        site.close()


@pytest.fixture
def visit(browser):
    """Return a function that opens a window; all are closed in the end."""
    visitors = []

    def open_window(**settings):
        visitors.append(Visitor(browser, **settings))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def reader(visit):
    """A window on a desktop screen."""
    return visit()


def open_page(visitor, url):
    """Open a page and wait until its formulas are set."""
    visitor.page.goto(url)
    visitor.page.evaluate(_SET)


# The schemes differ in their colours only.
RULES = {"light": {}, "dark": {"runOnly": ["color-contrast", "link-in-text-block"]}}


def violations(page, scheme="light"):
    """Let axe-core look at a page; return what it finds serious or critical, a line each."""
    options = RULES[scheme] | {"resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[str(node['target']) for node in one['nodes']][:5]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def test_formulas_are_accessible(sites, reader):
    """Nor does it on a page with its formulas set."""
    open_page(reader, sites["student"].url + "book/notation.html")
    assert reader.page.locator("mjx-container").count() > 10
    assert not violations(reader.page)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_figure_reacts_to_the_keyboard(sites, reader, chapter):
    """An arrow key on a figure's first slider, reached by Tab, redraws the figure."""
    open_page(reader, sites["student"].chapter(chapter))
    figure = reader.page.locator(".vega-figure").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-state", "live")
    drawn = figure.locator(".vega-figure-live svg")
    before = drawn.inner_html()
    figure.locator("input, select").first.focus()
    reader.page.keyboard.press("ArrowRight")
    reader.page.wait_for_function(
        "([figure, before]) => figure.querySelector('.vega-figure-live svg').innerHTML !== before",
        arg=[figure.element_handle(), before],
    )


def test_search_finds_a_term(sites, reader):
    """Typed into the search field, log-likelihood leads to the chapter that explains it."""
    open_page(reader, sites["student"].url + "book/intro.html")
    reader.page.get_by_role("button", name="Search").first.click()
    field = reader.page.locator("#pst-search-dialog input")
    field.fill("log-likelihood")
    field.press("Enter")
    results = reader.page.locator("#search-results li a")
    expect(results.first).to_be_visible()
    expect(reader.page.locator("#search-results")).to_contain_text("The most likely coin")


def test_download_is_the_released_notebook(sites, reader, built_book):
    """The download button of a chapter gives the notebook that nbgrader released."""
    open_page(reader, sites["student"].chapter("coin_mle"))
    with reader.page.expect_download() as started:
        reader.page.locator("a[href$='.ipynb']:visible").first.click()
    released = built_book / "release" / "coin_mle" / "coin_mle.ipynb"
    assert started.value.path().read_bytes() == released.read_bytes()


def test_quiz_answers(sites, reader):
    """By keyboard alone: a wrong choice is explained, and so is the right one."""
    open_page(reader, sites["student"].chapter("coin_mle"))
    question = reader.page.locator("#quiz-question-1")
    right = question.get_attribute("data-right")
    letters = [box.get_attribute("value") for box in question.locator("input").all()]
    wrong = next(letter for letter in letters if letter != right)
    for letter, verdict, words in [(wrong, "wrong", "Not right."), (right, "right", "Right.")]:
        question.locator(f"input[value={letter}]").focus()
        reader.page.keyboard.press("Space")
        question.get_by_role("button", name="Check").focus()
        reader.page.keyboard.press("Enter")
        feedback = question.locator(".quiz-feedback")
        expect(feedback).to_have_attribute("data-verdict", verdict)
        expect(feedback).to_contain_text(words)
        explanation = question.locator(f".quiz-explanation[data-letters*={letter}]")
        told = " ".join(explanation.text_content().split())
        assert told in " ".join(feedback.text_content().split())
        assert len(told) > 20


_COLOURS = """() => [document.body, document.querySelector("article p")].map(element => {
  const style = getComputedStyle(element);
  return element === document.body ? style.backgroundColor : style.color;
})"""


def brightness(colour):
    """Return how bright a colour is, from 0 to 1."""
    red, green, blue = map(float, re.findall(r"[\d.]+", colour)[:3])
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_dark_mode(sites, reader):
    """The button turns the page dark, and the choice outlives a visit to another page."""
    site = sites["student"]
    open_page(reader, site.chapter("coin_mle"))
    background, ink = map(brightness, reader.page.evaluate(_COLOURS))
    assert background > 0.9 > 0.4 > ink
    button = reader.page.locator("button.theme-switch-button:visible").first
    for _ in range(3):  # the button goes round light, dark and the system's choice
        button.click()
        if reader.page.locator("html").get_attribute("data-theme") == "dark":
            break
    open_page(reader, site.chapter("sigmoid"))
    expect(reader.page.locator("html")).to_have_attribute("data-theme", "dark")
    background, ink = map(brightness, reader.page.evaluate(_COLOURS))
    assert background < 0.2 < 0.6 < ink


# What can be reached: everything that a mouse could use and that is in sight, below whichever
# fold-outs are open.
_REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(element => !element.disabled && element.tabIndex >= 0 && element.checkVisibility(
    {visibilityProperty: true, opacityProperty: true}) && element.getClientRects().length
    && !(element.type === "radio" && element !== element.form?.elements?.[element.name]
         && document.querySelector(`input[name="${element.name}"]`) !== element))
  .map((element, index) => { element.dataset.reachable = index; return element.outerHTML; })"""
# Where the focus is, and whether it looks other than the same element does without it.
_LOOK = """const look = element => {
  const style = getComputedStyle(element);
  return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
    style.borderColor, style.backgroundColor, style.textDecoration].join("|");
};"""
_PLAIN_LOOKS = (
    "() => {"
    + _LOOK
    + """
  return Object.fromEntries([...document.querySelectorAll("[data-reachable]")]
    .map(element => [element.dataset.reachable, look(element)]));
}"""
)
_FOCUSED = (
    "() => {"
    + _LOOK
    + """
  const element = document.activeElement, box = element.getBoundingClientRect();
  return {
    index: element.dataset.reachable ?? null, html: element.outerHTML.slice(0, 120),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    look: look(element),
  };
}"""
)


def test_keyboard_only(sites, reader):
    """Tab reaches everything in sight with a focus that can be seen; a link skips the menu."""
    page = reader.page
    open_page(reader, sites["student"].chapter("coin_mle"))
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent.trim()")
    assert skip.startswith("Skip to main content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#main-content')")
    open_page(reader, sites["student"].chapter("coin_mle"))
    page.add_style_tag(content="* { transition: none !important; }")  # what slides in is there
    wanted = page.evaluate(_REACHABLE)
    assert len(wanted) > 50
    reached, unseen, plain = set(), [], page.evaluate(_PLAIN_LOOKS)
    for _ in range(2 * len(wanted)):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        if found["index"] is None or found["index"] in reached:
            if found["index"] is not None and len(reached) > len(wanted) / 2:
                break
            continue
        reached.add(found["index"])
        if not found["inside"] or found["look"] == plain[found["index"]]:
            unseen.append(found["html"])
    missed = [html[:120] for index, html in enumerate(wanted) if str(index) not in reached]
    assert not missed, "\n".join(missed)
    assert not unseen, "\n".join(unseen)
