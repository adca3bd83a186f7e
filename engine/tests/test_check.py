"""Objects cross by the contract of the instructor's own run, and ``nbjudge check`` names the rest."""

from __future__ import annotations

import json
import subprocess
import sys

import nbformat
import pytest
from cells import code_cell, notebook
from nbgrader.utils import determine_grade
from nbjudge.execution.checking import check_notebook
from nbjudge.execution.contracts import contracts_of
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in
from nbjudge.execution.objects_in_sight import may_hand_objects
from traitlets.config import Config

TEST = {"grade": True, "locked": True, "points": 1}
STACK = (
    "class Stack:\n    def __init__(self): self.items = []\n"
    "    def push(self, x): self.items.append(x)\n    def size(self): return len(self.items)"
)
YES = "class Yes:\n    def __eq__(self, other): return True\n    def __bool__(self): return True\n"
CELLS = [
    code_cell(STACK, "stack", solution=True),
    code_cell("s = Stack(); s.push(3)\nassert s.items == [3] and s.size() == 1", "size", **TEST),
    code_cell("assert isinstance(s, Stack) and type(s) is Stack", "kept", **TEST),
    code_cell("def width(box):\n    return box.w", "width", solution=True),
    code_cell("class Box: w = 3\nassert width(Box()) == 3", "own_class", **TEST),
    code_cell("class Box: w = 4\nassert width(Box()) == 4", "tagged", **TEST),
]
CELLS[-1].metadata["tags"] = ["judge-off"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with the source of one assignment; its contracts are kept in it."""
    root = tmp_path_factory.mktemp("checked") / "course"
    (root / "source" / "ps1").mkdir(parents=True)
    nbformat.write(notebook(*CELLS), root / "source" / "ps1" / "part1.ipynb")
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(root)!r}\n"
        "c.SandboxedExecute.judge = True\n"
    )
    return root


def grade(course, answer):
    """Grade a submission as `nbgrader autograde` does, with an answer in the place of the stack."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.SandboxedExecute.update(judge=True, course_root=str(course))
    cells = [code_cell(answer, "stack", solution=True), *CELLS[1:]]
    names = {"assignment": "ps1", "notebook": "part1"}
    resources = {"metadata": {"path": str(course / "source" / "ps1")}, "nbgrader": names}
    graded, resources = SandboxedExecute(config=config).preprocess(notebook(*cells), resources)
    points = {
        c.metadata.nbgrader.grade_id: determine_grade(c)[0]
        for c in graded.cells
        if c.metadata.nbgrader.grade
    }
    said = {c.metadata.nbgrader.grade_id: str(c.outputs) for c in graded.cells}
    return points, findings_in(resources), said


def test_a_submission_hands_over_what_the_instructors_notebook_does(course, proven_sandbox):
    """Instances are used and kept, and what is told from the source holds: a tag, a contract."""
    points, findings, _ = grade(course, STACK)
    assert points == {"size": 1, "kept": 1, "own_class": 0, "tagged": 1}
    assert findings.waiting == ["own_class"]
    kept = json.loads((course / ".nbjudge" / "contracts" / "ps1.json").read_text())
    assert "object Stack" in str(kept["contracts"]) and (course / ".nbjudge/.gitignore").exists()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (YES + STACK.replace("len(self.items)", "Yes()"), "where int is due"),
        (YES + STACK.replace("= []", "= Yes(); self.items.append = print"), "where"),
        (YES + "def Stack(): return Yes()", "Yes"),
    ],
)
def test_an_object_where_plain_data_is_due_fails_the_test(course, answer, said, proven_sandbox):
    """What it says of its equality is never asked."""
    points, findings, outputs = grade(course, answer)
    assert points["size"] == 0 and said in outputs["size"] + str(findings.incidents), outputs


