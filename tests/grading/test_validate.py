"""Validate and grading agree: a student who is told that a test passes gets its points."""

from __future__ import annotations

import io

import nbformat
import pytest
from cells import code_cell, notebook
from courses import ROOT
from nbgrader.utils import compute_checksum, determine_grade
from nbgrader.validator import Validator
from nbjudge.execution.execute import SandboxedExecute
from traitlets.config import PyFileConfigLoader

LOGARITHM = "import warnings\nimport numpy as np\n"
STRICT = (
    "with warnings.catch_warnings():\n    warnings.simplefilter('error')\n"
    "    assert logit(np.array([0.0]))[0] == -np.inf"
)
PLAIN = "assert logit(np.array([0.0]))[0] == -np.inf"
LOGIT = "def logit(p):\n    return np.log(p) - np.log(1 - p)"
CASES = {
    "as it comes": (LOGIT, STRICT, False),
    "as it comes, in a lenient test": (LOGIT, PLAIN, True),
    "seterr in the cell": (f"np.seterr(all='ignore')\n{LOGIT}", STRICT, True),
    "divide alone": (f"np.seterr(divide='ignore')\n{LOGIT}", STRICT, True),
    "raise": (f"np.seterr(divide='raise')\n{LOGIT}", PLAIN, False),
    "errstate in the function": (
        "def logit(p):\n    with np.errstate(divide='ignore'):\n        return np.log(p)",
        STRICT,
        True,
    ),
    "filter in the cell": (f"warnings.filterwarnings('error')\n{LOGIT}", PLAIN, False),
    "ignored in the cell": (f"warnings.filterwarnings('ignore')\n{LOGIT}", STRICT, False),
    "a warning of one's own": (
        "def logit(p):\n    warnings.warn('hm')\n    return -np.inf * np.ones(1)",
        PLAIN,
        True,
    ),
    "on stderr": (
        "import sys\ndef logit(p):\n    print('50 %', file=sys.stderr)\n"
        "    return -np.inf * np.ones(1)",
        PLAIN,
        True,
    ),
    "wrong": ("def logit(p):\n    return p", PLAIN, False),
    "blank": ("def logit(p):\n    raise NotImplementedError", PLAIN, False),
    "an exception of one's own": (
        "class Own(ValueError):\n    pass\ndef logit(p):\n    raise Own('no')",
        "try:\n    logit(0)\nexcept ValueError:\n    pass\nelse:\n    assert False",
        True,
    ),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Return of each case what Validate says of its test, and what grading says."""
    cells = [code_cell(LOGARITHM)]
    for number, (name, (answer, test, _)) in enumerate(CASES.items()):
        # Each case begins as a fresh notebook does: what one sets must not reach the next.
        cells.append(code_cell("np.seterr(divide='warn', over='warn', under='ignore', "
                               "invalid='warn')\nwarnings.resetwarnings()"))  # fmt: skip
        cells.append(code_cell(answer, f"answer{number}", solution=True))
        test = f'"""{name}"""\n{test}'
        cells.append(code_cell(test, f"test{number}", grade=True, locked=True, points=1))
    for cell in cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.checksum = compute_checksum(cell)
    made = notebook(*cells)
    path = tmp_path_factory.mktemp("desk") / "work.ipynb"
    nbformat.write(made, path)
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT / "students")).load_config()
    validator = Validator(config=settings)
    validator.stream = io.StringIO()
    failed = {entry["source"] for entry in validator.validate(str(path)).get("failed", [])}
    step = SandboxedExecute(judge=True, course_root=str(path.parent))
    done = step.preprocess(made, {"metadata": {"path": str(path.parent)}})[0].cells
    tests = [cell for cell in done if cell.metadata.get("nbgrader", {}).get("grade")]
    graded = {name: determine_grade(cell)[0] == 1 for name, cell in zip(CASES, tests, strict=True)}
    return {name: name not in failed for name in CASES}, graded


def test_validate_promises_what_grading_gives(verdicts):
    """Neither says that points are lost which are not, nor the other way round."""
    validated, graded = verdicts
    assert validated == graded


def test_what_a_student_sets_in_a_cell_holds_while_tests_call(verdicts):
    """As in the process that the student's notebook has run in."""
    assert verdicts[1] == {name: passes for name, (_, _, passes) in CASES.items()}
