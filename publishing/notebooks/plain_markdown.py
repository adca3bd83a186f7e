"""Chapters in the Markdown that every Jupyter program reads.

The book is written in MyST. JupyterLab, Notebook and VS Code show its roles, labels and directives
as they are typed, and so do nbgrader's pages. A chapter is therefore put into plain Markdown when
it is released, before nbgrader keeps its cells in the gradebook, so that the notebook a student
gets, the gradebook, formgrader and the feedback say the same. Equations keep the book's numbers.

What has no plain form here is refused, so that nothing raw reaches a student.
"""

import posixpath
import re
from functools import cache, cached_property, lru_cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from pybtex.backends.markdown import Backend
from pybtex.database import parse_file
from pybtex.style.formatting.plain import Style
from traitlets import Unicode

from .book_text import (
    FENCE,
    HEADING,
    INLINE,
    SOURCES,
    anchors_of,
    equation_numbers,
    markdown_of,
)
from .copies import copied
from .exercises import tell_worth

FOLDED = "hide-input"
DIRECTIVE = re.compile(r"\{(?P<name>[^}]+)\}[ \t]*(?P<title>.*)")
BOXES = (
    *("admonition", "attention", "caution", "danger", "error", "hint"),
    *("important", "note", "seealso", "tip", "warning"),
)


class MarkdownError(ValueError):
    """A cell says something that has no plain form."""


def plain(notebook, root, page):
    """Return a copy of a notebook in plain Markdown, with its references at the end.

    Cells tagged ``hide-input`` are folded in the way that JupyterLab knows, too.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of the book, secret parts included or not.
    root : Path
        The folder of the course.
    page : str
        Where the notebook stands, ``book/coin_mle/coin_mle.ipynb``: links are relative to it.

    Returns
    -------
    NotebookNode
        The same cells with the same metadata, and a last one where works are cited.

    Raises
    ------
    MarkdownError
        If a role, a directive, a label or a work is unknown; the message names the cell.
    """
    notebook = copied(notebook)
    if _is_chapter(page):
        tell_worth(notebook.cells)
    writer = _Writer(Path(root), page)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            try:
                cell.source = writer.write(cell.source)
            except MarkdownError as error:
                raise MarkdownError(f"cell {number} ({cell.get('id', '?')}): {error}") from error
        elif cell.cell_type == "code" and FOLDED in cell.metadata.get("tags", []):
            cell.metadata.setdefault("jupyter", NotebookNode())["source_hidden"] = True
    if writer.cited:
        cell = new_markdown_cell(f"## References\n\n{writer.references()}", id="references")
        notebook.cells.append(cell)
    return notebook


class PlainMarkdown(NbGraderPreprocessor):
    """The first preprocessor of ``nbgrader generate_assignment``."""

    root = Unicode(".", help="The folder of the course.").tag(config=True)

    def preprocess(self, nb, resources):
        """Put a chapter into plain Markdown."""
        names = resources["nbgrader"]
        page = f"book/{names['assignment']}/{names['notebook']}.ipynb"
        return plain(nb, Path(self.root), page), resources


@cache
def _style():
    """Make the style once: pybtex looks its plugins up among all that is installed."""
    return Style()


