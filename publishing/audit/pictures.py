"""``python -m publishing pictures``: the README's two pictures.

An exercise that is done in its page, and the first page of the sample class's report, as
``make run`` makes both.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from .report import BROWSERS, SWITCHES

BOOK = "_build/html/book/sigmoid/sigmoid.html"
REPORT = "report/index.html"
_EXERCISE = "sigmoid"
_ANSWER = "def sigmoid(a):\n    return 1 / (1 + np.exp(a))\n"
"""A sign is lost, and a test says so."""


def show_exercise(page: Page, first: Path) -> bytes:
    """Return a picture of an exercise whose answer was run.

    Parameters
    ----------
    page : Page
        In which it is opened.
    first : Path
        The chapter.
    """
    page.set_viewport_size({"width": 1090, "height": 1000})
    page.goto(first.resolve().as_uri())
    place = page.locator(f'section.exercise[data-exercise="{_EXERCISE}"]')
    place.locator('[data-do="write"]').click()
    place.locator(".cm-content").wait_for()
    page.evaluate("([name, text]) => window.course.write(name, text)", [_EXERCISE, _ANSWER])
    place.locator('[data-do="run"]').click()
    page.locator(f'section.exercise[data-exercise="{_EXERCISE}"][data-state="done"]').wait_for()
    return place.screenshot()


def show_report(page: Page, first: Path) -> bytes:
    """Return a picture of the top of a report, from its assignments on.

    Parameters
    ----------
    page : Page
        In which it is opened.
    first : Path
        The report's first page.
    """
    page.set_viewport_size({"width": 1090, "height": 930})
    page.goto(first.resolve().as_uri())
    # What a gradebook lacks is no news in a picture.
    top = page.locator("#look").bounding_box()["y"] - 20
    return page.screenshot(full_page=True, clip={"x": 0, "y": top, "width": 1090, "height": 930})


PICTURES = {"exercise": (BOOK, show_exercise), "report": (REPORT, show_report)}


def main(arguments: Sequence[str] | None = None, course: Path = Path()) -> int:
    """Take both pictures, or those that are named; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(PICTURES)}")
    names = parser.parse_args(arguments).names or list(PICTURES)
    if unknown := set(names) - set(PICTURES):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    with sync_playwright() as started:
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = started.chromium.launch(executable_path=program, args=SWITCHES)
        for name in names:
            where, show = PICTURES[name]
            first = course / where
            if not first.exists():
                print(f"{first} is missing: run `make run` first", file=sys.stderr)
                return 1
            shot = show(browser.new_page(color_scheme="light"), first)
            place = course / "docs" / f"{name}.webp"
            Image.open(io.BytesIO(shot)).save(place, quality=75, method=6)
        browser.close()
    return 0
