"""The student's edition as its readers use it, in a browser, over http."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from book_site import move_figure, open_page, search
from courses import CHAPTERS, ROOT
from playwright.sync_api import expect

from publishing.audit.page import SCROLL, TYPESET
from publishing.audit.phone import SMALLEST_LETTER, resize

pytestmark = pytest.mark.xdist_group("browser-reader")


def test_formulas_are_accessible(sites, reader):
    """Within the drawing of formulas too, axe-core finds nothing serious or critical."""
    open_page(reader, sites["student"].url + "book/notation.html")
    assert reader.page.locator("mjx-container").count() > 100
    found = Axe().run(reader.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["help"] for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_figures_react_to_the_keyboard(sites, plain_reader, chapter):
    """On a desktop an arrow key on the first control of each figure redraws the figure."""
    open_page(plain_reader, sites["student"].chapter(chapter))
    figures = plain_reader.page.locator(".vega-figure").all()
    assert figures
    for figure in figures:
        move_figure(figure)


@pytest.mark.parametrize(
    ("width", "first", "second"), [(390, "Top", "Bottom"), (1280, "Left", "Right")]
)
def test_captions_say_where_the_panels_stand(sites, visit, width, first, second):
    """Side by side, or below each other on a phone: as the layout that is shown."""
    reader = visit(viewport={"width": width, "height": 900}, formulas=False)
    open_page(reader, sites["student"].chapter("perceptron"))
    said = reader.page.locator("#figure-2").inner_text()
    assert said.startswith(f"Figure 2. {first}: a neuron. {second}: two")


# The smallest letters of a moving figure, as they are displayed.
_SMALLEST = """() => Math.min(...[...document.querySelectorAll(".vega-figure-live svg text")]
  .filter((words) => words.textContent.trim() && words.checkVisibility())
  .map((words) => parseFloat(getComputedStyle(words).fontSize)
    * Math.hypot(words.getScreenCTM().a, words.getScreenCTM().b)))"""

_FITS = """() => {
  const figure = document.querySelector(".vega-figure");
  const width = Number(figure.querySelector(".vega-figure-still svg").getAttribute("width"));
  return figure.dataset.state === "live"
    && figure.drawnWidth === Math.min(width, figure.clientWidth);
}"""


@pytest.mark.parametrize("chapter", ["coin_mle", "linear_regression"])
def test_a_turned_phone_draws_figures_anew(sites, visit, chapter):
    """Letters stay as large as they were, and the sliders where the reader has left them."""
    reader = visit(viewport={"width": 844, "height": 390}, formulas=False)
    page = reader.page
    open_page(reader, sites["student"].chapter(chapter))
    figure = page.locator(".vega-figure")
    move_figure(figure)
    sliders = figure.locator("input")
    chosen = [slider.input_value() for slider in sliders.all()]
    for width, height in [(390, 844), (844, 390)]:
        resize(page, width, height)
        page.wait_for_function(_FITS)
        assert page.evaluate(_SMALLEST) >= SMALLEST_LETTER
        expect(sliders).to_have_count(len(chosen))
        for slider, value in zip(sliders.all(), chosen, strict=True):
            expect(slider).to_have_value(value)
        move_figure(figure)
        chosen = [slider.input_value() for slider in sliders.all()]


# How many boxes of code scroll sideways, two frames from now, and which no tab stop reaches.
_SCROLLING = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const scrolling = [...document.querySelectorAll("article pre")].filter((box) =>
    box.scrollWidth > box.clientWidth + 1 && box.checkVisibility()
    && ["auto", "scroll"].includes(getComputedStyle(box).overflowX));
  return [scrolling.length, scrolling.filter((box) => box.tabIndex).map((box) => box.outerHTML)];
}"""


def test_the_keyboard_reaches_what_scrolls(sites, visit):
    """At once, also after a fold-out is opened, and back from paper, where code does not scroll."""
    reader = visit(viewport={"width": 390, "height": 900}, formulas=False)
    open_page(reader, sites["student"].chapter("coin_mle"))
    seen, unreachable = reader.page.evaluate(_SCROLLING)
    assert unreachable == []
    reader.page.eval_on_selector_all(
        "article details", "all => all.forEach((details) => (details.open = true))"
    )
    more, unreachable = reader.page.evaluate(_SCROLLING)
    assert more > seen > 0
    assert unreachable == []
    for width in (390, 600):
        reader.page.emulate_media(media="print")
        reader.page.set_viewport_size({"width": 680, "height": 1000})
        reader.page.wait_for_timeout(500)  # what the page does late when it is resized, it has done
        reader.page.emulate_media(media="screen")
        reader.page.set_viewport_size({"width": width, "height": 900})
        seen, unreachable = reader.page.evaluate(_SCROLLING)
        assert seen
        assert unreachable == []


