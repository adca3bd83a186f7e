"""nbgrader's own tests, of the installed release, pass with the engine's steps in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

BY_DESIGN = {
    "test_side_effects": "a file that a submission writes stays in its sandbox",
    "test_handle_failure": "cells that the gradebook does not know cost no points and end nothing",
    "test_handle_failure_single_notebook": "the same",
    "test_nonexistent_grade_id": "of a cell that the gradebook does not know no metadata is left",
}
"""The tests that differ, with the reason."""
AUTOGRADE = "nbgrader.tests.apps.test_nbgrader_autograde"
QUICK = ["nbgrader.tests.preprocessors.test_overwritecells"]


def run(folder, *arguments):
    """Run tests of nbgrader with the plugin; return by name how each ended."""
    report = folder / "report.xml"
    support = Path(__file__).with_name("support")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(support), str(support.parents[1])]),
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-c", "/dev/null", "-p", "no:cacheprovider"),
            *("-p", "no:xdist", "-p", "engine_in_nbgraders_tests", "-W", "ignore"),
            *(f"--junitxml={report}", f"--basetemp={folder / 'work'}", "--pyargs", *arguments),
        ],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert report.exists(), done.stdout + done.stderr
    ended = {}
    for case in ElementTree.parse(report).iter("testcase"):
        found = {child.tag for child in case} & {"failure", "error", "skipped"}
        ended[case.get("name")] = min(found, default="passed")
    return ended, done.stdout


def agree(ended, said, at_least):
    """Fail unless what failed is what differs by design."""
    failed = {name for name, how in ended.items() if how in ("failure", "error")}
    assert failed <= set(BY_DESIGN), said[-8000:]
    assert sum(how == "passed" for how in ended.values()) >= at_least, ended


def test_some_of_them_pass(tmp_path):
    """How cells are restored, and how one submission is graded."""
    one = "test_overwritecells or test_grade_timestamp"
    ended, said = run(tmp_path, *QUICK, AUTOGRADE, "-k", one)
    agree(ended, said, 11)
    assert ended["test_grade_timestamp"] == "passed", said[-8000:]


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_all_of_them_pass(tmp_path):
    """Autograde, feedback and the steps in between."""
    modules = [AUTOGRADE, "nbgrader.tests.apps.test_nbgrader_generate_feedback"]
    modules += [*QUICK, "nbgrader.tests.preprocessors.test_saveautogrades"]
    ended, said = run(tmp_path, *modules)
    agree(ended, said, 60)
    assert set(BY_DESIGN) <= set(ended), "a test that differs by design is gone"