class _Writer:
    """Writes the cells of one page anew, and remembers the works that they cite."""

    def __init__(self, root, page):
        self.root, self.page = root, page
        self.cited = {}

    def write(self, source):
        """Write one cell."""
        written, end = [], 0
        for block in FENCE.finditer(source):
            written.append(self._text(source[end : block.start()]))
            written.append(self._block(block))
            end = block.end()
        return "".join([*written, self._text(source[end:])])

    def references(self):
        """List the works that were cited, as the bibliography of the book does."""
        return _listed(*self._bibliography, tuple(self.cited))

    def _block(self, block):
        directive = DIRECTIVE.match(block["info"])
        if directive is None:
            return block.group()
        if directive["name"] not in BOXES:
            raise MarkdownError(f"the directive {{{directive['name']}}} has no plain form")
        title = directive["title"].strip()
        if directive["name"] != "admonition":
            title = title or directive["name"].replace("seealso", "see also").capitalize()
        body = re.sub(r"\A(?::[\w-]+:.*\n)+\n*", "", block["body"])
        lines = [f"**{title}**", "", *self.write(body).strip().split("\n")]
        return "\n".join(f"> {line}".rstrip() for line in lines)

    def _text(self, text):
        return INLINE.sub(self._inline, text)

    def _inline(self, found):
        if found["role"]:
            return self._role(found["role"], found["content"])
        if found["label"]:
            number = self._number(found["label"])
            body = found["equation"].rstrip()
            gap = "\n" if found["equation"].endswith("\n") else " "
            return f"$${body} \\tag{{{number}}}{gap}$$"
        if found["address"] and not found["image"]:
            return self._link(found["words"], found["address"])
        if found["target"]:
            return ""
        for kind in ("environment", "footnote", "substitution"):
            if found[kind]:
                raise MarkdownError(f"the {kind} {found[kind]} has no plain form")
        return found.group()

    def _role(self, role, content):
        if role == "eq":
            return f"({self._number(content)})"
        if role in ("cite", "cite:p", "cite:t"):
            works = [self._work(key.strip(), role == "cite:t") for key in content.split(",")]
            return " and ".join(works) if role == "cite:t" else f"({'; '.join(works)})"
        if role in ("term", "index"):
            return re.sub(r"\s*<[^<>]*>$", "", content)
        raise MarkdownError(
            f"the role {{{role}}} has no plain form; pages are linked by their file"
        )

    def _work(self, key, in_sentence):
        """Name a work by its authors and year."""
        if key not in self._works:
            raise MarkdownError(f"references.bib has no {key}")
        work = self.cited[key] = self._works[key]
        if "author" not in work.persons or "year" not in work.fields:
            raise MarkdownError(f"{key} in references.bib has no author or no year")
        names = [
            " ".join(map(str, who.rich_prelast_names + who.rich_last_names))
            for who in work.persons["author"]
        ]
        authors = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        year = work.fields["year"]
        return f"{authors} ({year})" if in_sentence else f"{authors}, {year}"

    def _link(self, words, address):
        """Link to notebooks, which stand beside each other; name other pages of the book."""
        file, _, slug = address.partition("#")
        if re.match(r"[a-z]+:", address) or (file and not file.endswith(SOURCES)):
            return f"[{words}]({address})"
        if not file:
            return f"[{words}]({self._anchor(self.page, slug)})"
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.page), file))
        if not (self.root / target).is_file():
            raise MarkdownError(f"there is no page {target} to link to")
        if _is_chapter(target):
            return f"[{words}]({file}{self._anchor(target, slug) if slug else ''})"
        title = HEADING.search(markdown_of(self.root / target))["text"]
        if title.lower() in words.lower():
            return f"*{words}*"
        return f"{words} (page *{title}* of the book)"

    def _anchor(self, page, slug):
        """Name a heading as JupyterLab does: by its text, with its capitals and stops."""
        anchors = anchors_of(self.root / page)
        if slug not in anchors:
            raise MarkdownError(f"{page} has no heading for #{slug}")
        return anchors[slug]

    def _number(self, label):
        if label not in self._numbers:
            raise MarkdownError(f"no numbered equation has the label {label}")
        return self._numbers[label]

    @cached_property
    def _numbers(self):
        return equation_numbers(self.root)

    @cached_property
    def _works(self):
        return _entries(*self._bibliography) if self._bibliography[0].is_file() else {}

    @cached_property
    def _bibliography(self):
        """Its file, and when that was changed."""
        path = (self.root / "book" / "references.bib").absolute()
        return path, path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=8)
def _entries(path, _modified):
    return parse_file(path).entries


@lru_cache(maxsize=64)
def _listed(path, modified, keys):
    works = _entries(path, modified)
    entries = _style().format_entries([works[key] for key in keys])
    texts = [entry.text.render(Backend()).replace("\n", " ") for entry in entries]
    # Its escapes are right and hard to read in a notebook that is being edited.
    return "\n".join("- " + re.sub(r"\\([-.()])", r"\1", text) for text in texts)


def _is_chapter(page):
    folder, name = posixpath.split(page)
    return name == f"{posixpath.basename(folder)}.ipynb"
