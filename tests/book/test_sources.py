"""The page of sources: complete, without a dead reference, and at one with the chapters."""

from __future__ import annotations

import re
from functools import cache

import nbformat
import pytest
from courses import CHAPTERS, ROOT, instructor_notebook
from mdit_py_plugins.anchors.index import slugify

from publishing.notebooks.coverage import (
    coverage,
    documents,
    equation_sources,
    expanded,
    numbers_in_a,
    read_rows,
)

ROWS = read_rows(ROOT)
SOURCES = equation_sources(ROOT)
A, OLDER = "A, newer version", "A, older version"


def rows_of(letter):
    """Return the rows of a document, of both versions of A."""
    return [row for name, (_, rows) in ROWS.items() if name[0] == letter for row in rows]


def markdown_of(path):
    """Return the text of a page, or of a notebook's Markdown cells."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@cache
def anchors(path):
    """Return the anchors of a page's headings, as the book makes them."""
    headings = re.findall(r"^#{1,3} (.+)$", markdown_of(path), re.MULTILINE)
    return {slugify(heading) for heading in headings}


def chapter_of_equations():
    """Return the chapter in which each labelled equation stands."""
    found = {}
    for chapter in CHAPTERS:
        for cell in instructor_notebook(chapter).cells:
            for label in re.findall(r"^\$\$ \(([\w-]+)\)$", cell.source, re.MULTILINE):
                found[label] = chapter
    return found


def test_all_five_documents_are_there():
    """Both versions of A, then B, C and D."""
    assert list(ROWS) == [A, OLDER, "B", "C", "D"]


@pytest.mark.parametrize("name", ["sources.md", "errata.ipynb"])
def test_links_lead_somewhere(name):
    """Every link of the two pages on the documents is to a page, and to a heading that it has."""
    page = ROOT / "book" / name
    links = re.findall(r"\]\(([^)\s]+)\)", markdown_of(page))
    assert len(links) > 100
    for link in links:
        target, _, anchor = link.partition("#")
        path = ROOT / "book" / target if target else page
        assert path.is_file(), link
        assert not anchor or anchor in anchors(path), link


def test_equations_exist_and_stand_where_the_row_leads():
    """Every equation that a row names is defined, in a chapter to which the row links."""
    chapters = chapter_of_equations()
    for name, (_, rows) in ROWS.items():
        for row in rows:
            for label in row.labels:
                assert label in chapters, f"{name}: {label} is defined nowhere"
                chapter = f"{chapters[label]}/{chapters[label]}.ipynb"
                assert any(link.startswith(chapter) for link in row.links), (name, label)


@pytest.mark.parametrize("name", ROWS)
def test_formulas_are_numbered_without_a_gap(name):
    """Every number from 1 to the last has one row; their count is the one that is stated."""
    total, rows = ROWS[name]
    numbers = [number for row in rows for number in row.numbers]
    assert len(numbers) == total
    if name[0] == "A":
        assert numbers == [*"1234", "5a", "5b", *map(str, range(6, total))]
    else:
        assert numbers == [str(number) for number in range(1, total + 1)]


def test_equations_of_a_are_listed_as_the_chapters_name_them():
    """A row of A names exactly the equations that have its number as their source."""
    for row in ROWS[A][1]:
        for number in row.numbers:
            named = {label for label, s in SOURCES.items() if number in numbers_in_a(s)}
            assert set(row.labels) == named, f"A ({number})"


@pytest.mark.parametrize("letter", "ABCD")
def test_page_and_chapters_name_the_same_equations(letter):
    """What names a document as its source is in that document's tables, and nothing else is."""
    named = {label for label, source in SOURCES.items() if letter in documents(source)}
    listed = {label for row in rows_of(letter) for label in row.labels}
    assert listed == named


def test_repetitions_repeat_what_is_treated():
    """What a row only repeats is a formula that has a place of its own in the book."""
    treated = {
        (letter, number)
        for letter in "ABCD"
        for row in rows_of(letter)
        if row.leads_to_a_chapter and not row.repeats
        for number in row.numbers
    }
    for letter in "ABCD":
        for row in rows_of(letter):
            assert bool(row.repeats) != bool(row.labels or row.links), row
            if row.repeats:
                repeated, _, numbers = row.repeats.partition(" ")
                originals = expanded(numbers)
                assert {(repeated, number) for number in originals} <= treated, row
                # A range repeats a range of its length; one line of A holds two equations.
                assert len(row.numbers) in (1, len(originals)), row


def test_every_formula_is_covered():
    """None is left out, and the table at the top of the page says what is counted below."""
    text = markdown_of(ROOT / "book" / "sources.md")
    for counted in coverage(ROOT):
        assert counted.is_complete, counted
        row = f"{counted.document} | {counted.formulas} | {counted.treated} | {counted.repeated}"
        assert f"| {row} |" in text


def test_ranges_are_read_in_full():
    """(5) stands in two parts, alone as in a range."""
    assert expanded("(5a), (5b)") == ["5a", "5b"]
    assert expanded("(4)–(7)") == ["4", "5a", "5b", "6", "7"]
    assert numbers_in_a("A (20), (78); B, case (3)") == ["20", "78"]
    assert numbers_in_a("A (36), $y = 1$") == ["36"]
    assert documents("B; C; D 1") == {"B", "C", "D"}
    assert documents("not in A") == set()


def test_document_without_a_total_is_refused(tmp_path):
    """A section that does not say how many formulas there are cannot be checked."""
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "sources.md").write_text("## Document E\n\n| 1 | a | [b](c/c.ipynb) |\n")
    with pytest.raises(ValueError, match="does not say how many formulas E has"):
        read_rows(tmp_path)


def test_formula_without_a_place_is_not_covered(tmp_path):
    """A link to a page that is no chapter does not count; a chapter or a repetition does."""
    rows = "| 1 | a | [b](intro.md) |\n| 2 | a | [b](c/c.ipynb) |\n| 3 | a | repeats E 2 |\n"
    (tmp_path / "book").mkdir()
    text = f"## Document E\n\nIt has **3 displayed formulas**.\n\n{rows}"
    (tmp_path / "book" / "sources.md").write_text(text.replace("repeats E", "repeats B"))
    (counted,) = coverage(tmp_path)
    assert (counted.treated, counted.repeated, counted.is_complete) == (1, 1, False)
