"""The chapters as nbgrader assignments: released when the chapter changed, left alone otherwise.

``python -m publishing.assignments`` releases what is due; with ``--list`` it names the chapters in
the order of the book.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sphinx_external_toc.parsing import parse_toc_yaml
from traitlets.config import Config, PyFileConfigLoader

from .course import CourseError, chapter_names, check_course
from .release import release_problem


class GenerateError(Exception):
    """nbgrader could not make an assignment of a chapter; the message holds nbgrader's log."""


def chapters_in_order(root: Path) -> list[str]:
    """Name the chapters in the order of the table of contents.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    list of str
        The folders of ``book/`` that ``_toc.yml`` lists.
    """
    known = set(chapter_names(root))
    pages = [str(entry).split("/") for entry in parse_toc_yaml(root / "_toc.yml")]
    return [page[1] for page in pages if len(page) == 3 and page[1] in known]


def release(root: Path) -> list[str]:
    """Run ``nbgrader generate_assignment`` on every chapter that changed since its release.

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
    publishing.course.CourseError
        If the course is not sound; nothing was written.
    GenerateError
        If nbgrader refuses a chapter.
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
    released = []
    for chapter in chapters_in_order(root):
        with course.gradebook as gradebook:
            try:
                known = bool(gradebook.find_assignment(chapter).notebooks)
            except MissingEntry:
                known = False
        if known and release_problem(root, chapter) is None:
            continue
        result = course.generate_assignment(chapter, force=True)
        if not result["success"]:
            raise GenerateError(f"{chapter}: {result.get('log', '')}{result['error']}")
        released.append(chapter)
    return released


def main(arguments: Sequence[str] | None = None) -> int:
    """Release what is due, or list the chapters; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing.assignments", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the chapters, release nothing")
    options = parser.parse_args(arguments)
    root = Path()
    if options.list:
        print(" ".join(chapters_in_order(root)))
        return 0
    try:
        released = release(root)
    except (CourseError, GenerateError) as error:
        print(f"Nothing more was released:\n{error}", file=sys.stderr)
        return 1
    print(f"released: {', '.join(released) or 'nothing, every chapter is up to date'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
