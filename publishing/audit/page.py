"""One page of the book in a browser: what it asks of its reader, and what is wrong with it.

A page is opened once, as wide as a phone, read from its top to its end, widened to a tablet and a
desktop, and searched by axe-core in both colour schemes.
"""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe

from .phone import PhoneAudit, look_as_phone, resize
from .scripts import function_of

# A phone, a tablet, a desktop. Figures are drawn as wide as the first, which is the hardest.
WIDTHS = (390, 820, 1280)
HEIGHT = 900
PAPER = {"width": 680, "height": 1000}  # A4 within its margins, in the pixels of CSS
MOST_BYTES = 1_500_000
SERIOUS = ("serious", "critical")
# Style sheets are not fetched once more, which pages opened from a file may not do.
AXE = {"preload": False, "resultTypes": ["violations"]}
BY_COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = "(options) => axe.run(options).then((found) => found.violations)"
COMPRESSED = {".png", ".jpg", ".woff", ".woff2", ".ipynb"}

TYPESET = function_of("page", "typeset")
SCROLL = function_of("page", "scroll")
FORMULAS = function_of("page", "formulas")
FIGURES = function_of("page", "figures")
HEADINGS = function_of("page", "headings")
WIDER = function_of("page", "excessWidth")
PRINT = function_of("page", "dispatch")
CUT = function_of("page", "cutOnPaper")
PAINT = function_of("page", "firstPaint")
REMOVE = function_of("page", "remove")
# So that no colour is on its way when it is looked at.
AT_ONCE = "* { transition: none !important; }"
THIN_FORMULAS = function_of("page", "thinFormulas")
THEME = function_of("page", "hasTheme")
NOTE_LOOKS = function_of("page", "noteLooks")
THIN = function_of("page", "thinLooks")


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


def visit_page(
    browser, site: Path, name: str, url: str | None = None, looks: set[str] | None = None
) -> PageAudit:
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
    looks : set of str, optional
        How texts looked whose contrast was measured on earlier pages; those of this page are added.

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
    # The paper before the last screen, so that this is laid out once.
    *narrower, desktop = WIDTHS
    for width in narrower:
        found.problems += _too_wide(page, width)
    found.problems += [f"wider than the paper: {cut}" for cut in _cut_on_paper(page)]
    found.problems += _too_wide(page, desktop)
    found.problems += _violations(page, set() if looks is None else looks)
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


def _too_wide(page, width):
    """Yield by how much the page is wider than a screen of a width, which the page keeps."""
    resize(page, width, HEIGHT)
    if (wider := page.evaluate(WIDER)) > 0:
        yield f"{wider} pixels wider than a screen of {width}"


def _cut_on_paper(page):
    """Return what runs over the margin when the page is printed; it keeps the paper's width."""
    page.evaluate(PRINT, "beforeprint")
    page.emulate_media(media="print")
    resize(page, **PAPER)
    cut = page.evaluate(CUT)
    page.emulate_media(media="screen")
    page.evaluate(PRINT, "afterprint")
    return cut


def _violations(page, looks):
    """Yield what axe-core finds serious or critical, with the colour scheme in which it does."""
    page.evaluate(REMOVE, "mjx-math")
    page.evaluate(THIN_FORMULAS)
    page.evaluate(Axe().axe_script)
    by_colours = {rule: {"enabled": False} for rule in BY_COLOURS}
    yield from _axe(page, "light", {"rules": by_colours})
    page.evaluate(REMOVE, "mjx-container")
    page.add_style_tag(content=AT_ONCE)
    page.evaluate(NOTE_LOOKS)
    _turn(page, "dark")
    page.evaluate(NOTE_LOOKS)
    looks.update(page.evaluate(THIN, sorted(looks)))
    yield from _axe(page, "dark", {"runOnly": BY_COLOURS})
    _turn(page, "light")
    yield from _axe(page, "light", {"runOnly": BY_COLOURS})


def _turn(page, theme):
    page.emulate_media(color_scheme=theme)
    page.wait_for_function(THEME, arg=theme)


def _axe(page, theme, options):
    for violation in page.evaluate(RUN_AXE, AXE | options):
        if violation["impact"] in SERIOUS:
            for node in violation["nodes"]:
                yield f"{theme}: {violation['impact']} {violation['id']}: {node['html'][:120]}"
