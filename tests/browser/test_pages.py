"""Every page of both editions in a browser, over http."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from browsing import is_foreign, launch

from publishing.audit.page import site_pages, visit_page
from publishing.audit.phone import MOST_SCROLLING

# Of the instructor's edition, every day: the heaviest chapter, another one, and what it alone has.
OF_INSTRUCTORS = ("coin_mle.html", "evaluation.html", "api_reference.html")
VISITS = [
    pytest.param("student", ".html", marks=pytest.mark.xdist_group("browser-pages-student")),
    pytest.param(
        "instructor", OF_INSTRUCTORS, marks=pytest.mark.xdist_group("browser-pages-instructor")
    ),
    pytest.param(
        "instructor",
        ".html",
        marks=[pytest.mark.thorough, pytest.mark.xdist_group("browser-pages-instructor")],
    ),
]


def asked_by_pages(log, host):
    """Return what pages of a host asked for, by the browser's own log of the network.

    What no page caused is left out: after a minute Chromium looks for news of its own parts.
    """
    events = [event.get("params", {}) for event in json.loads(log.read_text())["events"]]
    return {
        event["url"]
        for event in events
        if "url" in event
        and (host in event.get("initiator", "") or host in event.get("network_isolation_key", ""))
    }


@pytest.mark.parametrize(("edition", "endings"), VISITS)
def test_every_page(playwright, sites, edition, endings, tmp_path):
    """Each page is light, whole on a phone, usable by all, and asks no other host for anything."""
    site, log = sites[edition], tmp_path / "net.json"
    browser = launch(playwright, f"--log-net-log={log}")
    pages = [page for page in site_pages(site.folder) if str(page).endswith(endings)]
    assert len(pages) >= len(OF_INSTRUCTORS)
    looks = set()
    audits = [visit_page(browser, site.folder, page, site.url, looks) for page in pages]
    browser.close()
    problems = [f"{audit.page}: {problem}" for audit in audits for problem in audit.problems]
    asked = asked_by_pages(log, urlsplit(site.url).hostname)
    assert {site.chapter("coin_mle"), f"{site.url}_static/vega-bundle.js"} <= asked
    problems += [f"request to {url}" for url in sorted(asked) if is_foreign(url)]
    scrolling = {audit.page: audit.phone.scrolling for audit in audits if audit.phone.scrolling}
    if edition == "student" and sum(map(len, scrolling.values())) > MOST_SCROLLING:
        problems.append(f"formulas that scroll on a phone: {scrolling}")
    assert sum(audit.phone.markers for audit in audits) > (100 if edition == "student" else 10)
    assert not problems, "\n".join(problems)
