"""What an author can write in JupyterLab, and a page cannot show, is told with its remedy."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from publishing.notebooks.attachments import without_unnamed
from publishing.notebooks.authoring import cell_problems
from publishing.notebooks.checks import find_problems

ELSEWHERE = "save it beside the notebook"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("![The coin](attachment:coin.png)", "![what it shows](coin.png)"),
        ("![a](attachment:my%20coin%20%281%29.png)", "the attached picture my coin (1).png"),
        ('<img src="attachment:image.png" width="300">', "write ![what it shows](image.png)"),
        ("![a](data:image/png;base64,AAAA)", "holds a picture in its text"),
        ("![a](https://example.org/a.png)", ELSEWHERE),
        ("![a](//example.org/a.png)", ELSEWHERE),
        ("![a](/home/ada/a.png)", "a place on one machine"),
        ("<img alt='a' src='file:///a.png'>", "a place on one machine"),
        ("![a](gone.png)", "no such file"),
        ("![a](<gone.png>)", "no such file"),
    ],
)
def test_picture_that_no_page_shows(tmp_path, source, told):
    """An attachment, another machine's, or one that is not there."""
    (problem,) = cell_problems(new_markdown_cell(f"Text. {source}"), tmp_path)
    assert told in problem


@pytest.mark.parametrize(
    "source",
    ["![a](here.png)", "![a](here%20too.png)", '<img src="here.png">', "`![a](attachment:b.png)`"],
)
def test_picture_beside_the_notebook_is_shown(tmp_path, source):
    """With blanks in its name, too; and code may speak of what it likes."""
    for name in ("here.png", "here too.png"):
        (tmp_path / name).touch()
    assert cell_problems(new_markdown_cell(source), tmp_path) == []


def test_outputs_and_cells_that_no_page_shows(tmp_path):
    """Widgets, unknown kinds and raw cells are told; figures and text are not."""
    figure = {"application/vnd.vegalite.v5+json": {}, "text/plain": "<Chart>"}
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider()"}
    for data, told in [(figure, None), (widget, "widget"), ({"application/x-mine": ""}, "x-mine")]:
        cell = new_code_cell("f()", outputs=[new_output("display_data", data=data)])
        problems = cell_problems(cell, tmp_path)
        assert [told in problem for problem in problems] == ([True] if told else [])
    assert "raw cell" in cell_problems(new_raw_cell("<b>"), tmp_path)[0]


def test_check_names_the_cell(small_course):
    """A pasted picture is refused before anything is built, with the cell and what to do."""
    path = small_course / "book" / "alpha" / "alpha.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert find_problems(small_course) == [], "one that only a solution shows is no problem"
    notebook.cells[0].source += "\n\n![The coin](attachment:coin.png)"
    notebook.cells[0].attachments = {"coin.png": {"image/png": "AAAA"}}
    nbformat.write(notebook, path)
    (problem,) = find_problems(small_course)
    assert problem.path == "book/alpha/alpha.ipynb"
    assert problem.what.startswith("cell 1 (cell-0) shows the attached picture coin.png")


def test_attachments_that_a_text_names_stay():
    """By their names as they are, or with signs for blanks; others go."""
    cell = new_markdown_cell("![a](attachment:a.png) ![b](attachment:b%20b.png)")
    cell.attachments = {name: {"image/png": ""} for name in ("a.png", "b b.png", "c.png")}
    made = without_unnamed(type(cell)(cells=[cell]))
    assert set(made.cells[0].attachments) == {"a.png", "b b.png"}
    assert set(cell.attachments) == {"a.png", "b b.png", "c.png"}