def test_a_tick_outlives_a_reload(sites, plain_reader):
    """A chapter ticked off by keyboard stays so after a reload; other chapters are untouched."""
    page = plain_reader.page
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    box = page.get_by_label("I have read this chapter")
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    open_page(plain_reader, sites["student"].chapter("sigmoid"))
    expect(box).not_to_be_checked()
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    page.reload()
    expect(box).to_be_checked()
    box.uncheck()
    page.reload()
    expect(box).not_to_be_checked()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('read:'))") == []


@pytest.mark.parametrize("kept", ['["one-toss-one-formula"]', "{", "null"])
def test_what_an_earlier_edition_kept_is_no_chapter(sites, plain_reader, kept):
    """Sections ticked off there, or what nobody can read, leave a chapter to be ticked off."""
    page = plain_reader.page
    page.add_init_script(
        f"localStorage.getItem('read:book/coin_mle/coin_mle') ??"
        f" localStorage.setItem('read:book/coin_mle/coin_mle', {kept!r})"
    )
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    box = page.get_by_label("I have read this chapter")
    expect(box).not_to_be_checked()
    box.check()
    page.reload()
    expect(box).to_be_checked()
    assert not plain_reader.complaints


@pytest.mark.parametrize(
    "broken",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })",
    ],
    ids=["full", "forbidden"],
)
def test_a_tick_needs_no_storage(sites, plain_reader, broken):
    """Where nothing can be kept, the tick lasts as long as the page, and the page is whole."""
    page = plain_reader.page
    page.add_init_script(broken)
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    box = page.get_by_label("I have read this chapter")
    box.check()
    expect(box).to_be_checked()
    page.reload()
    expect(box).not_to_be_checked()
    open_page(plain_reader, sites["student"].url + "book/intro.html")
    expect(page.locator(".book-map > li").first).to_be_visible()
    assert not [said for said in plain_reader.complaints if "reading.js" in said]


# What share of its width the rule in the contents is drawn over.
_RULE = """() => {
  const head = document.querySelector(".bd-sidebar-secondary .onthispage");
  const drawn = getComputedStyle(head, "::after");
  return drawn.content === "none" ? null : new DOMMatrix(drawn.transform).a;
}"""


def test_a_rule_shows_how_far_down_one_is(sites, visit):
    """From nothing to the whole width; for those who want no motion there is no rule."""
    page = (reader := visit(formulas=False)).page
    open_page(reader, sites["student"].chapter("coin_mle"))
    lengths = []
    for share in (0, 0.5, 1):
        page.evaluate(
            """(share) => scrollTo({ behavior: "instant",
              top: share * (document.documentElement.scrollHeight - innerHeight) })""",
            share,
        )
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        lengths.append(page.evaluate(_RULE))
    assert lengths == pytest.approx([0, 0.5, 1], abs=0.02)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(_RULE) is None


def test_search_finds_a_term(sites, reader):
    """Typed into the search field, log-likelihood leads to the chapter that explains it."""
    open_page(reader, sites["student"].url + "book/intro.html")
    search(reader.page, "log-likelihood")
    expect(reader.page.locator("#search-results")).to_contain_text("The most likely coin")


def test_search_leads_to_the_section(sites, reader):
    """The best result is the section; its page opens there, with a hit in sight, without TeX."""
    page = reader.page
    open_page(reader, sites["student"].url + "book/intro.html")
    results = search(page, "softmax temperature")
    expect(results.first).to_contain_text("Temperature")
    told = page.locator(".search-excerpt").all_text_contents()
    assert told
    assert not [words for words in told if "\\" in words]
    assert page.locator(".search-excerpt mark").count() >= len(told)
    results.first.click()
    page.wait_for_url("**/softmax/softmax.html#temperature")
    page.evaluate(TYPESET)
    expect(page.locator("article .highlighted").first).to_be_attached()
    hits = page.locator("#temperature .highlighted")
    page.wait_for_function(
        """(hits) => hits.some((hit) => {
          const { top, bottom } = hit.getBoundingClientRect();
          return top > 0 && bottom < innerHeight;
        })""",
        arg=hits.element_handles(),
    )


@pytest.mark.parametrize(("sign", "found"), [("σ", "sigmoid"), ("ŷ", "predict"), ("∇", "gradient")])
def test_search_finds_signs(sites, reader, sign, found):
    """As they are typed, in formulas, too."""
    open_page(reader, sites["student"].url + "book/intro.html")
    assert search(reader.page, sign).count() > 2
    expect(reader.page.locator("#search-results")).to_contain_text(found, ignore_case=True)


