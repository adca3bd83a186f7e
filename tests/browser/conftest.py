"""A browser, a classroom of two JupyterLabs, and pictures of what went wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from book_site import Site
from browsing import PATIENCE, Visitor, launch, open_pages, picture
from courses import ROOT, copy_configuration
from desk import Desk
from lab_server import LabServer
from playwright.sync_api import Page, expect, sync_playwright


@pytest.fixture(scope="module")
def playwright():
    """Playwright, for one module: while it runs, nothing else in this process may use asyncio."""
    with sync_playwright() as running:
        expect.set_options(timeout=PATIENCE)
        yield running


@pytest.fixture(scope="module")
def browser(playwright):
    """One Chromium for the tests of a module."""
    running = launch(playwright)
    yield running
    open_pages.clear()
    running.close()


@pytest.fixture
def step(request):
    """Return a function that pictures a step of a workflow, for a person who wants to look."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("COURSE_PICTURES"):
            picture(page, f"{request.node.name}-{name}")

    return keep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Picture every open page when a test fails, and say where the pictures are."""
    steps = getattr(item.module, "failed_steps", [])
    if call.excinfo is not None and call.when in ("setup", "call") and not steps:
        steps.append(item.name)
        for number, page in enumerate(open_pages):
            try:
                path = picture(page, f"failed-{item.name}-{number}")
                call.excinfo.value.add_note(f"screenshot of {page.url}: {path}")
            except Exception as error:  # the browser may be what failed
                call.excinfo.value.add_note(f"no screenshot: {error}")
    return (yield)


@pytest.fixture(scope="module")
def sites(built_book):
    """Both editions, served."""
    folders = {"student": "_build/html", "instructor": "_build/instructor/html"}
    served = {edition: Site(built_book / folder) for edition, folder in folders.items()}
    yield served
    for site in served.values():
        site.close()


@pytest.fixture
def visit(browser):
    """Return a function that opens a window; all are closed in the end."""
    visitors = []

    def open_window(**settings):
        visitors.append(Visitor(browser, **settings))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def reader(visit):
    """A window on a desktop screen."""
    return visit()


@pytest.fixture
def plain_reader(visit):
    """A window in which formulas stay as they were typed: chapters open at once."""
    return visit(formulas=False)


@pytest.fixture
def desk(sites, plain_reader):
    """The exercise ``sigmoid`` of the chapter of that name, with nothing loaded."""
    return _desk(sites, plain_reader)


@pytest.fixture
def typeset_desk(sites, reader):
    """The same, with its formulas set."""
    return _desk(sites, reader)


def _desk(sites, reader):
    reader.page.goto(sites["student"].chapter("sigmoid"))
    return Desk(reader.page, "sigmoid")


class Classroom:
    """A course with one chapter, its exchange, an instructor's JupyterLab and a student's.

    Parameters
    ----------
    root : Path
        An empty folder.
    """

    def __init__(self, root: Path) -> None:
        self.course, self.exchange = root / "course", root / "exchange"
        for folder in ("book/coin_mle", "solutions"):
            ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(ROOT / folder, self.course / folder, ignore=ignored)
        copy_configuration(self.course)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        self.home = root / "ada"
        self.home.mkdir()
        # Nobody looks at the figures that Validate draws.
        shared = {"NBGRADER_EXCHANGE": str(self.exchange), "MPLBACKEND": "agg"}
        self.instructor = LabServer("teacher", self.course, root / "teacher-home", **shared)
        students = {"JUPYTER_CONFIG_PATH": str(ROOT / "students"), **shared}
        self.student = LabServer("ada", self.home, root / "ada-home", **students)


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A classroom whose two servers run until the module's tests are done."""
    room = Classroom(tmp_path_factory.mktemp("classroom"))
    with room.instructor, room.student:
        yield room
