"""What each edition shows of a notebook."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from publishing.reader import read_notebook
from publishing.release import ReleaseError


def read(*cells, edition="student", settings=None):
    """Read a notebook of these cells, return the cells shown."""
    text = nbformat.writes(new_notebook(cells=list(cells)))
    return read_notebook(text, edition, settings).cells


def test_cell(source, **nbgrader):
    meta = {"grade_id": "t_1", "grade": True, "solution": False, "task": False, "points": 1}
    return new_code_cell(source, metadata={"nbgrader": {**meta, **nbgrader}})


test_cell.__test__ = False

SOLUTION = {"grade_id": "f", "grade": False, "solution": True, "task": False}


def test_student_is_the_default_edition(small_course):
    """Without being told which, the reader takes the secret parts out."""
    text = (small_course / "book" / "alpha" / "alpha.ipynb").read_text()
    shown = json.dumps(read_notebook(text))
    assert "secret_halved" in text
    assert not [w for w in ("secret_halved", "1e308", "Zugzwang", "contrapositive") if w in shown]


def test_unknown_edition_is_refused():
    """A misspelt edition is no edition."""
    with pytest.raises(ValueError, match="'instructors'"):
        read(new_markdown_cell("a"), edition="instructors")


def test_outputs_of_ordinary_cells_stay():
    """A figure or a printed line of a plain cell is kept."""
    output = new_output("stream", text="0.5\n")
    (cell,) = read(new_code_cell("print(1 / 2)", outputs=[output]))
    assert cell.outputs == [output]


@pytest.mark.parametrize("nbgrader", [SOLUTION, {**SOLUTION, "grade": True, "points": 1}])
def test_outputs_of_answers_go(nbgrader):
    """What a solution printed is not shown."""
    printed = [new_output("stream", text="42\n")]
    (cell,) = read(new_code_cell("f = 42", metadata={"nbgrader": nbgrader}, outputs=printed))
    assert cell.outputs == []
    assert "42" not in cell.source


def test_outputs_of_hidden_tests_go():
    """What a hidden test printed is not shown, the visible test beside it is."""
    cell = test_cell("assert 1\n### BEGIN HIDDEN TESTS\nprint(7)\n### END HIDDEN TESTS")
    cell.outputs = [new_output("stream", text="7\n")]
    (shown,) = read(cell)
    assert (shown.source, shown.outputs) == ("assert 1", [])


def test_visible_tests_are_folded_under_their_name():
    """A reader sees one line, which says how much the tests are worth."""
    (cell,) = read(test_cell("assert True"))
    assert "hide-input" in cell.metadata.tags
    assert cell.metadata.mystnb.code_prompt_show == "Tests: t_1, 1 point"


def test_partly_hidden_tests_say_so():
    """The line over the visible tests tells that there are others."""
    (cell,) = read(test_cell("assert 1\n### BEGIN HIDDEN TESTS\n2\n### END HIDDEN TESTS"))
    assert cell.metadata.mystnb.code_prompt_show == "Tests, some of them hidden: t_1, 1 point"


@pytest.mark.parametrize("left", ["", "# only a remark\n", '"""Large values."""\n'])
def test_hidden_cell_becomes_a_line(left):
    """A cell without a visible statement is a line of text with name, points and purpose."""
    hidden = "### BEGIN HIDDEN TESTS\nassert 0\n### END HIDDEN TESTS"
    (cell,) = read(test_cell(left + hidden, points=2))
    assert cell.cell_type == "markdown"
    purpose = " Large values." if left.startswith('"') else ""
    assert rf"Hidden tests: t\_1, 2 points.{purpose}" in cell.source


def test_cell_with_a_magic_is_not_taken_for_empty():
    """Code that only IPython can parse is shown."""
    (cell,) = read(test_cell("%matplotlib inline\n### BEGIN HIDDEN TESTS\n0\n### END HIDDEN TESTS"))
    assert cell.source == "%matplotlib inline"


def test_image_options_are_kept():
    """Alternative text and tags of a cell survive the reader."""
    metadata = {"mystnb": {"image": {"alt": "a line"}}, "tags": ["hide-input"]}
    (cell,) = read(new_code_cell("plot()", metadata=metadata))
    assert cell.metadata == metadata


def test_exercise_is_framed_whatever_fences_it_holds():
    """The frame's fence is longer than any within."""
    source = "**Exercise 3.2 (3 points).** Write\n````md\n```python\n```\n````"
    (cell,) = read(new_markdown_cell(source))
    assert cell.source == f"`````{{container}} exercise\n{source}\n`````"


def test_exercise_with_a_heading_is_left_alone():
    """A heading inside a directive would be no section of the page."""
    source = "**Exercise 3.2.** Do.\n\n## Next"
    assert read(new_markdown_cell(source))[0].source == source


def test_course_settings_are_nbgraders_own():
    """Delimiters and stubs come from the course's configuration."""
    settings = {"ClearSolutions": {"begin_solution_delimeter": "<<", "code_stub": {"python": "?"}}}
    cell = new_code_cell("<<\nx = 1\n### END SOLUTION", metadata={"nbgrader": SOLUTION})
    assert read(cell, settings=settings)[0].source == "?"


@pytest.mark.parametrize("edition", ["student", "instructor"])
def test_region_in_an_unmarked_cell_is_refused(edition):
    """A solution that nbgrader would not know of stops both editions, with the cell's number."""
    cell = new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    with pytest.raises(ReleaseError, match="cell 2: its solutions cannot be taken out"):
        read(new_markdown_cell("a"), cell, edition=edition)


def test_instructor_sees_solutions_under_a_label():
    """A solution is shown whole, below a line that says what it is."""
    source = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    label, cell = read(new_code_cell(source, metadata={"nbgrader": SOLUTION}), edition="instructor")
    assert "Solution: f" in label.source
    assert "instructor-only" in label.source
    assert cell.source == source


def test_instructor_sees_mark_schemes_in_a_box():
    """A mark scheme becomes an admonition, its delimiters go."""
    source = "Show it.\n=== BEGIN MARK SCHEME ===\nOne point.\n=== END MARK SCHEME ==="
    task = {"grade_id": "t", "task": True, "grade": False, "solution": False, "points": 1}
    cell = new_markdown_cell(source, metadata={"nbgrader": task})
    (shown,) = read(cell, edition="instructor")
    assert ":class: instructor-only mark-scheme\n\nOne point." in shown.source
    assert "MARK SCHEME ===" not in shown.source
