"""What several test modules share: the course's chapters, and a copy of the course to grade in."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import built_book as building
import pytest
from courses import ROOT, copy_configuration
from nbjudge.batch.local_pool import LocalPool
from nbjudge.commands.grade import load_course


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the cells of a notebook on one worker: they share a kernel."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session):
    """Begin to build the book, for which many tests wait, while others run."""
    asked = any("built_book" in getattr(item, "fixturenames", ()) for item in session.items)
    if not asked or os.environ.get("PYTEST_XDIST_WORKER") != "gw0":
        return (yield)
    # What goes wrong is told by the first test that needs the book: it builds it again.
    said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    base = _shared(session.config._tmp_path_factory)
    with subprocess.Popen([sys.executable, building.__file__, str(base)], **said):
        return (yield)


@pytest.fixture(scope="session")
def released_course(shared_folder):
    """Return a function that releases some chapters, once for all workers of a test run."""

    def make(*chapters: str) -> Path:
        root = shared_folder / "released" / "-".join(chapters)
        with (shared_folder / "released.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (root / "complete").exists():
                return root
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(parents=True)
            copy_configuration(root)
            for chapter in chapters:
                shutil.copytree(
                    ROOT / "book" / chapter,
                    root / "book" / chapter,
                    ignore=shutil.ignore_patterns(".ipynb_checkpoints"),
                )
            course = load_course(root)
            for chapter in chapters:
                result = course.generate_assignment(chapter)
                assert result["success"], result.get("log", "") + result["error"]
            (root / "complete").touch()
        return root

    return make


@pytest.fixture
def course_copy(tmp_path, monkeypatch, released_course):
    """Return a function that makes a course of some chapters, released, in a folder of its own."""
    monkeypatch.setenv("MPLBACKEND", "agg")  # so that stock nbgrader draws none either

    def make(*chapters: str):
        root = tmp_path / "a course"
        ignored = shutil.ignore_patterns("complete", "__pycache__")
        shutil.copytree(released_course(*chapters), root, ignore=ignored)
        return root, load_course(root)

    return make


@pytest.fixture(scope="session")
def pool():
    """Worker processes that the batches of many tests are graded by."""
    with LocalPool() as processes:
        yield processes


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory):
    """A folder that all workers of a test run share: their own stand in it, side by side."""
    return _shared(tmp_path_factory)


def _shared(tmp_path_factory):
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def built_book(shared_folder):
    """The real book in both editions, in a path with a space. Read only."""
    return building.shared_build(shared_folder, "book", building.copy_book)
