"""``python -m publishing.report_picture``: the README's picture of a class report.

It shows the first page of ``report/``, as ``make run`` writes it for the sample class.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from publishing.audit import BROWSERS, SWITCHES

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "report.webp"
_SIZE = (1090, 930)


def take_picture(page: Path, picture: Path) -> None:
    """Take the picture of the top of a page, from its assignments on.

    Parameters
    ----------
    page : Path
        The report's first page.
    picture : Path
        The file to write.
    """
    with sync_playwright() as started:
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = started.chromium.launch(executable_path=program, args=SWITCHES)
        width, height = _SIZE
        view = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        view.goto(page.resolve().as_uri())
        # What a gradebook lacks is no news in a picture.
        top = view.locator("#look").bounding_box()["y"] - 20
        shot = view.screenshot(
            full_page=True, clip={"x": 0, "y": top, "width": width, "height": height}
        )
        browser.close()
    Image.open(io.BytesIO(shot)).save(picture, quality=75, method=6)


if __name__ == "__main__":
    first = ROOT / "report" / "index.html"
    if not first.exists():
        sys.exit(f"{first} is missing: run `make run` first")
    take_picture(first, PICTURE)
