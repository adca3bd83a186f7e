"""One page of the book in a browser: what it asks of its reader, and what is wrong with it.

A page is opened once, as wide as a phone, read from its top to its end, widened to a tablet and a
desktop, and searched by axe-core in both colour schemes.
"""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe

from .phone import PhoneAudit, look_as_phone

# A phone, a tablet, a desktop. Figures are drawn as wide as the first, which is the hardest.
WIDTHS = (390, 820, 1280)
HEIGHT = 900
PAPER = {"width": 680, "height": 1000}  # A4 within its margins, in the pixels of CSS
MOST_BYTES = 1_500_000
SERIOUS = ("serious", "critical")
# Style sheets are not fetched once more, which pages opened from a file may not do.
AXE = {"preload": False, "resultTypes": ["violations"]}
CONTRAST, LINKS = "color-contrast", "link-in-text-block"
COMPRESSED = {".png", ".jpg", ".woff", ".woff2", ".ipynb"}

TYPESET = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}"""
# Resolves when the page has been scrolled to its end and its figures are drawn.
SCROLL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    window.scrollTo(0, y);
    await frame();
    await frame();
  }
  const late = () => document.querySelector('.vega-figure:not([data-state="live"])');
  for (let wait = 0; late() && wait < 600; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  window.scrollTo(0, 0);
}"""
FORMULAS = """() => {
  const found = [...document.querySelectorAll("article :is(div.math, span.math)")]
    .filter((formula) => !formula.querySelector("mjx-math"))
    .map((formula) => `${formula.textContent.trim().slice(0, 60)} is not set`);
  for (const error of document.querySelectorAll('mjx-merror, mtext[mathcolor="red"]')) {
    found.push(`${error.textContent.slice(0, 60)} cannot be set`);
  }
  const article = document.querySelector("article") ?? document.body;
  const words = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const text = words.currentNode;
    const code = text.parentElement.closest("pre, code, script, style, .math, mjx-container");
    if (!code && /\\\\[a-zA-Z([]{1}|\\$\\$/.test(text.data)) {
      found.push(`${text.data.trim().slice(0, 60)} is TeX`);
    }
  }
  return found;
}"""
FIGURES = """() => [
  ...[...document.querySelectorAll("article img")].filter((i) => !i.alt.trim())
    .map((i) => `${i.src} without description`),
  ...[...document.querySelectorAll(".vega-figure-still")]
    .filter((f) => !f.getAttribute("aria-label")?.trim())
    .map((f) => `${f.parentElement.id} without description`),
  ...[...document.querySelectorAll('.vega-figure:not([data-state="live"])')]
    .map((f) => `${f.id} does not move`),
]"""
HEADINGS = """() => {
  const found = [];
  let above = 0;
  for (const heading of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")) {
    if (!heading.checkVisibility()) continue; // the title on paper
    const level = Number(heading.localName[1]);
    if (level > above + 1 || (level === 1 && above)) {
      found.push(`${heading.textContent.trim()}, of level ${level}, follows one of level ${above}`);
    }
    above = level;
  }
  return above ? found : ["there is none"];
}"""
WIDER = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}"""
PRINT = "(event) => window.dispatchEvent(new Event(event))"
CUT = """() => [...document.querySelectorAll("article :is(mjx-math, pre, table, img, svg)")]
  .filter((element) => element.checkVisibility()
    && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => (element.closest("mjx-container") ?? element).textContent.trim().slice(0, 60)
    || element.outerHTML.slice(0, 60))"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
# The drawings of formulas are thousands of boxes, hidden from screen readers, which read the MathML
# beside them. axe takes most of its time for them even where they are excluded.
REMOVE = "(kind) => document.querySelectorAll(kind).forEach((element) => element.remove())"
# So that no colour is on its way when it is looked at.
AT_ONCE = "* { transition: none !important; }"
THEME = "(theme) => document.documentElement.dataset.theme === theme"
# Notes of each text its colour, its size, and the colours of what it stands on.
NOTE_LOOKS = """() => {
  const grounds = new Map([[null, ""]]);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter].join(" ");
      const plain = own === "rgba(0, 0, 0, 0) none 1 none" ? "" : `${own};`;
      grounds.set(element, ground(element.parentElement) + plain);
    }
    return grounds.get(element);
  };
  window.looks ??= new Map();
  for (const element of document.body.querySelectorAll(":not(script, style)")) {
    const box = element.getBoundingClientRect();
    const words = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (words && box.width > 2 && box.height > 2 && box.right > 0 && element.checkVisibility(
        { visibilityProperty: true, opacityProperty: true })) {
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
      const look = [ground(element), color, fontSize, fontWeight, textShadow].join(";");
      window.looks.set(element, `${window.looks.get(element)}/${look}`);
    }
  }
}"""
# Leaves three texts of each look, and links with the words around them: to measure the contrast of
# the same two colours a thousand times takes axe a minute on a page.
THIN = """() => {
  const seen = new Map();
  for (const [element, look] of window.looks) {
    seen.set(look, (seen.get(look) ?? 0) + 1);
    if (seen.get(look) > 3 && !element.closest("a") && !element.querySelector("a")) {
      [...element.childNodes].filter((n) => n.nodeType === 3).forEach((n) => n.remove());
    }
  }
}"""


