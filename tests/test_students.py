"""What Validate says to a student: the purpose of a failed test, its message, and where to look."""

from __future__ import annotations

import io

import nbformat
import pytest
from cells import code_cell, notebook
from courses import ROOT
from nbgrader.utils import compute_checksum
from nbgrader.validator import Validator
from traitlets.config import PyFileConfigLoader

ANSWER = {"solution": True, "schema_version": 3}
LONG = "the expected value is rather long, " * 4 + "and did you forget the logarithm?"
CELLS = {
    "unreadable": ("def unreadable(x):\n    return x)", "the name is there", "unreadable(1)"),
    "blank": ("def blank(x):\n    raise NotImplementedError()", "something is done", "blank(1)"),
    "slips": (
        "def slips(x):\n    y = 2 * x\n    return y.no_such_thing",
        "it runs",
        "slips(1)",
    ),
    "wrong": (
        "def wrong(x):\n    return x",
        "the value is right",
        f"assert wrong(1) == 2, {LONG!r}",
    ),
    "table": ("def table(x):\n    return x", "rows", "assert table(1) == 2, '[[1 2]\\n [3 4]]'"),
    "none": ("def none(x):\n    pass", "a length", "assert len(none(1)) == 1"),
    "called": (
        "def called(f):\n    return f('a')",
        "a function is called",
        "called(lambda x: x / 2)",
    ),
    "right": ("def right(x):\n    return x", "it is right", "assert right(1) == 1"),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Validate a notebook with these answers, as students' nbgrader does; return all it prints."""
    cells = []
    for name, (answer, purpose, test) in CELLS.items():
        cells.append(code_cell(answer, name, **ANSWER))
        source = f'"""Here {purpose}."""\n{test}'
        cells.append(code_cell(source, f"{name}_test", grade=True, locked=True, points=1))
    for cell in cells:
        cell.metadata.nbgrader.checksum = compute_checksum(cell)
    path = tmp_path_factory.mktemp("desk") / "work.ipynb"
    nbformat.write(notebook(*cells), path)
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT / "students")).load_config()
    validator = Validator(config=settings)
    validator.stream = io.StringIO()
    validator.validate_and_print(str(path))
    return validator.stream.getvalue()


def message(said, name):
    """Return what is said of one test, in one line."""
    (part,) = [part for part in said.split("=" * 90) if f"Here {CELLS[name][1]}." in part]
    return " ".join(part.split("The error was:")[1].split())


EXPECTED = {
    "unreadable": "NameError: name 'unreadable' is not defined because its cell stopped with "
    "SyntaxError: unmatched ')' (line 2)",
    "blank": "NotImplementedError: blank is not written yet",
    "slips": "AttributeError: 'int' object has no attribute 'no_such_thing' "
    "in line 3 of the cell with slips",
    "wrong": f"AssertionError: {LONG}",
    "table": "AssertionError: [[1 2] [3 4]]",
    "none": "TypeError: object of type 'NoneType' has no len()",
    "called": "TypeError: unsupported operand type(s) for /: 'str' and 'int' "
    "in line 2 of the cell with called",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_failure_says_what_to_look_at(said, name):
    """The message is whole; an error of the student's own code names its line, or its cell."""
    assert message(said, name) == EXPECTED[name]


def test_only_failures_are_told(said):
    """A test that passed is not mentioned, no source of a test is shown, and nothing is cut off."""
    assert f"VALIDATION FAILED ON {len(EXPECTED)} CELL(S)" in said
    assert "Here it is right." not in said
    assert "assert" not in said
    assert "..." not in said
    assert ": [[1 2]\n     [3 4]]" in said  # rows stay rows
