"""``make bundle``: the course in one file, for readers without a network.

``_build/linear-classification.zip`` holds the student's edition of the book, the released notebooks
and what a machine needs to run them. It is searched for solutions and for what leads out of it
before it is written; the same sources give the same bytes.
"""

import argparse
import shutil
import sys
import tempfile
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from publishing.notebooks.checks import check_releases
from publishing.notebooks.files import chapters_in_order, released_notebook

from .build import SITES
from .leaks import find_leaks
from .offline import find_requests

NAME = "linear-classification"
MOMENT = (2026, 1, 1, 0, 0, 0)  # of every file in the archive
README = """Linear classification

Open book/index.html in a browser: the whole course, without internet.

notebooks/ holds the notebooks with the exercises, one folder for each chapter. To work on them you
need Python 3.11 or newer. In a terminal, in this folder:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements-student.txt
    .venv/bin/jupyter lab notebooks

(on Windows .venv\\Scripts\\pip and .venv\\Scripts\\jupyter). The installation needs internet once.
"""


class BundleError(Exception):
    """The course cannot be bundled; the message says why, a line for each reason."""


def way_out(folder):
    """Find what leads out of a folder of pages, or to nothing in it.

    Parameters
    ----------
    folder : Path
        The unpacked bundle.

    Returns
    -------
    list of str
        A sentence for each address that is absolute, leads above the folder, or has no file.
    """
    folder = folder.resolve()
    found = []
    for page in sorted(folder.rglob("*.html")):
        reader = _Addresses()
        reader.feed(page.read_text(encoding="utf-8"))
        for address in dict.fromkeys(reader.found):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not parts.path:  # a link to follow, or this page
                if parts.scheme == "file":
                    found.append(f"{page.relative_to(folder)}: {address} is on one machine only")
                continue
            target = (page.parent / unquote(parts.path)).resolve()
            if parts.path.startswith("/") or not target.is_relative_to(folder):
                found.append(f"{page.relative_to(folder)}: {address} leads out of the bundle")
            elif not target.exists():
                found.append(f"{page.relative_to(folder)}: {address} is not in the bundle")
    return found


class _Addresses(HTMLParser):
    """Collects what a page links to, and what it loads."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def collect(root, folder):
    """Put the content of the bundle into a folder.

    Parameters
    ----------
    root : Path
        The folder of the course, built and released.
    folder : Path
        A folder that does not exist yet.
    """
    site = root / SITES["student"]
    if not (site / "index.html").is_file():
        raise BundleError("there is no book: run 'make book'")
    check_releases(root)
    shutil.copytree(site, folder / "book")
    for chapter in chapters_in_order(root):
        target = folder / "notebooks" / chapter / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True)
        shutil.copyfile(released_notebook(root, chapter), target)
    shutil.copyfile(root / "requirements-student.txt", folder / "requirements-student.txt")
    (folder / "README.txt").write_text(README, encoding="utf-8")


def bundle(root):
    """Write the bundle.

    Parameters
    ----------
    root : Path
        The folder of the course, built and released.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    BundleError
        If something is missing, leads out of the bundle, or is not for students.
    """
    root = Path(root).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / NAME
        collect(root, folder)
        problems = [f"{leak.file}: {leak}" for leak in find_leaks(folder, root)]
        problems += [f"{request.page}: {request}" for request in find_requests(folder)]
        problems += way_out(folder)
        if problems:
            raise BundleError("\n".join(problems))
        archive = root / "_build" / f"{NAME}.zip"
        part = archive.with_suffix(".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    name = path.relative_to(folder.parent).as_posix()
                    entry = zipfile.ZipInfo(name, MOMENT)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.external_attr = 0o644 << 16
                    packed.writestr(entry, path.read_bytes())
        part.replace(archive)
    return archive


def main(arguments=None, course=Path()):
    """Write the bundle of a course; return the exit code."""
    argparse.ArgumentParser(prog="python -m publishing bundle", description=__doc__).parse_args(
        arguments
    )
    try:
        archive = bundle(course)
    except BundleError as error:
        print(f"Error: nothing was bundled:\n{error}", file=sys.stderr)
        return 1
    print(f"{archive} ({archive.stat().st_size / 1e6:.1f} MB)")
    return 0