@dataclass
class PageAudit:
    """What was found on one page.

    Parameters
    ----------
    page : str
        The file, relative to the site.
    opened : int
        Bytes of the page and all that it loads when it is opened.
    scrolled : int
        Bytes with everything scrolled into view, compressed as a web server sends them.
    milliseconds : float
        Until the first content was painted.
    phone : PhoneAudit
        What a phone shows of it.
    problems : list of str
        What makes the audit fail.
    """

    page: str
    opened: int = 0
    scrolled: int = 0
    milliseconds: float = 0.0
    phone: PhoneAudit = field(default_factory=PhoneAudit)
    problems: list[str] = field(default_factory=list)


def site_pages(site: Path) -> list[str]:
    """List the pages of a site, but for those that only lead to another one."""
    return sorted(
        page.relative_to(site).as_posix()
        for page in site.rglob("*.html")
        if 'http-equiv="Refresh"' not in page.read_text(encoding="utf-8")
    )


def sent_bytes(path: Path) -> int:
    """Return the size of a file as a web server sends it, compressed where that helps."""
    content = path.read_bytes()
    return len(content) if path.suffix in COMPRESSED else len(gzip.compress(content, 6))


def visit_page(browser, site: Path, name: str, url: str | None = None) -> PageAudit:
    """Open one page of a site and say what it asks of its reader.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        A browser.
    site : Path
        The folder of the site.
    name : str
        The page, relative to it.
    url : str, optional
        Where the site is served. By default its pages are opened from their files.

    Returns
    -------
    PageAudit
        Sizes, times and problems.
    """
    site = site.resolve()
    url = url or f"{site.as_uri()}/"
    found = PageAudit(name)
    context = browser.new_context(
        color_scheme="light", viewport={"width": WIDTHS[0], "height": HEIGHT}
    )
    page, requests = context.new_page(), []
    _listen(page, requests, found.problems)
    page.goto(url + name)
    page.evaluate(TYPESET)
    found.opened = sum(path.stat().st_size for path in _files(requests, site, url))
    found.milliseconds = page.evaluate(PAINT)
    page.evaluate(SCROLL)
    found.scrolled = sum(map(sent_bytes, _files(requests, site, url)))
    for kind, script in [("formula", FORMULAS), ("figure", FIGURES), ("heading", HEADINGS)]:
        found.problems += [f"{kind}: {problem}" for problem in page.evaluate(script)]
    found.phone = look_as_phone(page)
    found.problems += [f"phone: {problem}" for problem in found.phone.problems]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if (wider := page.evaluate(WIDER)) > 0:
            found.problems.append(f"{wider} pixels wider than a screen of {width}")
    found.problems += [f"wider than the paper: {cut}" for cut in _cut_on_paper(page)]
    found.problems += _violations(page)
    held = (url, "data:", "blob:", "about:")
    found.problems += [
        f"asks for {asked}" for asked in dict.fromkeys(requests) if not asked.startswith(held)
    ]
    context.close()
    if found.opened > MOST_BYTES:
        found.problems.append(f"takes {found.opened:,} bytes at opening")
    if found.scrolled > MOST_BYTES:
        found.problems.append(f"takes {found.scrolled:,} bytes compressed")
    return found


def _listen(page, requests, problems):
    """Write down what a page asks for, and what it complains of."""
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: problems.append(f"failed: {request.url}"))
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning") and problems.append(f"console: {message.text}")
        ),
    )


def _files(requests, site, url):
    """Return the files of the site that were asked for, each once."""
    names = {urlsplit(asked).path for asked in requests if asked.startswith(url)}
    above = len(urlsplit(url).path)
    paths = [site / unquote(name[above:]) for name in sorted(names)]
    return [path for path in paths if path.is_file()]


def _cut_on_paper(page):
    """Return what runs over the margin when the page is printed; leave the page as it was."""
    screen = page.viewport_size
    page.evaluate(PRINT, "beforeprint")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    cut = page.evaluate(CUT)
    page.emulate_media(media="screen")
    page.set_viewport_size(screen)
    page.evaluate(PRINT, "afterprint")
    return cut


def _violations(page):
    """Yield what axe-core finds serious or critical, with the colour scheme in which it does."""
    page.evaluate(REMOVE, "mjx-math")
    yield from _axe(page, "light", {"rules": {CONTRAST: {"enabled": False}}})
    page.evaluate(REMOVE, "mjx-container")
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(NOTE_LOOKS)
    _turn(page, "dark")
    page.evaluate(NOTE_LOOKS)
    page.evaluate(THIN)
    yield from _axe(page, "dark", {"runOnly": [CONTRAST, LINKS]})
    _turn(page, "light")
    yield from _axe(page, "light", {"runOnly": [CONTRAST]})


def _turn(page, theme):
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(THEME, arg=theme)


def _axe(page, theme, options):
    for violation in Axe().run(page, options=AXE | options).response["violations"]:
        if violation["impact"] in SERIOUS:
            for node in violation["nodes"]:
                yield f"{theme}: {violation['impact']} {violation['id']}: {node['html'][:120]}"
