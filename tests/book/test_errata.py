"""The page of errata: every entry complete, shown by numbers, and linked to where it is right."""

from __future__ import annotations

import ast
import re

import nbformat
from courses import ROOT

from publishing.notebooks.canonical import deviations

NOTEBOOK = nbformat.read(ROOT / "book" / "errata.ipynb", as_version=4)
HEADING = re.compile(r"^### (?P<number>[A-D]\d+)\. (?P<title>.+)$", re.MULTILINE)
PARTS = ("Place", "Printed", "Right", "Why", "In this book")


def entries():
    """Return the text of each entry, and the cell that shows it, by the entry's number."""
    found = {}
    for cell, following in zip(NOTEBOOK.cells, NOTEBOOK.cells[1:], strict=False):
        heading = HEADING.match(cell.source)
        if heading:
            assert following.cell_type == "code", f"{heading['number']} is shown by no cell"
            found[heading["number"]] = (cell.source, following)
    return found


def test_page_is_canonical_and_not_graded():
    """It is in the form of every committed notebook, and no assignment."""
    assert deviations(NOTEBOOK) == []
    assert all("nbgrader" not in cell.metadata for cell in NOTEBOOK.cells)


def test_entries_are_numbered_by_document():
    """A1, A2, … without a gap, then B, C and D; the opening counts them rightly."""
    numbers = list(entries())
    counts = {letter: sum(n[0] == letter for n in numbers) for letter in "ABCD"}
    assert numbers == [f"{letter}{n}" for letter in "ABCD" for n in range(1, counts[letter] + 1)]
    assert all(counts.values())
    said = ", ".join(f"{count} in {letter}" for letter, count in counts.items())
    assert f"There are {len(numbers)} entries: {said}." in NOTEBOOK.cells[0].source


def test_contents_list_every_entry():
    """The table at the top has each entry, by number, title and place."""
    rows = re.findall(
        r"^\| ([A-D]\d+) \| \[(.+?)\]\(#.+\) \| .+ \|$", NOTEBOOK.cells[0].source, re.MULTILINE
    )
    assert rows == [
        (number, HEADING.match(text)["title"]) for number, (text, _) in entries().items()
    ]


def test_entries_are_complete():
    """Each says where, what is printed, what is right, why, and where the book treats it."""
    for number, (text, _) in entries().items():
        said = dict(re.findall(r"^\*\*(.+?)\.\*\* (.+)$", text, re.MULTILINE))
        assert tuple(said) == PARTS, number
        assert said["Place"].startswith(f"{number[0]}, "), number
        assert re.search(r"\$|“|\d", said["Printed"]), f"{number} quotes nothing"
        assert re.search(r"\]\(\w+/\w+\.ipynb#", said["In this book"]), f"{number}: no section"


def test_entries_are_shown_by_numbers():
    """Each cell prints something, asserts what its entry claims, and needs numpy alone."""
    for number, (_, cell) in entries().items():
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert any(isinstance(node, ast.Assert) for node in nodes), number
        assert [output.output_type for output in cell.outputs] == ["stream"], number
        assert len(cell.source.split("\n")) <= 30, number
    for cell in NOTEBOOK.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    assert ast.unparse(node) == "import numpy as np", cell.id
