"""A browser window that remembers what it asked for, and pictures of what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Screenshots of failures; with COURSE_PICTURES=1 in the environment also one of every step.
SCREENSHOTS = Path(__file__).parents[1] / "browser" / "screenshots"
PATIENCE = 90_000  # milliseconds that a condition may take on a busy machine
OPTIONS = [
    "--no-sandbox",  # as root there is no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page, or Chromium itself, would ask of other machines is not even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

open_pages: list[Page] = []


def launch(playwright: Playwright, *options: str, **settings) -> Browser:
    """Start Debian's Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, "no browser: `make test` installs one, or says what to do"
    return playwright.chromium.launch(
        executable_path=program, args=[*OPTIONS, *options], **settings
    )


class Visitor:
    """One person's browser window, and what it has asked for and complained about.

    Parameters
    ----------
    browser : Browser
        Where the window opens, with storage of its own.
    formulas : bool
        Whether formulas are set, which takes most of the time in which a chapter is opened.
    **settings : object
        What Playwright's ``new_context`` takes: colour scheme, size of the window.
    """

    def __init__(self, browser: Browser, *, formulas: bool = True, **settings) -> None:
        settings = {"viewport": {"width": 1280, "height": 900}, **settings}
        self.context = browser.new_context(**settings)
        self.context.set_default_timeout(PATIENCE)
        if not formulas:
            self.context.route("**/mathjax/**", lambda route: route.fulfill(body=""))
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("page", lambda page: open_pages.append(page))
        self.page = self.context.new_page()

    def _hear(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    @property
    def foreign(self) -> list[str]:
        """The requests that went to another host."""
        return [url for url in self.requests if is_foreign(url)]

    def close(self) -> None:
        """Close the window."""
        for page in self.context.pages:
            open_pages.remove(page)
        self.context.close()


def is_foreign(url: str) -> bool:
    """Whether an address lies outside of this machine."""
    parts = urlsplit(url)
    local = parts.scheme in ("data", "blob", "file", "about", "chrome", "devtools")
    return not local and parts.hostname not in ("127.0.0.1", "localhost")


def picture(page: Page, name: str) -> Path:
    """Keep a picture of a page."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^a-zA-Z0-9]+', '-', name).strip('-')}.png"
    page.screenshot(path=path)
    return path
