"""Which Pythons this machine has is found out in one place, for tests and for the matrix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pythons
from pythons import OURS, find, find_one

MATRIX = Path(__file__).resolve().parents[1] / "matrix.sh"


def a_python(folder, version, code=0):
    """Make a Python of pyenv's that does nothing but end."""
    program = folder / "versions" / version / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    return str(program)


def test_the_newest_that_runs_is_found(tmp_path, monkeypatch):
    """By its numbers, and not as text; one that is there and does not start is none."""
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    a_python(tmp_path, "9.8.9")
    newest = a_python(tmp_path, "9.8.10")
    a_python(tmp_path, "9.8.11", code=127)
    assert find_one("9.8") == newest
    assert find("9.9", "9.8") == newest
    assert find_one("9.9") is None
    assert find("9.9") == sys.executable


def test_the_program_says_what_the_tests_find():
    """It ends with an error where there is none."""
    asked = [sys.executable, pythons.__file__]
    done = subprocess.run([*asked, OURS], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, find_one(OURS))
    done = subprocess.run([*asked, "9.9"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_the_matrix_says_which_python_is_missing():
    """And fails, so that nobody takes it for tried."""
    done = subprocess.run([MATRIX, "9.9"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Python 9.9: not on this machine, so not tried", "failed: 9.9",
    ]  # fmt: skip
