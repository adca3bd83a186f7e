"""Cells run within their limits, and a kernel that is lost is replaced."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from cells import code_cell
from nbgrader.utils import determine_grade
from nbjudge.execution.released import digest
from nbjudge.judge.client import JUDGES
from nbjudge.judge.course import Course
from nbjudge.judge.release import read_release
from nbjudge.sandbox.pool import close_sandboxes
from nbjudge.sandbox.sandbox import Sandbox, SandboxError

TEST = {"grade": True, "locked": True, "points": 1}


def points(cells):
    return [determine_grade(c)[0] for c in cells if c.metadata.get("nbgrader", {}).get("grade")]


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize("sandbox", [True, False])
def test_answers_and_tests(execute, judge, sandbox):
    """A right and a wrong answer, partial credit, and output on stderr, which is no failure."""
    cells = execute(
        code_cell("def f(x):\n    return x + 1\ndef g(x):\n    return 0"),
        code_cell("assert f(1) == 2", "right", **TEST),
        code_cell("assert g(1) == 2, 'g(1) should be 2'", "wrong", **TEST),
        code_cell("0.5", "partly", **TEST),
        code_cell("import sys, warnings\nwarnings.warn('hm')\nprint(1, file=sys.stderr)", "noisy", **TEST),
        judge=judge, sandbox=sandbox,
    )  # fmt: skip
    assert points(cells) == [1, 0, 0.5, 1]
    (error,) = [o for o in cells[2].outputs if o.output_type == "error"]
    assert (error.ename, error.evalue) == ("AssertionError", "g(1) should be 2")


@pytest.mark.parametrize("judge", [True, False])
def test_the_callers_environment_changes_no_mark(execute, judge, monkeypatch):
    """Without a sandbox neither: ``python -O`` would leave out every assert of a test."""
    close_sandboxes()
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    cells = execute(
        code_cell("import warnings\ndef f(x):\n    warnings.warn('hm')\n    return x + 1", "f", solution=True),
        code_cell("assert f(1) == 2", "right", **TEST),
        code_cell("assert f(1) == 3", "wrong", **TEST),
        judge=judge, sandbox=False,
    )  # fmt: skip
    close_sandboxes()
    assert points(cells) == [1, 0]


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize(
    ("lost", "name"),
    [
        ("while True: pass", "CellTimeoutError"),
        ("import time; time.sleep(100)", "CellTimeoutError"),
        ("import os; os._exit(0)", "DeadKernelError"),
        ("import time\nwhile True: print('x' * 10000); time.sleep(0.01)", "OutputLimitError"),
    ],
)
def test_a_lost_kernel_is_replaced(execute, proven_sandbox, judge, lost, name):
    """The cells before run once more without the one that failed; those after go on."""
    cells = execute(
        code_cell("n = 1\ndef f():\n    return n"),
        code_cell("n += 1"),
        code_cell(lost, "lost", solution=True),
        code_cell("assert f() == 2", "after", **TEST),
        judge=judge, cpu_seconds=2, wall_factor=2, output_size=1 << 16,
    )  # fmt: skip
    assert points(cells) == [1]
    assert cells[2].outputs[-1].ename == name
    assert len(cells[0].outputs) == 0


def test_a_notebook_that_loses_every_kernel_ends(execute):
    """After some restarts the rest is marked as not run."""
    cells = execute(
        *[code_cell("import os; os._exit(0)") for _ in range(6)], restarts=2, judge=True
    )
    assert "not run" in cells[-1].outputs[-1].evalue


def test_values_that_no_test_can_judge_cost_only_their_own_tests(execute):
    """However many functions return an object, the honest exercise after them keeps its point."""
    cells = execute(
        code_cell("class Own: pass\ndef f(x):\n    return Own()\ndef g(x):\n    return x"),
        *[code_cell("assert f([1]) == [1]", f"odd-{n}", **TEST) for n in range(8)],
        code_cell("assert g(1) == 1", "honest", **TEST),
        judge=True,
    )
    assert points(cells) == [0] * 8 + [1]
    assert cells[1].outputs[-1].ename == "CallFailed"


def test_the_judge_is_limited_too(execute):
    """A test that never ends, ends as failed; the next one is judged."""
    cells = execute(
        code_cell("def f():\n    return 10**9"),
        code_cell("for _ in range(f()**2): pass", "endless", **TEST),
        code_cell("assert f() == 10**9", "next", **TEST),
        judge=True, cpu_seconds=1,
    )  # fmt: skip
    assert points(cells) == [0, 1]
    assert cells[1].outputs[-1].ename == "CellTimeoutError"


def test_a_judge_that_ends_between_two_tests_is_replaced(execute):
    """The first test after that is lost with it, as the line to the kernel is; the next is judged."""
    cells = execute(
        code_cell("def f():\n    return 1"),
        code_cell(
            "import os, threading\nthreading.Timer(0.1, os._exit, [0]).start()", "ends", **TEST
        ),
        code_cell("import time\ntime.sleep(1)"),
        code_cell("assert f() == 1", "lost", **TEST),
        code_cell("assert f() == 1", "next", **TEST),
        judge=True,
    )
    assert points(cells) == [1, 0, 1]
    assert cells[3].outputs[-1].evalue in ("the judge ended", "the test ended early")


def test_the_course_is_importable_by_tests_alone(execute, tmp_path):
    """The reference library is there for the judge, and not for the student."""
    (tmp_path / "reference.py").write_text("answer = 42")
    cells = execute(
        code_cell("try:\n    from reference import answer\nexcept ImportError:\n    answer = 0"),
        code_cell("import reference\nassert reference.answer == 42", "judge", **TEST),
        code_cell("assert answer == 0", "student", **TEST),
        judge=True, root=tmp_path,
    )  # fmt: skip
    assert points(cells) == [1, 1]


def test_a_busy_machine_does_not_change_a_grade(execute):
    """What waits for others is not charged: only CPU time counts, until the backstop."""
    cells = execute(
        code_cell("import time\ntime.sleep(1.5)"),
        code_cell("True", "t", **TEST),
        judge=True, cpu_seconds=1, wall_factor=5,
    )  # fmt: skip
    assert points(cells) == [1]
    assert not cells[0].outputs


def test_another_language_is_refused(execute, tmp_path):
    """The engine runs Python, and says so."""
    from cells import notebook
    from nbjudge.execution.execute import SandboxedExecute

    made = notebook(code_cell("1"))
    made.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    with pytest.raises(ValueError, match="runs Python"):
        SandboxedExecute().preprocess(made, {})


def test_preloaded_modules_are_in_every_kernel(execute):
    """What the setting names, and nothing that it does not, was imported before the fork."""
    cells = execute(
        code_cell("import sys\nprint('decimal' in sys.modules, 'matplotlib' in sys.modules)"),
        preload=["decimal", "there_is_no_such_module"],
    )
    assert cells[0].outputs[0].text == "True False\n"


def test_a_module_that_starts_a_thread_is_not_preloaded(tmp_path, monkeypatch):
    """A fork has none of the threads of the process that it comes from."""
    source = (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    (tmp_path / "threaded.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        Sandbox(isolated=False, preload=["threaded"]) as sandbox,
        pytest.raises(SandboxError, match="threaded starts a thread on import"),
    ):
        sandbox.wait_until_ready()


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_kernel_has_been_in_its_own_folder_alone(execute, sandbox):
    """IPython's list of visited folders does not name the folder where kernels are forked."""
    own = code_cell(
        "import os\nassert [str(path) for path in _dh] == [os.getcwd()], _dh", "own", **TEST
    )
    cells = execute(own, code_cell("%cd -0", "back", **TEST), sandbox=sandbox)
    assert points(cells) == [1, 1]


