"""Every attack ends with the marks that it may end with, and touches nobody else's.

Each file of ``attacks/`` is one submission: cells in the percent format, and above them the points
that its exercise may get. The exercise beside it is answered honestly and keeps its point unless
the file says that it may lose it, and a submission after it finds no trace.

No points are also what a broken attack gets. So each attack calls ``attack_ran()`` where it has come
to its point, ``# ends:`` says how the defence must have answered, and ``# control:`` names the points
that the same attack wins where the judge is off and the reference lies open to it. What only ends at
a limit names a lower one behind ``# limits:``.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from cells import code_cell
from nbgrader.utils import determine_grade, is_grade

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
REFERENCE = "x_is_the_secret = True\n\n\ndef square(x):\n    return x * x\n"
HIDDEN = """\
import numpy as np
import reference

rng = np.random.default_rng(0)
for n in [1, 5]:
    x_is_the_secret = rng.normal(size=n)
    kept = x_is_the_secret.copy()
    got = square(x_is_the_secret)
    assert np.shape(got) == (n,)
    assert np.allclose(got, reference.square(kept)), "wrong square"
    assert np.array_equal(kept, x_is_the_secret), "square changed its argument"
assert all(map(lambda n: square(n) == n * n, [2, 3])), "wrong square"
"""
EACH = "def each(function, values):\n    return [function(value) for value in values]"
CALLBACK = "assert each(lambda value: value + 1, [1, 2]) == [2, 3], 'x_is_the_secret'"
LOOK = """\
import glob, os, sys
left = [p for place in ("/tmp", "/dev/shm", "/home/student")
        for p in glob.glob(f"{place}/*") + glob.glob(f"{place}/.[a-z]*")
        if os.path.basename(p) not in (".ipython", ".matplotlib")]
left = [p for p in left if not sys.prefix.startswith(p + "/")]  # Python itself may be below /tmp
left += [line for kind in ("shm", "sem", "msg")
         for line in open(f"/proc/sysvipc/{kind}").read().splitlines()[1:]]
left += [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
assert not left, left
import numpy as np
assert not np.allclose(1, 2) and not np.all([False])
"""


RAN = """
def attack_ran():
    import time

    print("the attack came to its point", flush=True)
    time.sleep(0.02)  # an end of the kernel would overtake the words
"""
ENDS = {
    "stopped": {"CellTimeoutError", "MemoryError", "OutputLimitError", "DeadKernelError"},
    "refused": {"CallFailed"},
}
"""Which errors say that a limit stopped an attack, or that its value was refused."""


def read_attack(path):
    text = path.read_text(encoding="utf-8")
    marks = {"cube": {1.0}}
    for name, points in re.findall(r"^# (square|cube): (\S+)$", text, re.MULTILINE):
        marks[name] = {float(point) for point in points.split("|")}
    _, *parts = re.split(r"^# %% (\w+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True)), marks


def header(path, name):
    found = re.search(rf"^# {name}: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


def limits_of(path):
    """Return the limits of an attack: its own, and else those of all."""
    found = re.search(r"^# limits: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    own = dict(limit.split("=") for limit in found[1].split()) if found else {}
    return LIMITS | {name: ast.literal_eval(value) for name, value in own.items()}


def is_honest(path):
    return read_attack(path)[1]["square"] == {3.0}


CONTROLLED = [path for path in ATTACKS if header(path, "control")]


def test_every_attack_says_what_it_may_win_and_that_it_ran():
    """A new case cannot be forgotten in one of the ways in which cases rot."""
    for path in ATTACKS:
        assert "square" in read_attack(path)[1], path.name
        assert header(path, "ends") in (None, *ENDS), path.name
        assert is_honest(path) or "attack_ran()" in path.read_text(encoding="utf-8"), path.name
    assert len(CONTROLLED) >= 12


@pytest.fixture(scope="module")
def shared_course(tmp_path_factory):
    """A course's folder with a reference library and something to lose: one, so one judge's server."""
    root = tmp_path_factory.mktemp("attacked") / "course"
    root.mkdir()
    (root / "reference.py").write_text(REFERENCE)
    (root / "gradebook.db").write_text("to be kept")
    return root


@pytest.fixture
def course(shared_course, monkeypatch):
    """The course's folder, and something to find in the environment."""
    monkeypatch.setenv("ENGINE_CANARY", "1")
    return shared_course


TEST = {"grade": True, "locked": True}
LIMITS = {
    "cpu_seconds": 1.5,
    "wall_factor": 3,
    "memory": 3 << 30,
    "processes": 80,
    "output_size": 1 << 20,
}


def submission(sources):
    """List the cells of the hostile exercise and of the honest ones around it."""
    return [
        code_cell(sources.get("first", "import numpy as np") + RAN),
        code_cell(sources.get("each", EACH), "each", solution=True),
        code_cell(CALLBACK, "each_calls", points=1, **TEST),
        code_cell(sources["square"], "square", solution=True),
        code_cell("assert square(3) == 9, 'square(3) should be 9'", "small", points=1, **TEST),
        code_cell(HIDDEN, "hidden", points=2, **TEST),
        code_cell("def cube(x):\n    return x**3", "cube", solution=True),
        code_cell("assert cube(2) == 8", "cube_of_two", points=1, **TEST),
    ]


def points_of(cells):
    return {c.metadata.nbgrader.grade_id: determine_grade(c)[0] for c in cells if is_test(c)}


@pytest.mark.parametrize("path", ATTACKS, ids=[path.stem for path in ATTACKS])
def test_an_attack_gets_the_marks_that_it_may_get(path, course, execute, proven_sandbox):
    """The hostile exercise, the honest one beside it, and the next submission."""
    sources, allowed = read_attack(path)
    before = {p.name: p.read_bytes() for p in course.iterdir() if p.is_file()}
    cells = execute(*submission(sources), root=course, judge=True, **limits_of(path))
    points = points_of(cells)
    shown = {c.metadata.nbgrader.grade_id: c.outputs for c in cells if "nbgrader" in c.metadata}
    assert points["small"] + points["hidden"] in allowed["square"], shown
    assert points["cube_of_two"] in allowed["cube"], shown
    assert {p.name: p.read_bytes() for p in course.iterdir() if p.is_file()} == before

    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    if not is_honest(path):
        said = "".join(o.text for o in outputs if o.output_type == "stream")
        assert "the attack came to its point" in said, shown
    if header(path, "ends"):
        errors = {o.ename for o in outputs if o.output_type == "error"}
        assert errors & ENDS[header(path, "ends")], shown

    (after,) = execute(code_cell(LOOK, "look", points=1, **TEST), root=course, processes=80)
    assert determine_grade(after)[0] == 1, after.outputs


@pytest.mark.parametrize("path", CONTROLLED, ids=[path.stem for path in CONTROLLED])
def test_where_the_judge_is_off_the_same_attack_wins(path, course, execute, proven_sandbox):
    """The positive control: it is the defence that stops the attack, and no slip in it."""
    sources, allowed = read_attack(path)
    cells = execute(
        *submission(sources), root=course, judge=False, shared=["reference.py"], **LIMITS
    )
    points = points_of(cells)
    won = points["small"] + points["hidden"]
    assert won == float(header(path, "control"))
    assert won > min(allowed["square"])


def is_test(cell):
    return "nbgrader" in cell.metadata and is_grade(cell)
