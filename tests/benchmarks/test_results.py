"""The file of results: each benchmark writes its section and leaves those of the others."""

from __future__ import annotations

from benchmarks.results import HEAD, table, write_section


def test_a_section_is_replaced_where_it_stands(tmp_path):
    """The others, their order and the head of the file stay as they are."""
    path = tmp_path / "RESULTS.md"
    for title, text in (("One", "1\n\n### More\n\nmore"), ("Two", "2"), ("One", "new")):
        write_section(title, text, path)
    assert path.read_text() == f"{HEAD}\n## One\n\nnew\n\n## Two\n\n2\n"


def test_a_section_can_come_first(tmp_path):
    """The figure that users look for stands above the others, whenever it was measured."""
    path = tmp_path / "RESULTS.md"
    for title, first in (("One", False), ("Two", True), ("Three", False)):
        write_section(title, title.lower(), path, first=first)
    assert path.read_text() == f"{HEAD}\n## Two\n\ntwo\n\n## One\n\none\n\n## Three\n\nthree\n"


def test_a_table_is_markdown():
    """One row a line, below the heads."""
    assert table(["", "ms"], [["a", "1"]]) == "|  | ms |\n| --- | --- |\n| a | 1 |"