def test_servers_of_judges_do_not_pile_up(execute, tmp_path):
    """A process that grades one course after the other keeps the last few servers."""
    roots = [str(tmp_path / str(number)) for number in range(5)]
    servers = [JUDGES.server(Course(root)) for root in roots]
    ended = [server._process.returncode is not None for server in servers]
    assert ended == [True, True, False, False, False]
    assert JUDGES.server(Course(roots[2])) is servers[2]
    cells = execute(
        code_cell("x = 1"), code_cell("assert x == 1", "t", **TEST), judge=True, root=roots[0]
    )
    assert points(cells) == [1]
    assert servers[3]._process.returncode is not None and servers[2]._process.returncode is None


@pytest.mark.parametrize("preload", [["numpy", "matplotlib"], []], ids=["warm", "cold"])
@pytest.mark.parametrize("figures", [True, False])
def test_figures_are_drawn_where_they_are_wanted(execute, figures, preload):
    """Without them a cell runs as ever: it names its figure, closes it, and can save it."""
    cells = execute(
        code_cell("import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1]);"),
        code_cell("assert not plt.get_fignums()\nfigure.savefig('figure.png')", "closed", **TEST),
        code_cell("import os\nassert os.path.getsize('figure.png') > 1000", "saved", **TEST),
        code_cell("figure"),
        figures=figures, preload=preload,
    )  # fmt: skip
    assert points(cells) == [1, 1]
    for cell in (cells[0], cells[3]):
        (output,) = cell.outputs
        assert output.data["text/plain"] == "<Figure size 640x480 with 1 Axes>"
        assert ("image/png" in output.data) == figures


PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
CHART = "import altair as alt\nalt.Chart(alt.Data(values=[{'x': 1}])).mark_point().encode(x='x:Q')"


def drawn(cell):
    """Return what stands for the one output of a cell."""
    (output,) = cell.outputs
    return sorted(output.data), output.data["text/plain"]


@pytest.mark.parametrize("figures", ["all", "changed", "none"])
def test_figures_are_drawn_where_somebody_will_look(execute, figures):
    """A cell as released names its figure; a changed one, an answer and a derivation draw it."""
    source = [code_cell(PLOT), code_cell(CHART), code_cell("1 + 1")]
    release = read_release(("plain", cell.source) for cell in source)
    plain = [digest(cell.source.encode()) for cell in source]
    cells = execute(
        *source, code_cell(f"{PLOT}  # mine"), code_cell(PLOT, "answer", solution=True),
        code_cell(PLOT, "why", solution=True, grade=True, points=2),
        figures=figures, released={None: replace(release, plain=plain).as_data()},
        preload=["numpy", "matplotlib"],
    )  # fmt: skip
    picture = ["image/png", "text/plain"], "<Figure size 640x480 with 1 Axes>"
    named = ["text/plain"], picture[1] if figures == "none" else "Figure as in your notebook"
    assert drawn(cells[0]) == (picture if figures == "all" else named)
    assert drawn(cells[2]) == (["text/plain"], "2")
    for cell in cells[3:]:
        assert drawn(cell) == (named if figures == "none" else picture)
    kinds, text = drawn(cells[1])
    assert (len(kinds) > 1) == (figures == "all")
    assert text == "Figure as in your notebook" or figures != "changed"


def test_a_fork_leaves_the_judges_of_its_parent_alone():
    """Without a sandbox a server has a folder, which the fork's own server must not remove."""
    folder = JUDGES.server(Course("/", isolated=False))._folder.name
    child = os.fork()
    if child == 0:
        try:
            JUDGES.server(Course("/", isolated=False)).close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.path.isdir(folder)
