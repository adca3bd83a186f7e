"""Courses, released and built away from the checkout: once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from publishing.sphinx_extension.api_reference import PAGE

REPOSITORY = Path(__file__).resolve().parents[2]


def copy_book(root):
    """Copy the real course's sources."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("book", "solutions"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignore)
    for name in ("_config.yml", "_toc.yml", "nbgrader_config.py", f"{PAGE}.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)


def run(root, *arguments):
    """Run ``python -m publishing`` in a course, as a person would."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "publishing", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def build_both(root):
    """Release a course and build both editions of it, as ``make book`` does."""
    for arguments in (["release"], ["build", "student", "instructor"]):
        result = run(root, *arguments)
        assert result.returncode == 0, result.stdout + result.stderr


def shared_build(base, name, write_sources):
    """Build both editions of a course; whoever comes second waits, and finds them there.

    Parameters
    ----------
    base : Path
        A folder that all workers of a test run share.
    name : str
        The name of the course.
    write_sources : callable
        Writes the course into the folder that it is given.

    Returns
    -------
    Path
        The folder of the course, in a path with a space.
    """
    root = base / name / "the course"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = root.parent / "built"
        if not built.exists():
            shutil.rmtree(root.parent, ignore_errors=True)
            root.mkdir(parents=True)
            write_sources(root)
            build_both(root)
            built.touch()
    return root


if __name__ == "__main__":
    shared_build(Path(sys.argv[1]), "book", copy_book)
