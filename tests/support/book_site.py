"""An edition of the book, served on this machine, and what a browser can be asked about a page."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from browsing import Visitor
from playwright.sync_api import Locator, Page, expect

from publishing.audit.page import TYPESET


class Site:
    """One edition of the book, served on this machine.

    Parameters
    ----------
    folder : Path
        Where the edition was built.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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


def open_page(visitor: Visitor, url: str) -> None:
    """Open a page and wait until its formulas are set."""
    visitor.page.goto(url)
    visitor.page.evaluate(TYPESET)


def move_figure(figure: Locator) -> None:
    """Press an arrow key on the first control of a figure; the drawing must change."""
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-state", "live")
    drawn = figure.locator(".vega-figure-live svg")
    before = drawn.inner_html()
    control = figure.locator("input, select").first
    control.focus()
    at_its_end = control.evaluate("control => control.value === control.max")
    figure.page.keyboard.press("ArrowLeft" if at_its_end else "ArrowRight")
    expect(drawn).not_to_have_js_property("innerHTML", before)


def search(page: Page, words: str) -> Locator:
    """Type words into the search field of a page; return the links that are found."""
    page.get_by_role("button", name="Search").first.click()
    field = page.locator("#pst-search-dialog input")
    field.fill(words)
    field.press("Enter")
    results = page.locator("#search-results li a")
    expect(results.first).to_be_visible()
    return results