def test_contracts_are_made_once_for_each_version_of_the_source(
    course, monkeypatch, proven_sandbox
):
    """A change of the notebook makes them anew; a course that nobody may write in has them, too."""
    source, config = course / "source" / "ps1", Config()
    config.SandboxedExecute.judge = True
    first = contracts_of(source, config, str(course), apart=True)
    made = []
    monkeypatch.setattr("nbjudge.execution.contracts.record", lambda *a: made.append(a) or {})
    assert contracts_of(source, config, str(course)) == first and not made
    changed = notebook(*CELLS[:2])
    monkeypatch.setattr("nbjudge.execution.contracts._write", lambda *a: 1 / 0)
    nbformat.write(changed, source / "part2.ipynb")
    with pytest.raises(ZeroDivisionError):
        contracts_of(source, config, str(course))
    (source / "part2.ipynb").unlink()
    assert len(made) == 1


def test_the_command_names_each_test_with_reason_and_remedy(course, proven_sandbox):
    """One line each, and an exit code for scripts; --help has an example."""
    command = [sys.executable, "-m", "nbjudge", "check"]
    done = subprocess.run(
        [*command, "ps1"], cwd=course, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "ps1/part1: own_class passes without the judge and waits for a person with it"
    )
    assert "a value of the type Box" in lines[1] and "# judge: off" in lines[2]
    assert lines[3] == "ps1: 1 of 4 test cells need a look"
    shown = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=60)
    assert "nbjudge check ps1" in shown.stdout and shown.returncode == 0
    wrong = subprocess.run(
        [*command, "ps2"], cwd=course, capture_output=True, text=True, timeout=60
    )
    assert wrong.returncode == 1 and "no assignment 'ps2'" in wrong.stderr


def test_a_test_whose_recording_fails_is_named_by_what_failed(tmp_path, proven_sandbox):
    """And not by the contract that it then has none of; an assertion without words, by its line."""
    cells = [
        code_cell(f"from math import sqrt as root\n{STACK}", "stack", solution=True),
        code_cell("s = Stack()\nimport math\nassert root is math.sqrt", "size", **TEST),
    ]
    path = tmp_path / "source" / "ps1" / "part1.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook(*cells), path)
    config = Config()
    config.SandboxedExecute.judge = True
    _, [difference], _ = check_notebook(path, config, str(tmp_path))
    assert difference.reason == "AssertionError: assert root is math.sqrt"


@pytest.mark.parametrize(
    ("answer", "library", "expected"),
    [
        ("import numpy as np\ndef f(x): return [y for y in zip(x, x)]", "", False),
        ("class Late(ValueError): pass\ndef f(x): raise Late", "", False),
        (STACK + "\ndef f(x): return Stack()", "", True),
        ("def f(x):\n    yield x", "", True),
        ("def f(x): return map(str, x)", "", True),
        ("from sklearn.linear_model import Ridge\ndef f(x): return Ridge()", "", True),
        ("import numpy as np\ndef f(x): return np.ma.masked_less(x, 1)", "", True),
        ("import pandas as pd\ndef f(x): return x.convert_dtypes()", "", True),
        ("import altair\ndef f(x): return x", "", False),
        ("import lib\ndef f(x): return lib.f(x)", "import io\ndef f(x): return x", False),
        ("import lib\ndef f(x): return lib.f(x)", "class F: pass\ndef f(x): return F()", True),
        ("import lib\ndef f(x): return lib.f(x)", "def _g():\n    yield 1", False),
    ],
)
def test_only_a_source_with_objects_in_sight_is_run(answer, library, expected, tmp_path):
    """The run for the contract is saved where there can be nothing in it."""
    (tmp_path / "lib.py").write_text(library)
    cells = [code_cell(answer, "a", solution=True), code_cell("assert f(1)", "t", **TEST)]
    nbformat.write(notebook(*cells), tmp_path / "p.ipynb")
    assert may_hand_objects(tmp_path / "p.ipynb", str(tmp_path)) is expected
