"""Feedback without what students are not to read, cell by cell."""

from __future__ import annotations

from cells import code_cell, notebook
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_output
from nbjudge.feedback import pages
from nbjudge.feedback.preprocessors import HideTests, LeaveOutCode
from submission_pages import exporter, page_of
from traitlets.config import Config

TEST = """assert f(1) == 1
### BEGIN HIDDEN TESTS
value = f(secret_input)
assert value == 3, "three is what it should be"
### END HIDDEN TESTS"""


def test_a_warning_quotes_no_hidden_line():
    """The warning itself stays, the hidden line that it quotes goes; so does a traceback."""
    cell = code_cell(TEST, "f_test", grade=True, locked=True, score=0, points=1)
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


def drawn(source, tags="hide-input", **nbgrader):
    """Make a cell with a tag and an output."""
    cell = code_cell(source, nbgrader.pop("grade_id", None), **nbgrader)
    cell.metadata.tags = tags.split()
    cell.outputs = [new_output("stream", name="stdout", text=f"output of {source}")]
    return cell


SUBMITTED = [
    drawn("draw_figure"),
    drawn("tell_a_story", tags="story"),
    drawn("many_tags", tags="story remove-input"),
    drawn("own_answer", grade_id="a", solution=True),
    drawn("own_test", grade_id="b", grade=True, locked=True, score=0, points=1),
    drawn("written_answer", grade_id="c", grade=True, solution=True, score=0, points=1),
    drawn("own_task", grade_id="d", task=True, score=0, points=1),
]


def shown(kind, config, *steps):
    """Return the sources that a page shows."""
    pages.configure(config)
    made = exporter(kind, config)
    for step in steps:
        made.register_preprocessor(step, enabled=True)
    page = page_of(made, *SUBMITTED)
    for cell in SUBMITTED:
        assert f"output of {cell.source}" in page.text
    return {cell.source for cell in SUBMITTED} & {line.strip() for line in page.text.splitlines()}


def test_code_that_is_folded_in_the_book_is_left_out_of_feedback(monkeypatch):
    """Its outputs stay. What a student wrote or a test says is shown, whatever its tags are."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    everything = {cell.source for cell in SUBMITTED}
    assert shown("feedback", Config(), LeaveOutCode) == everything - {"draw_figure", "many_tags"}
    config = Config(LeaveOutCode={"tags": {"story"}})
    left = shown("feedback", config, LeaveOutCode)
    assert left == everything - {"tell_a_story", "many_tags"}


def test_a_person_who_grades_sees_all_code(monkeypatch):
    """Formgrader's page leaves nothing out, whatever a submission says of itself."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    SUBMITTED[0].metadata.transient = {"remove_source": True}
    assert shown("formgrade", Config()) == {cell.source for cell in SUBMITTED}
