"""What the tests of the engine share: a sandbox that has been proved, and a small assignment."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil

import downloads
import pytest
import small_course
from cells import notebook
from hypothesis import settings
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.judge.client import JUDGES
from nbjudge.sandbox.bubblewrap import find_holes, private_paths
from nbjudge.sandbox.pool import close_sandboxes
from nbjudge.sandbox.sandbox import Sandbox

# No test fails for the time that it takes, nor for an example that no other run tries.
settings.register_profile("engine", deadline=None, derandomize=True, database=None)
settings.load_profile("engine")


@pytest.fixture(scope="session")
def proven_sandbox():
    """Fail, and do not skip, unless a harmless probe shows that the sandbox is in force.

    Whatever runs hostile code asks for this fixture: one case signals every process that it sees.
    """
    with Sandbox() as sandbox:
        holes = find_holes(sandbox.probe([__file__, *private_paths(), "/root/.ssh"]))
    assert not holes, f"the sandbox is not in force: {holes}"


@pytest.fixture(scope="session", autouse=True)
def end_what_was_started():
    """Leave no sandbox and no judge behind."""
    yield
    close_sandboxes()
    JUDGES.close()


@pytest.fixture(scope="session")
def empty_course(tmp_path_factory):
    """Return a course's folder with nothing in it; tests share it, and so their judges' server."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture
def execute(tmp_path, empty_course):
    """Return a function that runs cells through the preprocessor and returns them."""

    def run(*cells, root=None, **traits):
        preprocessor = SandboxedExecute(course_root=str(root or empty_course), **traits)
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        resources = {"metadata": {"path": str(folder)}}
        return preprocessor.preprocess(notebook(*cells), resources)[0].cells

    return run


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Return a function that makes something once for all workers of a test run.

    It is given a name and what writes into the path that it is given; it returns the path.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name, make):
        path = shared / "engine" / name
        path.parent.mkdir(exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            complete = path.with_suffix(".complete")
            if not complete.exists():
                shutil.rmtree(path, ignore_errors=True)  # of a worker that ended in the middle
                make(path)
                complete.touch()
        return path

    return made


@pytest.fixture(scope="session")
def small_course_made(once, tmp_path_factory):
    """Return a small course, its assignment released, that nobody changes."""
    root = tmp_path_factory.mktemp("small") / "course"
    shutil.copytree(once("small", small_course.make_course), root)
    small_course.configure(root)
    return root


@pytest.fixture
def small_course_copy(small_course_made, tmp_path):
    """Return a small course of one's own."""
    root = tmp_path / "course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    return root


@pytest.fixture(scope="session")
def university_made(small_course_made, tmp_path_factory):
    """Return a course whose class came from Moodle and was graded, one a day and a half late."""
    root = tmp_path_factory.mktemp("university") / "course"
    shutil.copytree(small_course_made, root)
    downloads.hand_in(root)
    downloads.configure(root)
    return root


@pytest.fixture
def university(university_made, tmp_path):
    """Return that course, to be changed."""
    root = tmp_path / "course"
    shutil.copytree(university_made, root)
    downloads.configure(root)
    return root


@pytest.fixture(scope="session")
def undisturbed(small_course_made, once):
    """Return what a gradebook holds when nothing happens while the small course is graded."""

    def grade(folder):
        root = folder / "course"
        shutil.copytree(small_course_made, root)
        small_course.configure(root)
        small_course.grade(root, "--workers", "1")
        (folder / "state").write_bytes(pickle.dumps(small_course.state(root)))

    return pickle.loads((once("undisturbed", grade) / "state").read_bytes())
