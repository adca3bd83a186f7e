"""Which formulas of the documents the book treats, read from ``book/sources.md``.

The page is written by hand, a row for each formula. What it says is compared with the chapters,
whose equations name their sources: ``tests/book/test_sources.py`` holds the two together.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .files import chapter_names, chapter_notebook

EQUATION = re.compile(
    r"^\$\$\n(?P<body>.*?)\n\$\$ \((?P<label>[\w-]+)\)$"
    r"(?:\n<small>\[(?P<source>[^\n]+)\]</small>$)?",
    re.DOTALL | re.MULTILINE,
)
MARK_SCHEME = re.compile(r"=== BEGIN MARK SCHEME ===.*?=== END MARK SCHEME ===", re.DOTALL)
SECTION = re.compile(r"^## Document (?P<name>.+)$", re.MULTILINE)
TOTAL = re.compile(r"\*\*(\d+) (?:numbered equations|displayed formulas)\*\*")


@dataclass(frozen=True)
class Row:
    """One row of the page: a formula, some of them in a line, or a passage without any.

    Parameters
    ----------
    numbers : tuple of str
        Those of its formulas; empty for words alone.
    labels : tuple of str
        The book's equations that are named as treating it.
    links : tuple of str
        Where it leads, as written: a file, and perhaps ``#`` and a heading's anchor.
    repeats : str
        What it only repeats, such as ``"A (17)"``; empty where it is treated for itself.
    """

    numbers: tuple[str, ...]
    labels: tuple[str, ...]
    links: tuple[str, ...]
    repeats: str

    @property
    def leads_to_a_chapter(self):
        """Whether a reader is told where in the chapters to look."""
        return any(re.match(r"\w+/\w+\.ipynb\b", link) for link in self.links)


@dataclass(frozen=True)
class Coverage:
    """How many formulas of one document the book treats.

    Parameters
    ----------
    document : str
        Its name on the page, such as ``"A, newer version"``.
    formulas : int
        How many it has, as the page says.
    treated : int
        How many of them the book treats in a place of its own.
    repeated : int
        How many only repeat another one.
    """

    document: str
    formulas: int
    treated: int
    repeated: int

    @property
    def is_complete(self):
        """Whether every formula is treated or repeats one that is."""
        return self.treated + self.repeated == self.formulas


def read_rows(root):
    """Read the page.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    dict of str to (int, list of Row)
        For each document the number of its formulas as the page says, and the rows.

    Raises
    ------
    ValueError
        If a document's section does not say how many formulas it has.
    """
    text = (Path(root) / "book" / "sources.md").read_text(encoding="utf-8")
    heads = list(SECTION.finditer(text))
    found = {}
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        part = text[head.end() : after.start() if after else None]
        total = TOTAL.search(part)
        if total is None:
            raise ValueError(f"book/sources.md does not say how many formulas {head['name']} has")
        rows = [_row(line) for line in part.split("\n") if re.match(r"\| [^-]", line)]
        found[head["name"]] = (int(total[1]), [row for row in rows if row is not None])
    return found


def _row(line):
    """Return a row of a table, and None for the line with its columns' names."""
    first, *_, where = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if where == "where":
        return None
    numbers = ()
    if re.fullmatch(r"\d+|\(\d+[ab]?\)(–\(\d+\))?", first):
        numbers = tuple(expanded(first))
    repeats = re.match(r"repeats ([A-D] \(?\d+[ab]?\)?(?:–\(\d+\))?)", where)
    return Row(
        numbers=numbers,
        labels=tuple(re.findall(r"\{eq\}`([\w-]+)`", where)),
        links=tuple(re.findall(r"\]\(([^)\s]+)\)", where)),
        repeats=repeats[1] if repeats else "",
    )


def expanded(text):
    """Return the numbers in a text such as ``"(5a), (5b)"`` or ``"(66)–(71)"``, ranges in full."""
    found = []
    for match in re.finditer(r"\(?(\d+)([ab]?)\)?(?:–\((\d+)\))?", text):
        first, letter, last = match.groups()
        for number in range(int(first), int(last or first) + 1):
            # (5) stands in two parts, and a range that crosses it holds both.
            halves = ["5a", "5b"] if number == 5 and last else [f"{number}{letter}"]
            found += halves
    return found


def equation_sources(root):
    """Read from the chapters which source each of their equations names.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    dict of str to str
        The words between the brackets, such as ``"A (26); B, Softmax"``, by the equation's label;
        none for an equation that is in no document.
    """
    found = {}
    for chapter in chapter_names(root):
        notebook = nbformat.read(chapter_notebook(root, chapter), as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                for equation in EQUATION.finditer(MARK_SCHEME.sub("", cell.source)):
                    found[equation["label"]] = equation["source"] or ""
    return found


def documents(source):
    """Return the letters of the documents that a source names."""
    return set(re.findall(r"(?:^|; )([A-D])\b", source))


def numbers_in_a(source):
    """Return the numbers of document A's equations that a source names."""
    parts = [part for part in source.split("; ") if re.match(r"A\b", part)]
    ranges = [r for part in parts for r in re.findall(r"\(\d+[ab]?\)(?:–\(\d+\))?", part)]
    return expanded(" ".join(ranges))


def coverage(root):
    """Count the formulas of each document that the book treats.

    Parameters
    ----------
    root : Path
        The folder of the course.

    Returns
    -------
    list of Coverage
        In the order of the page.
    """
    counted = []
    for name, (total, rows) in read_rows(root).items():
        repeated = {n for row in rows if row.repeats for n in row.numbers}
        treated = {n for row in rows if row.leads_to_a_chapter for n in row.numbers} - repeated
        counted.append(Coverage(name, total, len(treated), len(repeated)))
    return counted
