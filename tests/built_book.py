"""The real book, released and built away from the checkout: once for all workers of a test run."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def copy_book(root):
    """Copy the real course's sources."""
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("book", "solutions"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignore)
    (root / "publishing").mkdir()
    for name in ("_config.yml", "_toc.yml", "nbgrader_config.py", "publishing/api_reference.md"):
        shutil.copy(REPOSITORY / name, root / name)


def release(root):
    """Release every chapter with nbgrader itself."""
    for folder in sorted((root / "book").iterdir()):
        if (folder / f"{folder.name}.ipynb").is_file():
            command = ["nbgrader", "generate_assignment", "--no-db", "--force", folder.name]
            result = subprocess.run(
                [sys.executable, "-m", *command],
                cwd=root,
                capture_output=True,
                text=True,
                check=False,
            )
            assert result.returncode == 0, result.stderr


def run(root, *arguments):
    """Run ``python -m publishing`` in a course, as a person would."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "publishing", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def build_both(root):
    """Release a course and build both editions of it."""
    release(root)
    for edition in ("student", "instructor"):
        result = run(root, "build", edition)
        assert result.returncode == 0, result.stdout + result.stderr
    return root


def shared_book(base):
    """Build both editions in a folder; whoever comes second waits, and finds them there."""
    root = base / "book" / "the course"
    with (base / "book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "built").exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(parents=True)
            copy_book(root)
            build_both(root)
            (root / "built").touch()
    return root
