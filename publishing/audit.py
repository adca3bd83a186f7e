"""``make audit``: what the book asks of its readers, as a browser sees it.

Every page of both editions is opened in Chromium, from its file and without a network, scrolled
to its end, and searched by axe-core in both colour schemes. Printed are bytes, time and findings. A
page that is too heavy, asks another host for something, shows an error, or cannot be used by all
makes the audit fail.
"""

import argparse
import gzip
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from .build import SITES
from .sources import coverage

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST_BYTES = 1_500_000
MOST_MILLISECONDS = 1_000
SERIOUS = ("serious", "critical")
# Style sheets are not fetched once more, which pages opened from a file may not do.
AXE = {"preload": False, "resultTypes": ["violations"]}
# The schemes differ in their colours only.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
COMPRESSED = {".png", ".jpg", ".woff", ".woff2", ".ipynb"}

# Resolves when formulas are set and the page has been scrolled from its top to its end.
TYPESET = "async () => { await window.MathJax?.startup?.promise; }"
SCROLL = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
    window.scrollTo(0, y);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  const late = () => document.querySelector('.vega-figure:not([data-state="live"])');
  for (let wait = 0; late() && wait < 100; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
# The drawings of formulas are thousands of boxes, hidden from screen readers, which read the MathML
# beside them. axe takes most of its time for them even where they are excluded.
REMOVE = "(kind) => document.querySelectorAll(kind).forEach((element) => element.remove())"
DARK = "() => document.documentElement.dataset.theme === 'dark'"
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
    problems : list of str
        What makes the audit fail.
    """

    page: str
    opened: int = 0
    scrolled: int = 0
    milliseconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def sent_bytes(path: Path) -> int:
    """Return the size of a file as a web server sends it, compressed where that helps."""
    content = path.read_bytes()
    return len(content) if path.suffix in COMPRESSED else len(gzip.compress(content, 6))


def audit_page(browser, site: Path, name: str) -> PageAudit:
    """Open one page of a site and say what it asks of its reader.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        A browser.
    site : Path
        The folder of the site.
    name : str
        The page, relative to it.

    Returns
    -------
    PageAudit
        Sizes, times and problems.
    """
    found = PageAudit(name)
    context = browser.new_context(color_scheme="light", viewport=DESKTOP)
    page, requests = context.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: found.problems.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            message.type in ("error", "warning")
            and found.problems.append(f"console: {message.text}")
        ),
    )
    page.goto((site / name).resolve().as_uri())
    page.evaluate(TYPESET)
    page.wait_for_timeout(500)  # fonts of formulas, which arrive after they are set
    found.opened = sum(path.stat().st_size for path in _files(requests))
    found.milliseconds = page.evaluate(PAINT)
    page.evaluate(SCROLL)
    found.scrolled = sum(map(sent_bytes, _files(requests)))
    found.problems += [f"figure: {figure}" for figure in page.evaluate(FIGURES)]
    page.set_viewport_size(PHONE)
    page.wait_for_timeout(300)
    if (wider := page.evaluate(WIDER)) > 0:
        found.problems.append(f"{wider} pixels wider than a phone")
    page.set_viewport_size(DESKTOP)
    page.evaluate(REMOVE, "mjx-math")
    found.problems += [f"light: {violation}" for violation in _violations(page, AXE)]
    page.evaluate(REMOVE, "mjx-container")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    page.wait_for_timeout(300)  # until no colour is on its way any more
    found.problems += [f"dark: {violation}" for violation in _violations(page, AXE | COLOURS)]
    found.problems += [f"asks for {url}" for url in _foreign(requests, site)]
    context.close()
    if found.opened > MOST_BYTES:
        found.problems.append(f"takes {found.opened:,} bytes at opening")
    if found.scrolled > MOST_BYTES:
        found.problems.append(f"takes {found.scrolled:,} bytes compressed")
    return found


def _files(requests):
    """Return the files that were asked for, each once."""
    paths = {Path(unquote(urlsplit(url).path)) for url in requests if url.startswith("file:")}
    return [path for path in sorted(paths) if path.is_file()]


def _foreign(requests, site):
    """Return what was asked for that is not a file of the site."""
    inside = site.resolve().as_uri() + "/"
    held = ("data:", "blob:", "about:")
    return [url for url in dict.fromkeys(requests) if not url.startswith((inside, *held))]


def _violations(page, options):
    for violation in Axe().run(page, options=options).response["violations"]:
        if violation["impact"] in SERIOUS:
            for node in violation["nodes"]:
                yield f"{violation['impact']} {violation['id']}: {node['html'][:120]}"


def audit_sites(sites: Sequence[Path]) -> dict[Path, list[PageAudit]]:
    """Audit every page of some sites, in one browser; print a line as each page is done."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        raise FileNotFoundError("no Chromium: ./install.sh test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=SWITCHES)
        audits = {site: [] for site in sites}
        for site in sites:
            print(f"\n{site}\n{'page':44} {'opened':>8} {'sent':>8} {'painted':>8}  problems")
            for page in sorted(site.rglob("*.html")):
                if 'http-equiv="Refresh"' in page.read_text(encoding="utf-8"):
                    continue
                audit = audit_page(browser, site, page.relative_to(site).as_posix())
                audits[site].append(audit)
                print(
                    f"{audit.page:44} {audit.opened / 1000:5.0f} kB {audit.scrolled / 1000:5.0f} kB"
                    f" {audit.milliseconds:5.0f} ms  {len(audit.problems)}",
                    *(f"\n  {audit.page}: {problem}" for problem in audit.problems),
                    sep="",
                    flush=True,
                )
        browser.close()
    return audits


