"""An edition of the book, served on this machine, and what a browser can be asked about a page."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from browsing import Visitor

from publishing.visit import TYPESET


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
