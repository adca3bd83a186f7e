"""Feedback without what students are not to read, cell by cell."""

from __future__ import annotations

from grading_cells import code_cell, notebook
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_output
from traitlets.config import Config

from grading.feedback import HideTests

TEST = """assert f(1) == 1
### BEGIN HIDDEN TESTS
value = f(secret_input)
assert value == 3, "three is what it should be"
### END HIDDEN TESTS"""


def test_a_warning_quotes_no_hidden_line():
    """The warning itself stays, the hidden line that it quotes goes; so does a traceback."""
    cell = code_cell(TEST, "f_test", grade=True, locked=True, points=1)
    warned = "<test cell 3>:3: RuntimeWarning: divide by zero\n  value = f(secret_input)\n"
    failed = {"ename": "AssertionError", "evalue": "three", "traceback": ["f(secret_input)"]}
    cell.outputs = [
        new_output("stream", name="stdout", text=warned),
        new_output("error", **failed),
    ]
    cleaned, _ = HideTests().preprocess(notebook(cell), {})
    text = str(cleaned)
    assert "secret_input" not in text
    assert "divide by zero" in text and "AssertionError: three" in text
    assert "assert f(1) == 1" in text


def test_a_task_keeps_its_statement_without_its_mark_scheme():
    """What a derivation's points are for is the grader's."""
    cell = new_markdown_cell(
        "Derive it.\n\n=== BEGIN MARK SCHEME ===\nOne point for luck.\n=== END MARK SCHEME ==="
    )
    cell.metadata.nbgrader = code_cell("", "derive", task=True).metadata.nbgrader
    cleaned, _ = HideTests().preprocess(notebook(cell), {})
    assert "Derive it." in cleaned.cells[0].source
    assert "luck" not in cleaned.cells[0].source and "MARK SCHEME" not in cleaned.cells[0].source


def test_the_exporters_settings_are_no_warning(caplog):
    """nbgrader's steps know the settings of the course, and are not told those of the exporter."""
    config = Config(ClearMarkScheme={"begin_mark_scheme_delimeter": "START"})
    exporter = HTMLExporter(config=config)
    cell = new_markdown_cell("Derive it.\n\nSTART\nluck\n=== END MARK SCHEME ===")
    cell.metadata.nbgrader = code_cell("", "derive", task=True).metadata.nbgrader
    cleaned, _ = HideTests(parent=exporter).preprocess(notebook(cell), {})
    assert "luck" not in cleaned.cells[0].source
    assert not caplog.records
