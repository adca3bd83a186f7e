"""Whether this machine can grade: what the doctor says, and what a batch does where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import small_course
from courses import ROOT


def doctor(folder, **environment):
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "nbjudge", "doctor"],
        cwd=folder,
        env={**small_course.environment(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def no_sandbox(tmp_path):
    """Return a PATH on which bubblewrap is a program that refuses."""
    programs = tmp_path / "programs"
    programs.mkdir()
    fake = programs / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    return f"{programs}{os.pathsep}{os.environ['PATH']}"


def test_a_machine_that_can_grade_is_told_so(small_course_copy):
    """One line a check, the kernel and the gradebook among them."""
    result = doctor(small_course_copy)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert [line.split()[1] for line in lines] == [
        "system:", "bubblewrap:", "namespaces:", "sandbox:", "kernel:", "gradebook:", "formgrader:",
    ]  # fmt: skip


def test_settings_that_keep_a_right_answer_from_passing_are_found(small_course_copy):
    """The kernel is tried with the settings of the course."""
    with (small_course_copy / "nbgrader_config.py").open("a") as config:
        config.write("c.SandboxedExecute.memory = 1 << 20\n")
    result = doctor(small_course_copy)
    assert result.returncode == 1
    assert "FAILED  kernel:" in result.stderr


def test_a_machine_without_sandboxes_is_told_why(tmp_path, no_sandbox):
    """What bubblewrap says is in the message, and the other checks are made all the same."""
    # Of the students' JupyterLab, which has no formgrader and so not what protects it.
    result = doctor(tmp_path, PATH=no_sandbox, JUPYTER_CONFIG_PATH=str(ROOT / "students"))
    assert result.returncode == 1
    assert "FAILED  formgrader:" in result.stderr
    assert "share/jupyter_server_config.d/nbjudge.json" in result.stderr
    for check in ("sandbox", "kernel"):
        assert f"FAILED  {check}:" in result.stderr
    assert "No permissions to create new namespace" in result.stderr
    assert "no nbgrader_config.py here" in result.stderr
    assert "ok      bubblewrap" in result.stdout


def test_a_batch_on_such_a_machine_ends_and_blames_no_submission(
    small_course_copy, undisturbed, no_sandbox, monkeypatch
):
    """One message for the class, not one a student; a rerun elsewhere grades everybody."""
    with monkeypatch.context() as patch:
        patch.setenv("PATH", no_sandbox)
        result = small_course.grade(small_course_copy, "--workers", "1", check=False)
    assert result.returncode == 1
    assert "no submission can be run on this machine" in result.stderr
    assert "No permissions to create new namespace" in result.stderr
    assert "0 of 9 submissions are graded" in result.stderr
    small_course.grade(small_course_copy, "--workers", "1")
    assert small_course.state(small_course_copy) == undisturbed
