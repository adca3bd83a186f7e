"""What each edition shows of a notebook."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from publishing.notebooks.edition_reader import PART, read_notebook
from publishing.notebooks.student_version import ReleaseError


def read(*cells, edition="student", settings=None):
    """Read a notebook of these cells, return the cells shown."""
    text = nbformat.writes(new_notebook(cells=list(cells)))
    return read_notebook(text, edition, settings).cells


def test_cell(source, **nbgrader):
    meta = {"grade_id": "t_1", "grade": True, "solution": False, "task": False, "points": 1}
    return new_code_cell(source, metadata={"nbgrader": {**meta, **nbgrader}})


test_cell.__test__ = False


def code(cells):
    """Return the code cells of a page."""
    return [cell for cell in cells if cell.cell_type == "code"]


def marks(cells):
    """Return the marks of the parts of exercises, by which pages are arranged."""
    sources = [cell.source.split("\n") for cell in cells if f"{{{PART}}}" in cell.source]
    return [json.loads(lines[1]) for lines in sources]


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
    (cell,) = code(read(new_code_cell("f = 42", metadata={"nbgrader": nbgrader}, outputs=printed)))
    assert cell.outputs == []
    assert "42" not in cell.source


def test_outputs_of_hidden_tests_go():
    """What a hidden test printed is not shown, the visible test beside it is."""
    cell = test_cell("assert 1\n### BEGIN HIDDEN TESTS\nprint(7)\n### END HIDDEN TESTS")
    cell.outputs = [new_output("stream", text="7\n")]
    (shown,) = read(cell)
    assert (shown.source, shown.outputs) == ("assert 1", [])


def answered(*tests):
    """Return an answer with its tests."""
    return [new_code_cell("f = 42", metadata={"nbgrader": SOLUTION}), *tests]


def test_tests_stand_under_their_purpose():
    """A mark in front of each says what it is for, what it is worth, and whether a part hides."""
    partly = "# Small values.\nassert 1\n### BEGIN HIDDEN TESTS\n2\n### END HIDDEN TESTS"
    shown = read(*answered(test_cell('"""All values."""\nassert 1', points=2), test_cell(partly)))
    begin, place, first, second, end = marks(shown)
    assert (begin["name"], begin["points"], begin["by_hand"]) == ("f", 3, False)
    assert [mark["part"] for mark in (begin, place, end)] == ["begin", "place", "end"]
    assert (first["purpose"], first["points"], first["hides"]) == ("All values.", 2, False)
    assert (second["purpose"], second["points"], second["hides"]) == ("Small values.", 1, True)
    assert [cell.source for cell in code(shown)][1:] == [
        '"""All values."""\nassert 1',
        "# Small values.\nassert 1",
    ]


@pytest.mark.parametrize("left", ["", "# Large values.\n", '"""Large values."""\n'])
def test_hidden_cell_is_a_line_alone(left):
    """Of a cell without a visible statement its purpose is left, where that is not hidden."""
    hidden = "### BEGIN HIDDEN TESTS\n# the secret\nassert 0\n### END HIDDEN TESTS"
    shown = read(*answered(test_cell(left + hidden, points=2)))
    (mark,) = [mark for mark in marks(shown) if mark["part"] == "test"]
    assert (mark["purpose"], mark["hides"]) == ("Large values." if left else "", True)
    assert len(code(shown)) == 1
    assert "secret" not in json.dumps(shown)


def test_tests_without_an_answer_are_folded():
    """Tests in front of the first answer belong to no exercise; hidden ones are a line."""
    hidden = '"""Later."""\n### BEGIN HIDDEN TESTS\nassert 0\n### END HIDDEN TESTS'
    folded, line = read(test_cell('"""Is numpy there?"""\nimport numpy'), test_cell(hidden))
    assert "hide-input" in folded.metadata.tags
    assert folded.metadata.mystnb.code_prompt_show == "Tests: Is numpy there?"
    assert "Hidden tests. Later." in line.source


def test_what_stands_between_answer_and_tests_follows_them():
    """The answer at work is shown below its exercise, nothing is shown twice."""
    used = [new_markdown_cell("You should see 42."), new_code_cell("f")]
    answer, test = answered(test_cell("assert f == 42"))
    shown = read(new_markdown_cell("**Exercise 1 (1 point).** Set `f`."), answer, *used, test)
    sources = [cell.source for cell in shown if f"{{{PART}}}" not in cell.source]
    assert sources[0].startswith("**Exercise 1")
    assert sources[2:] == ["assert f == 42", "You should see 42.", "f"]


def test_cell_with_a_magic_is_not_taken_for_empty():
    """Code that only IPython can parse is shown."""
    (cell,) = read(test_cell("%matplotlib inline\n### BEGIN HIDDEN TESTS\n0\n### END HIDDEN TESTS"))
    assert cell.source == "%matplotlib inline"


def test_image_options_are_kept():
    """Alternative text and tags of a cell survive the reader."""
    metadata = {"mystnb": {"image": {"alt": "a line"}}, "tags": ["hide-input"]}
    (cell,) = read(new_code_cell("plot()", metadata=metadata))
    assert cell.metadata.tags == metadata["tags"]
    assert cell.metadata.mystnb.image == metadata["mystnb"]["image"]


def test_heading_of_an_exercise_stays_a_heading():
    """It begins a section in front of the exercise, with the labels above it."""
    source = "(one)=\n## Exercise 1\n\nSet `f`."
    heading, begin, rest, *_ = read(new_markdown_cell(source), *answered())
    assert (heading.source, rest.source) == ("(one)=\n## Exercise 1", "\nSet `f`.")
    assert marks([begin])[0]["has_heading"]


def test_course_settings_are_nbgraders_own():
    """Delimiters and stubs come from the course's configuration."""
    settings = {"ClearSolutions": {"begin_solution_delimeter": "<<", "code_stub": {"python": "?"}}}
    cell = new_code_cell("<<\nx = 1\n### END SOLUTION", metadata={"nbgrader": SOLUTION})
    assert [shown.source for shown in code(read(cell, settings=settings))] == ["?"]


