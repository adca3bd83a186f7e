"""The lines of the course that students must not see.

A *secret* is a line that nbgrader's preprocessors take out of a notebook in ``book/``,
its delimiters included, or a line of code of the reference library. It counts when

- its white space collapsed, it has at least `SHORTEST_CODE` characters (a line of code), or at
  least `SHORTEST_TEXT` letters and digits (a line of a Markdown cell), and
- it occurs nowhere in what students do get: the cleared cells of any notebook with their outputs,
  and the Markdown pages of the book.

So ``return x`` and ``import numpy as np`` are no leaks. Lines are looked for as they are, and lines
of text in a page by their letters and digits too: rendering changes quotes, dashes and formulas.
"""

import ast
import itertools
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from publishing.notebooks.attachments import is_named, pictures
from publishing.notebooks.edition_reader import read_notebook
from publishing.notebooks.files import book_notebooks
from publishing.notebooks.plain_markdown import plain
from publishing.notebooks.student_version import clear, clear_in_stages, nbgrader_settings

LIBRARY = "reference library"

SHORTEST_CODE = 12
SHORTEST_TEXT = 16

WORD = re.compile(r"\w+")
_PARTED = bytes(c if re.match(rb"\w", bytes([c])) else ord(" ") for c in range(256))
LINK_TARGET = re.compile(r"\]\([^)]*\)")


@dataclass(frozen=True)
class Secret:
    """One line that students must not see.

    Parameters
    ----------
    kind : {'solution', 'hidden test', 'mark scheme', 'reference library'}
        What it is a line of.
    origin : str
        Its file, relative to the course.
    line : str
        The line, white space collapsed.
    is_text : bool
        Whether it is a line of Markdown, which a page shows rendered.
    """

    kind: str
    origin: str
    line: str
    is_text: bool

    @cached_property
    def squeezed(self):
        """Its letters and digits."""
        return squeezed(LINK_TARGET.sub("]", self.line))

    @cached_property
    def parts(self):
        """What is among the `parts_of` any text with this line in it."""
        # The first and the last may go on in the text.
        return frozenset(words_of(f"_{self.line}_")[1:-1] + self.line.split(" ")[1:-1])


def find_secrets(root, public=None):
    """Collect the secret lines of the course that count (see the head of this module).

    Parameters
    ----------
    root : Path
        The folder of the course.
    public : str, optional
        What students get anyway, from `public_text`.

    Returns
    -------
    list of Secret
        Each line once.
    """
    root = Path(root)
    public = public_text(root) if public is None else public
    found = {}
    for secret in [*_notebook_secrets(root), *_library_secrets(root)]:
        found.setdefault((secret.line, secret.is_text), secret)
    as_it_is, letters = collapsed(public), squeezed(public)
    parts, pairs = parts_of(as_it_is), set(itertools.pairwise(as_it_is.split(" ")))

    def counts(secret):
        if secret.is_text:
            return len(secret.squeezed) >= SHORTEST_TEXT and secret.squeezed not in letters
        if len(secret.line) < SHORTEST_CODE:
            return False
        # To look for the line takes long; its parts, and pairs of them, tell most often.
        may_be_there = secret.parts <= parts and pairs.issuperset(
            itertools.pairwise(secret.line.split(" ")[1:-1])
        )
        return not (may_be_there and secret.line in as_it_is)

    return [secret for secret in found.values() if counts(secret)]


def find_pictures(root):
    """Collect the pictures that a notebook has attached to secret parts alone.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    dict of bytes to str
        By their content, which notebook has them and under which name.
    """
    settings = nbgrader_settings(root)
    secret, public = {}, set()
    for path in book_notebooks(root):
        notebook = nbformat.read(path, as_version=4)
        cleared = clear(notebook, settings)
        for full, shown in zip(notebook.cells, cleared.cells, strict=True):
            public |= {content for _, content in pictures(shown)}
            for name, content in pictures(full):
                if is_named(name, full.source) and content:
                    secret[content] = f"{path.relative_to(root).as_posix()}: {name}"
    return {content: origin for content, origin in secret.items() if content not in public}


def public_text(root):
    """Return all that students get of the sources: cleared cells, their outputs, Markdown pages."""
    root = Path(root)
    settings = nbgrader_settings(root)
    parts = [path.read_text(encoding="utf-8") for path in sorted((root / "book").rglob("*.md"))]
    for path in book_notebooks(root):
        notebook = read_notebook(path.read_text(encoding="utf-8"), "student", settings)
        page = path.relative_to(root).as_posix()
        released = plain(clear(nbformat.read(path, as_version=4), settings), root, page)
        parts += [cell.source for cell in released.cells]
        for cell in notebook.cells:
            parts.append(cell.source)
            for output in cell.get("outputs", []):
                parts.append(output.get("text", ""))
                data = output.get("data", {}).values()
                parts += [part if type(part) is str else json.dumps(part) for part in data]
    return "\n".join(parts)


def _notebook_secrets(root):
    settings = nbgrader_settings(root)
    for path in book_notebooks(root):
        origin = path.relative_to(root).as_posix()
        written = nbformat.read(path, as_version=4)
        # Pages show the notebook as it is written, releases as plain Markdown.
        for before in (written, plain(written, root, origin)):
            for kind, after in clear_in_stages(before, settings):
                for full, cleared in zip(before.cells, after.cells, strict=True):
                    kept = set(cleared.source.split("\n"))
                    for line in full.source.split("\n"):
                        if line not in kept:
                            is_text = full.cell_type == "markdown"
                            yield Secret(kind, origin, collapsed(line), is_text)
                before = after


def _library_secrets(root):
    """Yield the lines of code of the library.

    Its docstrings say what the book says, and ``__all__`` lists the names that exercises ask for.
    """
    for path in sorted((root / "solutions").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        told = set()
        for node in ast.walk(ast.parse(text)):
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            if docstring or names:
                told.update(range(node.lineno, node.end_lineno + 1))
        for number, line in enumerate(text.splitlines(), start=1):
            if number not in told:
                origin = path.relative_to(root).as_posix()
                yield Secret(LIBRARY, origin, collapsed(line), is_text=False)


def words_of(text):
    """Cut a text into words of the letters and digits of ASCII.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of bytes
        Its words in their order; other letters part them as stops do. Much faster than `WORD`.
    """
    return text.encode("ascii", "replace").translate(_PARTED).split()


def parts_of(text):
    """Return the words of a text, as `words_of` cuts them, and what stands between its blanks."""
    return {*words_of(text), *text.split()}


def collapsed(text):
    """Return a text with each run of white space made one blank."""
    return " ".join(text.split())


def squeezed(text):
    """Return the letters and digits of a text."""
    return re.sub(r"[\W_]+", "", text)