_BORDERS = "(drawing) => drawing.querySelector('.borders').getAttribute('d')"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_home_picture_learns_what_it_shows_without_scripts(sites, visit, built_book, motion):
    """The lines that gradient descent ends at are those of the drawing, on whichever way."""
    reader = visit(reduced_motion=motion)
    open_page(reader, sites["student"].url + "book/intro.html")
    picture = reader.page.locator('.home-picture[data-state="rests"]')
    picture.wait_for()
    drawn = (ROOT / "book" / "_pictures" / "home.svg").read_text(encoding="utf-8")
    still = re.search(r'class="borders" d="([^"]*)"', drawn)[1]

    def ends(path):
        numbers = list(map(float, re.findall(r"-?[\d.]+", path)))
        points = zip(numbers[::2], numbers[1::2], strict=True)
        return sorted((round(x), round(y)) for x, y in points)

    learnt = ends(reader.page.evaluate(_BORDERS, picture.locator("svg").element_handle()))
    assert len(learnt) == 6
    for point, other in zip(learnt, ends(still), strict=True):
        assert point == pytest.approx(other, abs=4)


def test_home_picture_goes_on_learning_when_a_point_is_moved(sites, visit):
    """Orange dragged to the left: its region grows, and the loss with it."""
    reader = visit(reduced_motion="reduce")
    page = reader.page
    open_page(reader, sites["student"].url + "book/intro.html")
    picture = page.locator('.home-picture[data-state="rests"]')
    picture.wait_for()
    before = page.evaluate(_BORDERS, picture.locator("svg").element_handle())
    told = page.locator(".home-bar span")
    loss = float(told.text_content().split()[-1])
    point = page.locator(".home-picture circle.orange").last
    box, frame = point.bounding_box(), page.locator(".home-picture svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.1 * frame["width"], frame["y"] + 0.9 * frame["height"], steps=4)
    page.mouse.up()
    page.wait_for_function(
        """(loss) => loss
          < Number(document.querySelector('.home-bar span').textContent.split(' ').at(-1))""",
        arg=1.5 * loss,
    )
    picture.wait_for()
    assert page.evaluate(_BORDERS, picture.locator("svg").element_handle()) != before


def test_home_tells_what_was_read(sites, plain_reader):
    """The map of the chapters says which its reader has ticked off."""
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    plain_reader.page.get_by_label("I have read this chapter").check()
    open_page(plain_reader, sites["student"].url + "book/intro.html")
    rows = plain_reader.page.locator(".book-map > li")
    expect(rows.nth(2).locator(".map-progress")).to_have_text("read")
    expect(rows.nth(1)).not_to_contain_text("read")
    rows.nth(2).get_by_role("link").click()
    plain_reader.page.wait_for_url("**/coin_mle/coin_mle.html")


def test_download_is_the_released_notebook(sites, plain_reader, built_book):
    """The download button of a chapter gives the notebook that nbgrader released."""
    open_page(plain_reader, sites["student"].chapter("coin_mle"))
    with plain_reader.page.expect_download() as started:
        plain_reader.page.locator("a[href$='.ipynb']:visible").first.click()
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


def test_dark_mode(sites, plain_reader):
    """The button turns the page dark, and the choice outlives a visit to another page."""
    site = sites["student"]
    open_page(plain_reader, site.chapter("coin_mle"))
    background, ink = map(brightness, plain_reader.page.evaluate(_COLOURS))
    assert background > 0.9 > 0.4 > ink
    button = plain_reader.page.locator("button.theme-switch-button:visible").first
    for _ in range(3):  # the button goes round light, dark and the system's choice
        button.click()
        if plain_reader.page.locator("html").get_attribute("data-theme") == "dark":
            break
    open_page(plain_reader, site.chapter("sigmoid"))
    expect(plain_reader.page.locator("html")).to_have_attribute("data-theme", "dark")
    background, ink = map(brightness, plain_reader.page.evaluate(_COLOURS))
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


# Of each there is at least one on a chapter's page.
_CONTROLS = {
    "way to another chapter": ".bd-sidebar-primary a",
    "search": "button[aria-label=Search]",
    "colours": "button.theme-switch-button",
    "notebook": "a[download]",
    "section": ".bd-sidebar-secondary a",
    "answer to a question": ".quiz-choice input",
    "button that checks the answer": ".quiz-check button",
    "slider of a figure": ".vega-figure input[type=range]",
    "tick of the chapter": ".chapter-read input",
    "next page": "a.right-next",
}
_INDICES = """(kind) => [...document.querySelectorAll(kind)]
  .map((element) => element.dataset.reachable).filter(Boolean)"""


# After a jump from the end of a page to its top the theme goes on showing the last section's parts
# in the contents, until another section has come into sight.
_SHOW_A_SECTION = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const section = document.querySelectorAll("article h2")[1].getBoundingClientRect().top + scrollY;
  for (const top of [section - 80, 0]) {
    scrollTo({ top, behavior: "instant" });
    await frame();
    await frame();
  }
}"""


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
    page.evaluate("document.activeElement.blur()")
    page.evaluate(SCROLL)  # figures have their controls when they are drawn
    page.evaluate(_SHOW_A_SECTION)
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
    for control, kind in _CONTROLS.items():
        assert page.evaluate(_INDICES, kind), f"no {control} within reach"
    page.locator("a.right-next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sigmoid/sigmoid.html")
