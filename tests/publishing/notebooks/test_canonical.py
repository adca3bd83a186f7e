"""The canonical form of a notebook: what deviates is named, and writing it is idempotent."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import v4

from publishing.notebooks.canonical import canonical, deviations, execute, main, write_notebook


def notebook(*cells):
    return canonical(v4.new_notebook(cells=list(cells)))


def stream(text, name="stdout"):
    return v4.new_output("stream", text=text, name=name)


def test_a_canonical_notebook_has_no_deviations():
    """The canonical form of a canonical notebook is itself."""
    first = notebook(v4.new_markdown_cell("# A"), v4.new_code_cell("1 + 1"), v4.new_code_cell("2"))
    assert deviations(first) == []
    assert canonical(first) == first
    assert [cell.get("execution_count") for cell in first.cells] == [None, 1, 2]


def test_the_id_of_a_graded_cell_is_its_grade_id():
    """A cell that nbgrader knows is known by one name only."""
    cell = v4.new_code_cell("assert True", id="other")
    cell.metadata.nbgrader = {"grade_id": "a_test", "grade": True}
    assert notebook(cell).cells[0].id == "a_test"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda nb: nb.metadata.update(widgets={}), "notebook's metadata"),
        (lambda nb: nb.metadata.language_info.update(version="3.11.7"), "notebook's metadata"),
        (lambda nb: nb.cells[0].metadata.update(execution={"t": 1}), "not kept: execution"),
        (lambda nb: nb.cells[0].update(execution_count=7), "execution count 7, should be 1"),
        (lambda nb: nb.cells[0].update(source="x = 1  \n"), "blanks at the end"),
        (lambda nb: nb.cells.append(nb.cells[0]), "used twice"),
        (lambda nb: nb.cells[0].outputs.append(stream("w", "stderr")), "stderr"),
        (lambda nb: nb.cells[0].outputs.extend([stream("a"), stream("b")]), "split"),
        (lambda nb: nb.cells[0].outputs.append(stream("/home/ada/x.py")), "/home/ada/x.py"),
        (lambda nb: nb.cells[0].outputs.append(stream("<f at 0x7f00aa11bb22>")), "memory address"),
        (
            lambda nb: nb.cells[0].outputs.append(v4.new_output("error", ename="E", evalue="boom")),
            "an error: E: boom",
        ),
    ],
)
def test_each_deviation_is_named(change, message):
    """One thing out of form gives a sentence that says which."""
    changed = notebook(v4.new_code_cell("x = 1", id="first"))
    change(changed)
    assert any(message in deviation for deviation in deviations(changed))


def test_execution_makes_outputs_and_leaves_its_argument(tmp_path):
    """The outputs of a run are kept, in the order of the cells."""
    source = notebook(v4.new_code_cell("print(6 * 7)"), v4.new_code_cell("6 * 9"))
    ran = canonical(execute(source, tmp_path))
    assert ran.cells[0].outputs[0].text == "42\n"
    assert ran.cells[1].outputs[0].data["text/plain"] == "54"
    assert source.cells[0].outputs == []
    assert deviations(ran) == []


def test_writing_what_is_there_writes_nothing(tmp_path):
    """A file whose bytes would not change keeps its time."""
    path = tmp_path / "a.ipynb"
    assert write_notebook(notebook(v4.new_code_cell("1", id="cell-001")), path)
    assert not write_notebook(notebook(v4.new_code_cell("1", id="cell-001")), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ipynb"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"not JSON", "is not JSON"),
        (b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "has no cells"),
        (b"\xff\xfe", "is not text in UTF-8"),
    ],
)
def test_a_broken_notebook_is_named(tmp_path, capsys, content, message):
    """The command says which file is wrong and how, checks the others, and fails."""
    bad, good = tmp_path / "bad.ipynb", tmp_path / "good.ipynb"
    bad.write_bytes(content)
    write_notebook(notebook(v4.new_code_cell("1")), good)
    assert main([str(bad), str(good)]) == 1
    said = capsys.readouterr().err
    assert f"{bad}: {message}" in said
    assert str(good) not in said
    assert bad.read_bytes() == content


def test_the_command_brings_a_notebook_into_form(tmp_path, capsys):
    """--write changes the form and keeps the outputs; a check afterwards finds nothing."""
    path = tmp_path / "a.ipynb"
    cell = v4.new_code_cell("print(1)  ", outputs=[stream("1\n")], execution_count=9)
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    assert main([str(path)]) == 1
    assert main([str(path), "--write"]) == 0
    assert main([str(path)]) == 0
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "1\n"


def test_without_names_every_notebook_of_the_book_is_checked(tmp_path, capsys, monkeypatch):
    """Chapters and pages alike; what an editor left in its checkpoints is not looked at."""
    for name in ("book/alpha/alpha.ipynb", "book/page.ipynb", "book/.ipynb_checkpoints/x.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{")
    monkeypatch.chdir(tmp_path)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "book/alpha/alpha.ipynb: is not JSON" in said
    assert "book/page.ipynb: is not JSON" in said
    assert "checkpoints" not in said