def equation_lines(root: Path) -> tuple[list[str], bool]:
    """Say how many of the documents' equations the book treats, and whether that is all.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    lines : list of str
        One for each document.
    is_complete : bool
        Whether each equation is treated, or repeats one that is.
    """
    counted = coverage(root)
    lines = [
        f"equations of {one.document}: {one.formulas}, treated {one.treated},"
        f" repetitions {one.repeated}"
        for one in counted
    ]
    return lines, all(one.is_complete for one in counted)


def report(audits: dict[Path, list[PageAudit]]) -> list[str]:
    """Write the sums of an audit as lines of text.

    Parameters
    ----------
    audits : dict of Path to list of PageAudit
        From `audit_sites`.

    Returns
    -------
    list of str
        The lines.
    """
    everything = [audit for pages in audits.values() for audit in pages]
    problems = [problem for audit in everything for problem in audit.problems]
    heaviest = max(everything, key=lambda audit: audit.opened)
    slowest = max(everything, key=lambda audit: audit.milliseconds)
    return [
        "",
        f"pages: {len(everything)}",
        f"heaviest at opening: {heaviest.opened:,} bytes, {heaviest.page}",
        f"most sent, compressed, all in view: {max(a.scrolled for a in everything):,} bytes",
        f"slowest first paint: {slowest.milliseconds:.0f} ms, {slowest.page}",
        "serious or critical by axe-core: "
        f"{sum(p.startswith(('light:', 'dark:')) for p in problems)}",
        f"requests to elsewhere: {sum(p.startswith('asks for') for p in problems)}",
        f"figures without description, or that do not move:"
        f" {sum(p.startswith('figure:') for p in problems)}",
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit the built editions; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing.audit", description=__doc__)
    parser.add_argument("sites", nargs="*", type=Path, help="default: both editions")
    options = parser.parse_args(arguments)
    sites = options.sites or [Path(site) for site in SITES.values()]
    for site in sites:
        if not site.is_dir():
            print(f"Error: there is no site {site}: run `make book`", file=sys.stderr)
            return 1
    try:
        audits = audit_sites(sites)
    except (FileNotFoundError, PlaywrightError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    print("\n".join(report(audits)))
    lines, is_complete = equation_lines(Path())
    print("\n".join(lines))
    too_slow = [a for pages in audits.values() for a in pages if a.milliseconds > MOST_MILLISECONDS]
    for audit in too_slow:  # told, and no failure: another program may have been busy
        print(f"slow: {audit.page} took {audit.milliseconds:.0f} ms")
    found = any(audit.problems for pages in audits.values() for audit in pages)
    return 1 if found or not is_complete else 0


if __name__ == "__main__":
    sys.exit(main())
