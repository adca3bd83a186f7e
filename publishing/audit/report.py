"""``make audit``: what the book asks of its readers, as a browser sees it.

Every page of both editions is opened in Chromium, from its file (see `publishing.audit.page`).
Printed are bytes, time and findings. A page that is too heavy, asks another host for something,
shows an error, cannot be used by all, or is cut on a phone makes the audit fail.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from publishing.notebooks.coverage import coverage
from publishing.notebooks.files import chapter_names, chapter_notebook
from publishing.site.build import SITES

from .page import PageAudit, site_pages, visit_page
from .phone import MOST_SCROLLING, PHONES

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_MILLISECONDS = 1_000


def audit_sites(sites: Sequence[Path]) -> dict[Path, list[PageAudit]]:
    """Audit every page of some sites, in one browser; print a line as each page is done."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        raise FileNotFoundError("no Chromium: ./install.sh test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=SWITCHES)
        audits, looks = {site: [] for site in sites}, set()
        for site in sites:
            print(f"\n{site}\n{'page':44} {'opened':>8} {'sent':>8} {'painted':>8}  problems")
            for page in site_pages(site):
                audit = visit_page(browser, site, page, looks=looks)
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


def mutant_line(root: Path) -> str:
    """Say how many mutants of right answers the exercises' tests kill.

    Parameters
    ----------
    root : Path
        The folder of the course, with what ``make mutants`` has counted.

    Returns
    -------
    str
        The sums over the chapters, and which of them were not hunted since they were changed.
    """
    counted = root / "_build" / "mutants.json"
    counts = json.loads(counted.read_text(encoding="utf-8")) if counted.exists() else {}
    names = chapter_names(root)
    stale = [
        name
        for name in names
        if name not in counts
        or chapter_notebook(root, name).stat().st_mtime > counted.stat().st_mtime
    ]
    if len(stale) == len(names):
        return "mutants of right answers: not counted, run `make mutants`"
    sums = {
        what: sum(counts[name][what] for name in names if name not in stale)
        for what in ("mutants", "killed", "kept", "open")
    }
    line = (
        f"mutants of right answers: {sums['mutants']:,}, killed {sums['killed']:,},"
        f" equal {sums['kept']:,}, open {sums['open']:,}"
    )
    return f"{line} (without {', '.join(stale)}: run `make mutants`)" if stale else line


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
        f"formulas that are not set: {sum(p.startswith('formula:') for p in problems)}",
        f"headings out of order: {sum(p.startswith('heading:') for p in problems)}",
        f"formulas that scroll at {PHONES[0]} pixels: {most_scrolling(audits)} of a site",
        f"smallest letter in a figure: {min(a.phone.smallest for a in everything):.1f} pixels",
        f"markers of lists seen: {sum(a.phone.markers for a in everything):,}",
        f"cut, hidden or covered on a phone: {sum(p.startswith('phone:') for p in problems)}",
    ]


def most_scrolling(audits: dict[Path, list[PageAudit]]) -> int:
    """Return how many displayed formulas scroll on a phone, in the site that has most of them."""
    return max(sum(len(a.phone.scrolling) for a in pages) for pages in audits.values())


def main(arguments: Sequence[str] | None = None, course: Path = Path()) -> int:
    """Audit the built editions of a course; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing audit", description=__doc__)
    parser.add_argument("sites", nargs="*", type=Path, help="default: both editions")
    options = parser.parse_args(arguments)
    sites = options.sites or [course / site for site in SITES.values()]
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
    lines, is_complete = equation_lines(course)
    print("\n".join(lines))
    print(mutant_line(course))
    too_slow = [a for pages in audits.values() for a in pages if a.milliseconds > MOST_MILLISECONDS]
    for audit in too_slow:  # told, and no failure: another program may have been busy
        print(f"slow: {audit.page} took {audit.milliseconds:.0f} ms")
    found = any(audit.problems for pages in audits.values() for audit in pages)
    found = found or most_scrolling(audits) > MOST_SCROLLING
    return 1 if found or not is_complete else 0
