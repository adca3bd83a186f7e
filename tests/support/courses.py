"""The course that the tests test: where it is, its chapters, and its configuration for copies."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.parent.name for path in (ROOT / "book").glob("*/*.ipynb"))


def instructor_notebook(chapter: str) -> nbformat.NotebookNode:
    """Read a chapter's notebook as it is committed."""
    return nbformat.read(ROOT / "book" / chapter / f"{chapter}.ipynb", as_version=4)


def copy_configuration(root: Path) -> None:
    """Let a folder be a course with some chapters, which refer to equations of the others."""
    shutil.copy(ROOT / "_toc.yml", root)
    # Hidden tests import the library, and the judge sees of a course what is in its folder.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=ignored, dirs_exist_ok=True)
    text = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    text += f"\nc.PlainMarkdown.root = {str(ROOT)!r}\n"
    # Nobody looks at the pictures of these submissions; to draw them is half of the time.
    text += "c.SandboxedExecute.figures = False\n"
    # A second worker is ready for the last of so few submissions, and costs as much as two of them.
    text += "c.ParallelAutograde.workers = 1\n"
    (root / "nbgrader_config.py").write_text(text, encoding="utf-8")
