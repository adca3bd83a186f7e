"""Where a prerequisite is missing and cannot be installed, the message names it and the remedy."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from courses import ROOT


@pytest.fixture
def machine(tmp_path):
    """Return a bare machine: a copy of the installer, and a PATH with the named programs only."""
    course = tmp_path / "a course"
    course.mkdir()
    for name in ("install.sh", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, course)
    (course / "engine").mkdir()
    shutil.copy(ROOT / "engine" / "pyproject.toml", course / "engine")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "cat", "cksum", "dirname", "rm", "env", "grep"):
        (tools / name).symlink_to(shutil.which(name))

    def add(name, script):
        path = tools / name
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def install(may_install=False):
        records = course if may_install else tmp_path / "nobody's"
        return subprocess.run(
            [shutil.which("bash"), "install.sh"],
            cwd=course,
            env={
                "PATH": str(tools),
                "HOME": os.environ.get("HOME", "/"),
                "DPKG_ADMINDIR": str(records),
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    install.add, install.course = add, course
    return install


def test_without_python_the_message_says_what_to_install(machine):
    """No Python and no apt-get: the version that is needed and the packages are named."""
    result = machine()
    assert result.returncode == 1
    assert "Python 3.11 or newer is missing" in result.stderr
    assert "python3-venv" in result.stderr


def test_an_old_python_is_not_taken(machine):
    """A Python that is too old counts as none."""
    machine.add("python3", "exit 1")
    result = machine()
    assert result.returncode == 1
    assert "Python 3.11 or newer is missing" in result.stderr


def test_debian_packages_are_installed_where_they_may_be(machine):
    """With apt-get at hand and the right to use it, what is missing is installed, then tried."""
    machine.add("apt-get", f'echo "$@" >> "{machine.course}/apt.log"')
    result = machine(may_install=True)
    assert (machine.course / "apt.log").read_text().splitlines() == [
        "update -qq",
        "install -y -qq python3 python3-venv",
    ]
    assert "3.11 or newer is needed" in result.stderr


def test_without_the_right_to_install_nothing_is_tried(machine):
    """An ordinary user without sudo is told what to ask for."""
    machine.add("apt-get", f'touch "{machine.course}/apt.log"')
    machine.add("sudo", "exit 1")
    result = machine()
    assert result.returncode == 1
    assert not (machine.course / "apt.log").exists()
    assert "sudo apt-get install python3 python3-venv" in result.stderr


def test_an_unreachable_registry_is_named(machine):
    """When pip fails, so does the installer, and the next run tries again."""
    machine.add(
        "python3",
        'if [ "$1" = -m ] && [ "$2" = venv ]; then /bin/mkdir -p .venv/bin; '
        'printf "#!/bin/bash\\n[ \\"\\$1\\" != -m ]\\n" > .venv/bin/python; '
        "/bin/chmod +x .venv/bin/python; fi; exit 0",
    )
    result = machine()
    assert result.returncode == 1
    assert "could not install requirements.txt" in result.stderr
    assert not (machine.course / ".venv" / "installed-for").exists()


def test_what_is_installed_is_left_alone(machine):
    """A second run does nothing, and needs no Python on the PATH."""
    files = "requirements.txt pyproject.toml engine/pyproject.toml"
    wanted = subprocess.run(
        ["bash", "-c", f'printf "%s" "$PWD $(cat {files} | cksum)"'],
        cwd=machine.course,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (machine.course / ".venv").mkdir()
    (machine.course / ".venv" / "installed-for").write_text(wanted)
    result = machine()
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