@pytest.mark.parametrize("edition", ["student", "instructor"])
def test_region_in_an_unmarked_cell_is_refused(edition):
    """A solution that nbgrader would not know of stops both editions, with the cell's number."""
    cell = new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")
    with pytest.raises(ReleaseError, match="cell 2: its solutions cannot be taken out"):
        read(new_markdown_cell("a"), cell, edition=edition)


def test_instructor_sees_solutions_under_a_label():
    """A solution is shown whole, below a line that says what it is."""
    source = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    shown = read(new_code_cell(source, metadata={"nbgrader": SOLUTION}), edition="instructor")
    _, _, label, cell, _ = shown
    assert "Solution: f" in label.source
    assert "instructor-only" in label.source
    assert cell.source == source


def test_instructor_sees_mark_schemes_in_a_box():
    """A mark scheme becomes an admonition, its delimiters go."""
    source = "Show it.\n=== BEGIN MARK SCHEME ===\nOne point.\n=== END MARK SCHEME ==="
    task = {"grade_id": "t", "task": True, "grade": False, "solution": False, "points": 1}
    cell = new_markdown_cell(source, metadata={"nbgrader": task})
    _, shown, *_ = read(cell, edition="instructor")
    assert ":class: instructor-only mark-scheme\n\nOne point." in shown.source
    assert "MARK SCHEME ===" not in shown.source


@pytest.mark.parametrize(
    ("tag", "data", "words"),
    [
        ("hide-input", {"image/svg+xml": "<svg/>"}, "Code of this figure"),
        ("hide-input", {"application/vnd.vegalite.v5+json": {}}, "Code of this figure"),
        ("hide-input", {"text/plain": "3"}, "Code of this step"),
        ("hide-output", {"text/plain": "3"}, "Show what comes out"),
    ],
)
def test_fold_outs_are_named(tag, data, words):
    """By what the cell shows; an author's own words stay."""
    outputs = [new_output("display_data", data=data)]
    cell = new_code_cell("1 + 2", metadata={"tags": [tag]}, outputs=outputs)
    own = new_code_cell("3", metadata={"tags": [tag], "mystnb": {"code_prompt_show": "Mine"}})
    shown, kept = read(cell, own)
    assert shown.metadata.mystnb.code_prompt_show == words
    assert kept.metadata.mystnb.code_prompt_show == "Mine"
