"""What several test modules share: the course's chapters, and a copy of the course to grade in."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest
from built_book import copy_book, shared_build
from courses import ROOT, copy_configuration
from nbjudge.batch.local_pool import LocalPool
from nbjudge.commands.grade import load_course


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep the cells of a notebook on one worker: they share a kernel."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


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
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def built_book(shared_folder):
    """The real book in both editions, in a path with a space. Read only."""
    return shared_build(shared_folder, "book", copy_book)
