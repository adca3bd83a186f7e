"""A notebook with known marks, run as submissions are, to see that this machine grades rightly."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode, v4
from nbgrader.utils import determine_grade
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from nbjudge.execution.execute import SandboxedExecute
from nbjudge.judge.client import JUDGES
from nbjudge.sandbox.pool import close_sandboxes

_ANSWERS = "def double(x):\n    return 2 * x\n\n\ndef triple(x):\n    return 2 * x"
_TESTS = {
    "right_answer": ("assert double(21) == 42", 1.0),
    "wrong_answer": ("assert triple(21) == 63", 0.0),
    "missing_answer": ("assert quadruple(21) == 84", 0.0),
    "partial_credit": ("double(0.25)", 0.5),
}
KNOWN_POINTS = {name: points for name, (_, points) in _TESTS.items()}
"""The points of each test cell of the known notebook: some must fail."""


def known_notebook() -> NotebookNode:
    """Return a notebook of answers, right, wrong and missing, with their tests."""
    kind = {"schema_version": 3, "locked": True, "task": False, "solution": False}
    cells = [v4.new_code_cell(_ANSWERS)]
    for name, (source, _) in _TESTS.items():
        test = v4.new_code_cell(source)
        test.metadata.nbgrader = {**kind, "grade_id": name, "grade": True, "points": 1}
        cells.append(test)
    notebook: NotebookNode = v4.new_notebook(cells=cells)
    return notebook


def try_grading(config: Config | None = None) -> None:
    """Run the known notebook as a submission is run.

    Parameters
    ----------
    config : Config, optional
        The course's settings; ``nbgrader_config.py`` of this folder by default, if there is one.

    Raises
    ------
    RuntimeError
        If this machine cannot, or a test cell gets other points than it must; the message has the
        cause.
    """
    if config is None and Path("nbgrader_config.py").exists():
        config = PyFileConfigLoader("nbgrader_config.py", path=str(Path.cwd())).load_config()
    step = SandboxedExecute(config=config or Config(), course_root=str(Path.cwd()))
    try:
        cells = step.preprocess(known_notebook(), {})[0].cells
    except Exception as error:  # whatever it is, it is the answer
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        close_sandboxes()
        JUDGES.close()
    for cell in cells[1:]:
        name = cell.metadata.nbgrader["grade_id"]
        points, errors = determine_grade(cell)[0], _errors(cell)
        if points != KNOWN_POINTS[name]:
            raise RuntimeError(
                f"the known test {name} got {points} and not {KNOWN_POINTS[name]:g} points{errors}"
            )


def _errors(cell: NotebookNode) -> str:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return "".join(f" ({error.ename}: {error.evalue})" for error in errors)
