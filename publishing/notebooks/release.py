"""The chapters as nbgrader assignments: released when the chapter changed, left alone otherwise.

``python -m publishing release`` releases what is due; with ``--list`` it names the chapters in the
order of the book.
"""

from __future__ import annotations

import argparse
import logging
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from .checks import CourseError, check_course
from .files import chapters_in_order
from .student_version import release_problem, saved_cells

_PART = ".release.part"


class GenerateError(Exception):
    """nbgrader could not make an assignment of a chapter; the message holds nbgrader's log."""


class NeedsRegradeError(GenerateError):
    """Cells were added or taken out since students handed in; the message names the command.

    The other chapters are released; ``released`` has those that were released anew.
    """

    def __init__(self, message: str, released: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.released = list(released)


def release(root: Path) -> list[str]:
    """Run ``nbgrader generate_assignment`` on every chapter that changed since its release.

    What counts is the instructor's notebook: hidden tests and mark schemes, which are in no release
    and which grading takes from the gradebook, are compared with those that are there. A release
    that fails leaves the one before in its place, and so does a chapter whose cells are others than
    those that a class has handed in.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    list of str
        The chapters that were released anew.

    Raises
    ------
    publishing.notebooks.checks.CourseError
        If the course is not sound; nothing was written.
    NeedsRegradeError
        If a class has to be graded again for a chapter to be released.
    GenerateError
        If nbgrader refuses a chapter for another reason.
    """
    root = root.resolve()
    check_course(root)
    config = Config()
    config.CourseDirectory.root = str(root)
    config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
    course = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    course.log.setLevel(logging.INFO)
    for handler in list(course.log.handlers):  # the log of a failure is in the error
        course.log.removeHandler(handler)
    place, part = root / course.coursedir.release_directory, root / _PART
    released: list[str] = []
    waiting: list[str] = []
    for chapter in chapters_in_order(root):
        with course.gradebook as gradebook:
            known = _known_cells(gradebook, chapter)
        if known == saved_cells(root, chapter) and release_problem(root, chapter) is None:
            continue
        shutil.rmtree(part, ignore_errors=True)
        course.coursedir.release_directory = _PART
        result = course.generate_assignment(chapter, force=True)
        if not result["success"]:
            shutil.rmtree(part, ignore_errors=True)
            refusal = _refusal(chapter, f"{result.get('log') or ''}{result.get('error') or ''}")
            if not isinstance(refusal, NeedsRegradeError):
                raise refusal
            waiting.append(str(refusal))
            continue
        shutil.rmtree(place / chapter, ignore_errors=True)
        place.mkdir(exist_ok=True)
        (part / chapter).rename(place / chapter)
        shutil.rmtree(part)
        released.append(chapter)
    if waiting:
        raise NeedsRegradeError("\n".join(waiting), released)
    return released


def _known_cells(gradebook: Gradebook, chapter: str) -> dict[str, tuple[str, str]]:
    """Return the cells of a chapter that the gradebook has: type and source, by name."""
    try:
        notebook = gradebook.find_notebook(chapter, chapter)
    except MissingEntry:
        return {}
    return {cell.name: (cell.cell_type, cell.source) for cell in notebook.source_cells}


def _refusal(chapter: str, log: str) -> GenerateError:
    """Say why nbgrader made no assignment: its error first, then its log."""
    errors = re.findall(r"^ *((?:\w+\.)*\w*(?:Error|Exception)): (.+)", log, re.MULTILINE)
    for name, words in errors:
        if name.endswith("CellsChangedError"):
            return NeedsRegradeError(f"{chapter}: {words}")
    first = f"{': '.join(errors[0])}\n\n" if errors else ""
    return GenerateError(f"{chapter}: {first}{log}")


def main(arguments: Sequence[str] | None = None, course: Path = Path()) -> int:
    """Release what is due in a course, or list its chapters; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing release", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the chapters, release nothing")
    options = parser.parse_args(arguments)
    if options.list:
        print(" ".join(chapters_in_order(course)))
        return 0
    none = "nothing, every chapter is up to date"
    try:
        released = release(course)
    except NeedsRegradeError as error:
        released, none = error.released, "nothing"
        print(f"Not released anew:\n{error}", file=sys.stderr)
    except (CourseError, GenerateError) as error:
        print(f"Nothing more was released:\n{error}", file=sys.stderr)
        return 1
    print(f"released: {', '.join(released) or none}")
    return 0
