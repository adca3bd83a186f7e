"""Where the notebooks of a course are, and how one is loaded."""

from pathlib import Path

import nbformat
from sphinx_external_toc.parsing import parse_toc_yaml


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


def released_notebook(root, chapter):
    """Return the path of the notebook that nbgrader released for a chapter."""
    return Path(root) / "release" / chapter / f"{chapter}.ipynb"


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
