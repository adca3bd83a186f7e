"""The classes that are graded: a small assignment of any size, and a chapter of this course."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbjudge.commands.grade import load_course

from publishing.notebooks.files import chapters_in_order
from samples.__main__ import submission
from samples.students import CLASS
from samples.submission import read_release

COURSE = Path(__file__).resolve().parent.parent
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.SandboxedExecute.judge = {judge}
c.ExecutePreprocessor.extra_arguments = ["--IPKernelApp.log_level=40"]
"""
SETUP = "import numpy as np\nimport matplotlib.pyplot as plt"
ANSWER = "def mean(x):\n    return sum(x) / len(x)"
TEST = "import numpy as np\nassert np.isclose(mean(np.arange({n})), ({n} - 1) / 2)"
BLANK = 5  # every so many students hand in what they got: a class has such, and errors cost time


def _release(root: Path, assignment: str) -> NbGraderAPI:
    course = load_course(root)
    course.coursedir.assignment_id = assignment
    result = course.generate_assignment(assignment)
    if not result["success"]:
        raise RuntimeError(result["log"])
    course.coursedir.log.setLevel("ERROR")
    return course


def small_class(
    root: Path,
    submissions: int,
    *,
    judge: bool = True,
    setup: tuple[str, ...] = (SETUP,),
    answer: str = ANSWER,
) -> NbGraderAPI:
    """Make a course of one small assignment, ``one``, handed in by a class.

    It imports numpy and matplotlib, unless its cells of ``setup`` do something else, asks for one
    function, and has five test cells.
    """
    meta = {"locked": False, "schema_version": 3, "task": False, "grade": False, "solution": False}
    cells = [nbformat.v4.new_code_cell(source) for source in (*setup, answer)]
    cells[-1].metadata.nbgrader = meta | {"grade_id": "mean", "solution": True}
    for n in range(5, 10):
        cell = nbformat.v4.new_code_cell(TEST.format(n=n))
        cell.metadata.nbgrader = meta | {
            "grade_id": f"test-{n}", "grade": True, "locked": True, "points": 1,
        }  # fmt: skip
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3", "language": "python", "display_name": "Python 3",
    }  # fmt: skip
    (root / "source" / "one").mkdir(parents=True)
    nbformat.write(notebook, root / "source" / "one" / "one.ipynb")
    (root / "nbgrader_config.py").write_text(CONFIG.format(judge=judge), encoding="utf-8")
    course = _release(root, "one")
    blank = nbformat.read(root / "release" / "one" / "one.ipynb", as_version=4)
    answered = nbformat.from_dict(blank)
    texts = [nbformat.writes(blank)]
    answered.cells[len(setup)].source = answer
    texts.append(nbformat.writes(answered))
    for number in range(submissions):
        folder = root / "submitted" / f"student-{number:05}" / "one"
        folder.mkdir(parents=True)
        text = texts[(number + 1) % BLANK != 0]
        (folder / "one.ipynb").write_text(text, encoding="utf-8")
    return course


def copy_course(root: Path) -> None:
    """Copy what this course is graded by: chapters, library, configuration."""
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("book", "solutions"):
        shutil.copytree(COURSE / folder, root / folder, ignore=ignored)
    for name in ("nbgrader_config.py", "_toc.yml"):
        shutil.copy(COURSE / name, root)


def hand_in(root: Path, chapter: str, most: int) -> tuple[NbGraderAPI, int]:
    """Release a chapter of a copied course and hand it in for the sample class, or some of it.

    Broken files are left out.

    Returns
    -------
    course : NbGraderAPI
        The course, with the chapter as its assignment.
    submissions : int
        How many handed in.
    """
    course = _release(root, chapter)
    released = read_release(chapter, root / "release")
    number, submissions = chapters_in_order(COURSE).index(chapter), 0
    for student in CLASS:
        if student.broken or number >= (student.chapters or number + 1) or submissions == most:
            continue
        folder = root / "submitted" / student.name / chapter
        folder.mkdir(parents=True)
        text = submission(student, number, chapter, released)
        (folder / f"{chapter}.ipynb").write_text(text, encoding="utf-8")
        submissions += 1
    return course, submissions


def chapter_class(root: Path, chapter: str, most: int = 6) -> tuple[NbGraderAPI, int]:
    """Copy this course and hand in one chapter, as `hand_in`."""
    copy_course(root)
    return hand_in(root, chapter, most)
