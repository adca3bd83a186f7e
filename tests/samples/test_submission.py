"""How a released notebook becomes a submission."""

import pytest
from courses import instructor_notebook
from nbformat import v4

from samples.submission import delete_cell, exercises, put_answers


def test_answers_go_to_their_cells_and_the_release_stays():
    """Only the named cell changes, and only in the copy."""
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell("stub", id="a"), v4.new_code_cell("b", id="b")]
    )
    filled = put_answers(notebook, {"a": "answer"})
    assert [cell.source for cell in filled.cells] == ["answer", "b"]
    assert notebook.cells[0].source == "stub"


def test_an_answer_without_a_cell_is_an_error():
    """A misspelt exercise must not go unnoticed."""
    with pytest.raises(KeyError, match="nonesuch"):
        put_answers(v4.new_notebook(cells=[v4.new_code_cell(id="a")]), {"nonesuch": "x"})


def test_deleting_a_cell_that_is_not_there_is_an_error():
    """A cell is deleted once."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(id="a")])
    assert delete_cell(notebook, "a").cells == []
    with pytest.raises(KeyError, match="nonesuch"):
        delete_cell(notebook, "nonesuch")


def test_tests_belong_to_the_answer_before_them():
    """Exercises come in the order of the chapter, each with the points of its own tests."""
    found = exercises(instructor_notebook("coin_mle"))
    assert list(found)[:2] == ["bernoulli_pmf", "log_likelihood"]
    assert found["score"] == {
        "score_on_small_examples": 1,
        "score_is_zero_at_the_top": 1,
        "score_is_the_slope": 1,
    }
