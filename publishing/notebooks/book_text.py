"""The text of the book's pages: what stands in their Markdown, and which numbers equations have."""

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

from mdit_py_plugins.anchors.index import slugify
from sphinx_external_toc.parsing import parse_toc_yaml

FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,}|~{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
# What comes first in a text is read first: code and formulas hide what looks like a role in them.
INLINE = re.compile(
    r"""
    ^\\begin\{(?P<environment>[a-z]+\*?)\} |
    \\. |
    \{(?P<role>[A-Za-z][\w:.+-]*)\}`(?P<content>[^`]+)` |
    (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`) |
    \$\$(?P<equation>.+?)\$\$(?:[ \t]*\((?P<label>[^()\s]+)\))? |
    \$(?:[^$\n]|\n(?!\n))+?\$ |
    (?P<footnote>\[\^[^\]\s]+\]) |
    (?P<substitution>\{\{.+?\}\}) |
    (?P<image>!)?\[(?P<words>[^\[\]]*)\]\((?P<address>[^()\s]+)\) |
    ^\((?P<target>[^()\s]+)\)=[ \t]*\n?
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
HEADING = re.compile(r"^#{1,6} +(?P<text>.+?)[ \t]*$", re.MULTILINE)
SOURCES = (".ipynb", ".md")


def equation_numbers(root):
    """Number the labelled equations of the book as Sphinx does.

    Parameters
    ----------
    root : Path
        The folder of the course, with a ``_toc.yml``.

    Returns
    -------
    dict of str to str
        Numbers by label: ``3.7`` is the seventh equation of the third chapter.
    """
    pages = tuple(_pages(Path(root).absolute()))
    return dict(_numbered(pages, tuple(page.stat().st_mtime_ns for page, _ in pages)))


@lru_cache(maxsize=8)
def _numbered(pages, _modified):
    numbers, counts = {}, Counter()
    for page, chapter in pages:
        # Code is left out; what stands in a directive is counted where it stands.
        text = FENCE.sub(lambda b: b["body"] if "{" in b["info"] else "", markdown_of(page))
        for found in INLINE.finditer(text):
            if found["label"]:
                counts[chapter] += 1
                numbers[found["label"]] = f"{chapter}{counts[chapter]}"
    return numbers


def _pages(root):
    """Yield the file of each page in the book's order, and ``3.`` for what is in chapter three."""
    site = parse_toc_yaml(root / "_toc.yml")
    yield from ((path, "") for path in _files(root, site.root.docname))
    for part in site.root.subtrees:
        for number, name in enumerate(part.items, start=1):
            yield from (
                (path, f"{number}." if part.numbered else "") for path in _files(root, name)
            )


def _files(root, name):
    return [path for suffix in SOURCES if (path := root / f"{name}{suffix}").is_file()]


def markdown_of(path):
    """Return the Markdown of a page, that of all its cells together."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path, _modified):
    """Return the Markdown of a page; nbformat, which checks every cell, takes ten times as long."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def anchors_of(path):
    """Name the headings of a page as JupyterLab does, by the names that the book has for them."""
    return _anchors(markdown_of(path))


@lru_cache(maxsize=8)
def _anchors(text):
    shown = [re.sub(r"[*`$]", "", heading["text"]) for heading in HEADING.finditer(text)]
    return {slugify(words): "#" + words.replace(" ", "-") for words in shown}
