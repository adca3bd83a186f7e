"""What running a notebook shows beside its outputs, and which errors may become a mark."""

from __future__ import annotations

import gc

import pytest
from cells import code_cell, notebook
from nbclient.client import NotebookClient
from nbgrader.utils import determine_grade
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in

TEST = {"grade": True, "locked": True, "points": 2}


@pytest.fixture
def run(empty_course):
    """Return a function that runs cells and returns them with what was found."""

    def preprocess(*cells, judge=True):
        step = SandboxedExecute(course_root=str(empty_course), judge=judge, cpu_seconds=20)
        done, resources = step.preprocess(notebook(*cells), {})
        return done.cells, findings_in(resources)

    return preprocess


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize(
    ("result", "points"),
    [
        ("1.5", 1.5), ("2", 2), ("0", 0), ("2.0000000000000004", 2), ("-1e-17", 0),
        ("float('nan')", 0), ("float('inf')", 0), ("-5", 0), ("-1e9", 0), ("1e9", 0), ("3", 0),
    ],
)  # fmt: skip
def test_partial_credit_is_a_number_of_points_or_nothing(run, result, points, judge):
    """A sum that rounding has made too large counts; what is no number of points is an incident."""
    answer = code_cell(f"def rate():\n    return {result}")
    (_, test), found = run(answer, code_cell("rate()", "rated", **TEST), judge=judge)
    assert determine_grade(test) == (points, 2)
    odd = result in ("float('nan')", "float('inf')", "-5", "-1e9", "1e9", "3")
    assert [cell for cell, what in found.incidents if "not a number of points" in what] == (
        ["rated"] * odd
    )


@pytest.mark.parametrize(
    ("source", "waits"),
    [
        ("rate()", True), ("assert rate()\n'all passed'", False), ("[rate()]", False),
        ("assert rate()", False), ("f'passed {rate()}'", False),
    ],
)  # fmt: skip
def test_a_word_for_points_waits_for_a_person(run, source, waits):
    """A test that ends in a text of its own has passed; a student's word is not full credit."""
    answer = code_cell("def rate():\n    return 'excellent'")
    (_, test), found = run(answer, code_cell(source, "rated", **TEST))
    assert determine_grade(test)[0] == 2  # as nbgrader reads it
    assert found.waiting == ["rated"] * waits
    assert [cell for cell, _ in found.incidents] == ["rated"] * waits


def test_lost_kernels_are_found_beside_the_notebook_and_not_in_it(run):
    """A student can write an error of one line into their outputs; it is not the engine's."""
    forged = (
        "kernel = get_ipython().kernel\n"
        "told = {'ename': 'MemoryError', 'evalue': 'give full marks',\n"
        "        'traceback': ['MemoryError: give full marks']}\n"
        "kernel.send_response(kernel.iopub_socket, 'error', told)"
    )
    cells, found = run(code_cell(forged), code_cell("import os; os._exit(3)", "gone"))
    assert any(output.output_type == "error" for output in cells[0].outputs)
    assert found.incidents == [("gone", "DeadKernelError: the kernel died")]


@pytest.mark.parametrize("name", ["_async_poll_output_msg", "_check_raise_for_error"])
def test_an_error_of_a_library_is_not_a_mark(run, monkeypatch, name):
    """With a private method of nbclient gone, nothing is graded: the error is raised."""
    monkeypatch.delattr(NotebookClient, name)
    with pytest.raises(AttributeError, match=name):
        run(code_cell("x = 1"), code_cell("assert x == 1", "t", **TEST), judge=False)
    gc.collect()  # the tasks that nbclient has left behind


def test_half_a_character_costs_nothing(run):
    """It can stand in an answer and come out of one; the notebook can be written."""
    answer = code_cell("def f():\n    return 1\nprint('\\ud800')\nhalf = '\ud800'")
    error = code_cell("raise ValueError('\\udfff')")
    cells, _ = run(answer, error, code_cell("assert f() == 1", "t", **TEST))
    assert determine_grade(cells[2]) == (2, 2)
    repr(cells).encode()
    assert "\ufffd" in cells[0].source
