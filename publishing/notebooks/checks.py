"""What the course must be before a book is made of it.

Every check looks and writes nothing; all findings are collected, so that one run tells everything
that is wrong.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution, is_task
from sphinx.errors import SphinxError
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from .authoring import cell_problems
from .files import (
    NotebookError,
    book_notebooks,
    chapter_names,
    chapter_notebook,
    load_notebook,
    page_notebooks,
    released_notebook,
)
from .plain_markdown import MarkdownError, plain
from .student_version import ReleaseError, clear, nbgrader_settings, release_problem

PAGE_SUFFIXES = (".md", ".ipynb", ".rst")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one file of the course.

    Parameters
    ----------
    path : str
        The file or folder, relative to the course.
    what : str
        What is wrong with it, and what to do where that is not plain.
    """

    path: str
    what: str

    def __str__(self):
        return f"{self.path}: {self.what}"


class CourseError(SphinxError):
    """The course has problems; Sphinx prints it without a traceback.

    Parameters
    ----------
    problems : sequence of Problem
        All that was found.
    """

    category = "Course error"

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("\n".join(f"  {problem}" for problem in self.problems))


def find_problems(root):
    """Check the table of contents, the chapters and their notebooks.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    list of Problem
        Empty when a book can be made.
    """
    root = Path(root)
    entries, problems = _toc_entries(root)
    problems += _check_toc_entries(root, entries)
    for chapter in chapter_names(root):
        problems += _check_chapter(root, chapter, entries)
    for path in book_notebooks(root):
        problems += _check_notebook(root, path)
    if not problems:  # equations are numbered through the whole book, which must be readable
        problems += _check_markdown(root)
    return problems


def check_course(root):
    """Raise `CourseError` with everything that `find_problems` finds."""
    problems = find_problems(root)
    if problems:
        raise CourseError(problems)


def check(root, edition):
    """Raise `CourseError` unless an edition can be made of the course."""
    check_course(root)
    if edition == "student":
        check_releases(root)


def check_releases(root):
    """Raise `CourseError` unless each chapter's released notebook is there and is current."""
    found = {chapter: release_problem(root, chapter) for chapter in chapter_names(root)}
    problems = [
        Problem(released_notebook(root, chapter).relative_to(root).as_posix(), what)
        for chapter, what in found.items()
        if what
    ]
    if problems:
        raise CourseError(problems)


def _toc_entries(root):
    toc = root / "_toc.yml"
    if not toc.is_file():
        return set(), [Problem("_toc.yml", "there is no table of contents")]
    try:
        return {str(name) for name in parse_toc_yaml(toc)}, []
    except MalformedError as error:
        return set(), [Problem("_toc.yml", f"is malformed: {error}")]
    except Exception as error:  # PyYAML and the parser raise classes of their own
        what = " ".join(str(error).split())
        return set(), [Problem("_toc.yml", f"cannot be read: {what}")]


def _check_toc_entries(root, entries):
    return [
        Problem("_toc.yml", f"lists {entry}, but there is no file {entry}.md or {entry}.ipynb")
        for entry in sorted(entries)
        if not any((root / f"{entry}{suffix}").is_file() for suffix in ("", *PAGE_SUFFIXES))
    ]


def _check_chapter(root, chapter, entries):
    folder, entry = f"book/{chapter}", f"book/{chapter}/{chapter}"
    if not chapter_notebook(root, chapter).is_file():
        yield Problem(folder, f"has no notebook {entry}.ipynb")
    if not {entry, f"{entry}.ipynb"} & entries:
        yield Problem(folder, f"is not in the table of contents: add '- file: {entry}' to _toc.yml")
    if not (root / "solutions" / f"{chapter}.py").is_file():
        yield Problem(folder, f"has no reference solution: there is no solutions/{chapter}.py")


def _check_notebook(root, path):
    name = path.relative_to(root).as_posix()
    try:
        notebook = load_notebook(path)
    except NotebookError as error:
        return [Problem(name, str(error))]
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        return [Problem(name, f"is not a valid notebook: {error.message}")]
    try:
        cleared = clear(notebook, nbgrader_settings(root))
    except ReleaseError as error:
        return [Problem(name, str(error))]
    found = [
        Problem(name, f"cell {number} ({cell.get('id', '?')}) {problem}")
        for number, cell in enumerate(cleared.cells, start=1)
        for problem in cell_problems(cell, path.parent)
    ]
    if found:
        return found
    if path in page_notebooks(root) and any("nbgrader" in cell.metadata for cell in notebook.cells):
        return [
            Problem(name, "has cells for nbgrader, which releases and grades the chapters alone")
        ]
    is_chapter = path == chapter_notebook(root, path.parent.name)
    if is_chapter and not any(_is_test(cell) for cell in notebook.cells):
        return [Problem(name, "has no test cells: no code cell is graded by nbgrader")]
    return []


def _check_markdown(root):
    for path in book_notebooks(root):
        name = path.relative_to(root).as_posix()
        try:
            plain(load_notebook(path), root, name)
        except MarkdownError as error:
            yield Problem(name, str(error))


def _is_test(cell):
    return (
        cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and not is_task(cell)
    )


def print_findings(command, problems):
    """Print what a command found, a line each; return its exit code."""
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{command}: {len(problems)} found")
    return 1 if problems else 0


def main(arguments=None, course=Path()):
    """Check a course's files; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing check", description=__doc__)
    parser.parse_args(arguments)
    return print_findings("check", find_problems(course))
