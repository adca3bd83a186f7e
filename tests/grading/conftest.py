"""What the tests of the engine share: a sandbox that has been proved, and a small assignment."""

from __future__ import annotations

import os

import pytest
from grading_cells import notebook

from grading.preprocessor import SandboxedExecute, close_judges
from grading.provisioner import close_sandboxes
from grading.sandbox import Sandbox, find_holes


@pytest.fixture(scope="session")
def proven_sandbox():
    """Fail, and do not skip, unless a harmless probe shows that the sandbox is in force.

    Whatever runs hostile code asks for this fixture: one case signals every process that it sees.
    """
    with Sandbox() as sandbox:
        holes = find_holes(sandbox.probe([__file__, os.getcwd() + "/.", "/root/.ssh"]))
    assert not holes, f"the sandbox is not in force: {holes}"


@pytest.fixture(scope="session", autouse=True)
def end_what_was_started():
    """Leave no sandbox and no judge behind."""
    yield
    close_sandboxes()
    close_judges()


@pytest.fixture
def execute(tmp_path):
    """Return a function that runs cells through the preprocessor and returns them."""

    def run(*cells, root=None, **traits):
        preprocessor = SandboxedExecute(course_root=str(root or tmp_path), **traits)
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        resources = {"metadata": {"path": str(folder)}}
        return preprocessor.preprocess(notebook(*cells), resources)[0].cells

    return run
