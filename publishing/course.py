"""What the course must be before a book is made of it.

Every check looks and writes nothing; all findings are collected, so that one run tells everything
that is wrong.
"""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution, is_task
from sphinx.errors import SphinxError
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from .authoring import cell_problems
from .plain import MarkdownError, plain
from .release import ReleaseError, clear, nbgrader_settings

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


class NotebookError(ValueError):
    """A file is no notebook; the message says what it is instead, and does not name it."""


def load_notebook(path):
    """Read a notebook, in nbformat 4.

    Parameters
    ----------
    path : Path
        The ``.ipynb`` file.

    Returns
    -------
    NotebookNode
        The notebook, upgraded in memory.

    Raises
    ------
    NotebookError
        If the file is empty, is not a notebook in JSON, or has no cells.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(f"is not text in UTF-8: {error}") from error
    if not text.strip():
        raise NotebookError("is empty")
    try:
        notebook = nbformat.reads(text, as_version=4)
    except nbformat.reader.NotJSONError as error:
        where = error.__cause__ or error.__context__
        raise NotebookError(f"is not JSON: {where}" if where else "is not JSON") from error
    except Exception as error:  # nbformat lets KeyError, AttributeError... through
        raise NotebookError(f"is not a notebook: {error!r}") from error
    if not notebook.get("cells"):
        raise NotebookError("has no cells")
    return notebook


def chapter_names(root):
    """Name the chapters: the folders of ``book/`` that do not begin with ``_`` or ``.``.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    list of str
        Sorted by name.
    """
    book = Path(root) / "book"
    if not book.is_dir():
        return []
    return sorted(
        folder.name
        for folder in book.iterdir()
        if folder.is_dir() and not folder.name.startswith(("_", "."))
    )


def chapter_notebook(root, chapter):
    """Return the path of a chapter's notebook, ``book/<chapter>/<chapter>.ipynb``."""
    return Path(root) / "book" / chapter / f"{chapter}.ipynb"


def book_notebooks(root):
    """Return every notebook under ``book/``, checkpoints left out, sorted."""
    return sorted(
        path
        for path in (Path(root) / "book").rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    )


def page_notebooks(root):
    """Return the notebooks that are pages of the book and no chapters: those of ``book/`` itself.

    Nothing in them is completed or graded, so readers are offered them whole.
    """
    return [path for path in book_notebooks(root) if path.parent == Path(root) / "book"]


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
