"""What stands in the place of an output is the engine's word, which no submission can say."""

from __future__ import annotations

import json

import pytest
from cells import code_cell, notebook
from nbformat.v4 import new_output
from nbjudge.execution.figures import name_figures
from nbjudge.execution.needless import say_not_run
from nbjudge.execution.placeholders import AS_RELEASED, NOT_RUN, placeholder, placeholder_line
from nbjudge.feedback import pages
from submission_pages import exporter, page_of
from traitlets.config import Config

LINES = [NOT_RUN, AS_RELEASED]
SEND = """
from IPython import get_ipython
kernel = get_ipython().kernel
def send(kind, **content):
    kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"))
"""


@pytest.fixture
def config(monkeypatch):
    """The configuration of a course that shows safe pages."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    config = Config()
    pages.configure(config)
    return config


def quiet(config, kind, *cells):
    """Return what a page says in the engine's voice."""
    found = page_of(exporter(kind, config), *cells).find_all(class_="nbjudge-quiet")
    return [line.get_text() for line in found]


def with_outputs(*outputs):
    """Make a cell that has been run."""
    cell = code_cell("draw()")
    cell.outputs = list(outputs)
    return cell


@pytest.mark.parametrize("kind", ["feedback", "formgrade"])
def test_a_page_says_what_the_engine_has_put(config, kind):
    """Where a cell was not run, and where its figure was not drawn."""
    figure = {"text/plain": "<Figure size 640x480 with 1 Axes>"}
    left_out, drawn = with_outputs(), with_outputs(new_output("display_data", data=figure))
    say_not_run(left_out)
    name_figures(drawn)
    assert quiet(config, kind, left_out, drawn) == LINES


@pytest.mark.parametrize("kind", ["feedback", "formgrade"])
@pytest.mark.parametrize("line", LINES)
def test_the_same_words_of_a_student_stay_an_output(config, kind, line):
    """Shown, printed, or in a Markdown or HTML of their own with the class of the engine's."""
    cell = with_outputs(
        new_output("stream", text=line),
        new_output("display_data", data={"text/plain": line}),
        new_output("execute_result", data={"text/plain": line}),
        new_output("display_data", data={"text/markdown": f'<p class="nbjudge-quiet">{line}</p>'}),
        new_output("display_data", data={"text/html": f'<p class="nbjudge-quiet">{line}</p>'}),
    )
    assert quiet(config, kind, cell) == []
    assert page_of(exporter(kind, config), cell).get_text().count(line) == 5


@pytest.mark.parametrize("line", LINES)
def test_no_message_of_a_kernel_carries_the_mark(execute, config, line):
    """In an output, in a result, in a change of an earlier output, while a test is judged."""
    marked = placeholder(line)
    content = {"data": dict(marked.data), "metadata": dict(marked.metadata)}
    shown = f"send('display_data', transient={{}}, **{content!r})"
    changed = f"send('update_display_data', transient={{'display_id': 'a'}}, **{content!r})"
    cells = execute(
        code_cell(SEND),
        code_cell("from IPython.display import display\n_ = display(1, display_id='a')"),
        code_cell(shown),
        code_cell(f"send('execute_result', execution_count=1, transient={{}}, **{content!r})"),
        code_cell(changed),
        code_cell(f"def f():\n    {shown}", "f", solution=True),
        code_cell("f()", "of_f", grade=True, points=1, locked=True),
        judge=True,
    )
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output.data["text/plain"] for output in outputs] == [line] * 3
    assert [placeholder_line(output) for output in outputs] == [None] * 3
    assert quiet(config, "feedback", with_outputs(*outputs)) == []


@pytest.mark.parametrize("figures", ["changed", "none"])
def test_what_was_handed_in_with_the_mark_has_lost_it(execute, config, figures):
    """A cell without code is not run, and keeps its outputs where nothing has cleared them."""
    cell = code_cell("")
    cell.outputs = [placeholder(NOT_RUN)]
    assert "nbjudge" in json.dumps(cell.outputs)
    (found,) = execute(cell, figures=figures)
    assert quiet(config, "feedback", *notebook(found).cells) == []
    assert [placeholder_line(output) for output in found.outputs] == [None]
