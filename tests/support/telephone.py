"""A telephone that keeps what its browser stores, and fingers that write on it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from browsing import BROWSERS, OPTIONS, PATIENCE
from desk import Desk
from playwright.sync_api import BrowserContext, Page, Playwright

SCREEN = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
# What a screen's keyboard commits at once: a word, a run of blanks, or a sign.
STROKES = re.compile(r"\w+| +|[^\w\s]")
LINE_OF_CURSOR = """() => {
    const { anchorNode } = getSelection();
    const element = anchorNode.nodeType === Node.TEXT_NODE ? anchorNode.parentElement : anchorNode;
    return element.closest(".cm-line").textContent;
}"""


def switch_on(playwright: Playwright, profile: Path) -> BrowserContext:
    """Open the telephone's browser with its profile, which outlives it."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=program, args=OPTIONS, **SCREEN
    )
    context.set_default_timeout(PATIENCE)
    return context


class Fingers:
    """Somebody who writes with the keys on the screen: text is committed, no key is pressed.

    Parameters
    ----------
    page : Page
        The page.
    name : str
        The exercise.
    """

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.desk = page, Desk(page, name)

    def tap(self, what: str) -> None:
        """Tap a button of the exercise."""
        self.desk.place.locator(f'[data-do="{what}"]').tap()

    def key(self, name: str) -> None:
        """Tap a key of the row below the editor."""
        self.desk.place.locator(".workplace-keys").get_by_label(name, exact=True).tap()

    def clear(self) -> None:
        """Take everything out: "select all" of the screen's menu, and the key that deletes."""
        self.desk.editor.tap()
        self.page.evaluate("document.execCommand('selectAll')")
        self.page.keyboard.press("Backspace")

    def write(self, text: str) -> None:
        """Write into the empty editor, line by line, with the indentation that the lines have."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.page.keyboard.press("Enter")
            self._indent(len(line) - len(line.lstrip()), bool(line.strip()))
            for stroke in STROKES.findall(line.strip()):
                if stroke in "()":
                    self.key(stroke)
                else:
                    self.page.keyboard.insert_text(stroke)

    def _indent(self, wanted: int, is_text: bool) -> None:
        there = self.page.evaluate(LINE_OF_CURSOR)
        if not is_text:
            return
        steps = (wanted - (len(there) - len(there.lstrip()))) // 4
        for _ in range(abs(steps)):
            self.key("Indent more" if steps > 0 else "Indent less")


def is_plain(source: str) -> bool:
    """Tell whether the editor adds nothing to a source that is written line by line."""
    lines = source.split("\n")
    balanced = all(line.count(a) == line.count(b) for line in lines for a, b in ("()", "[]", "{}"))
    return balanced and '"""' not in source and "'''" not in source
