"""Grade one known notebook, as submissions are graded, to see that this machine can."""

from __future__ import annotations

from pathlib import Path

from nbformat import v4
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from nbjudge.execution.execute import SandboxedExecute
from nbjudge.judge.client import JUDGES
from nbjudge.sandbox.pool import close_sandboxes


def try_grading(config: Config | None = None) -> None:
    """Grade a notebook of one answer and one test, as a submission is graded.

    Parameters
    ----------
    config : Config, optional
        The course's settings; ``nbgrader_config.py`` of this folder by default, if there is one.

    Raises
    ------
    RuntimeError
        If this machine cannot; the message has the cause.
    """
    if config is None and Path("nbgrader_config.py").exists():
        config = PyFileConfigLoader("nbgrader_config.py", path=str(Path.cwd())).load_config()
    kind = {"schema_version": 3, "locked": False, "task": False, "points": 1}
    answer = v4.new_code_cell("def double(x):\n    return 2 * x")
    test = v4.new_code_cell("assert double(21) == 42")
    answer.metadata.nbgrader = {**kind, "grade_id": "double", "solution": True, "grade": False}
    test.metadata.nbgrader = {**kind, "grade_id": "double_test", "solution": False, "grade": True}
    step = SandboxedExecute(config=config or Config(), course_root=str(Path.cwd()))
    try:
        cells = step.preprocess(v4.new_notebook(cells=[answer, test]), {})[0].cells
    except Exception as error:  # whatever it is, it is the answer
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        close_sandboxes()
        JUDGES.close()
    for output in (output for cell in cells for output in cell.outputs):
        if output.output_type == "error":
            raise RuntimeError(f"a right answer failed its test: {output.ename}: {output.evalue}")
