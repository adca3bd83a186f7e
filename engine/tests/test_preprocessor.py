"""Cells run within their limits, and a kernel that is lost is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from cells import code_cell, notebook
from nbclient.util import run_sync
from nbgrader.utils import determine_grade
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in
from nbjudge.execution.limits import CellLimits, CellWatch
from nbjudge.execution.released import digest
from nbjudge.judge.client import JUDGES
from nbjudge.judge.course import Course
from nbjudge.judge.release import read_release
from nbjudge.process import RunningKernel
from nbjudge.sandbox.bubblewrap import SandboxError
from nbjudge.sandbox.pool import close_sandboxes
from nbjudge.sandbox.provisioner import SandboxedProvisioner
from nbjudge.sandbox.sandbox import Sandbox

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
        judge=judge, cpu_seconds=0.8, wall_factor=5, output_size=1 << 16,
    )  # fmt: skip
    assert points(cells) == [1]
    assert cells[2].outputs[-1].ename == name
    assert len(cells[0].outputs) == 0


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize("at", ["answer", "test"])
def test_a_kernel_that_the_machine_ends_costs_nothing(monkeypatch, tmp_path, judge, at):
    """As for want of memory: the cell is run once more, and a person is told."""
    started = []
    start = SandboxedProvisioner.launch_kernel

    async def launch(self, cmd, **options):
        info = await start(self, cmd, **options)
        started.append(self.kernel)
        if len(started) == 1:
            threading.Timer(1, signal.pidfd_send_signal, [self.kernel.handle, 9]).start()
        return info

    monkeypatch.setattr(SandboxedProvisioner, "launch_kernel", launch)
    slow = "import time\n" + "for _ in range(4): time.sleep(0.5)"
    preprocessor = SandboxedExecute(course_root=str(tmp_path), judge=judge)
    done, resources = preprocessor.preprocess(
        notebook(
            code_cell("n = 1"),
            code_cell("n += 1"),
            code_cell(f"{slow if at == 'answer' else ''}\nn += 1\nprint('once')", "answer"),
            code_cell(f"{slow if at == 'test' else ''}\nassert n == 3", "test", **TEST),
        ),
        {"metadata": {"path": str(tmp_path)}},
    )
    cells = done.cells
    assert len(started) == 2
    assert points(cells) == [1]
    assert [output.text for output in cells[2].outputs] == ["once\n"]
    assert cells[3].outputs == []
    ((cell, what),) = findings_in(resources).incidents
    assert cell == at
    assert what.endswith("; run once more, the cell did not end its kernel")


@pytest.fixture
def started(monkeypatch):
    """A list that has an item for each kernel that a notebook was given."""
    kernels = []
    start = SandboxedExecute._start

    async def counted(self):
        kernels.append(self)
        await start(self)

    monkeypatch.setattr(SandboxedExecute, "_start", counted)
    return kernels


def test_a_kernel_that_a_cell_ends_twice_is_lost_by_the_cell(execute, started):
    """It gets its one second try; cells after it that do the same get none."""
    ends = "import os; os._exit(0)"
    cells = execute(code_cell(ends, "one", **TEST), code_cell(ends, "two", **TEST), judge=False)
    assert points(cells) == [0, 0]
    assert [cell.outputs[-1].evalue for cell in cells] == ["the kernel died"] * 2
    assert len(started) == 4


def test_a_second_try_for_which_the_cells_before_end_the_kernel_is_not_made(execute, started):
    """What was replayed then leaves both out already: the cells after them need no other kernel."""
    until = f"import os, time\nuntil = {time.time() + 3}"
    cells = execute(
        code_cell(f"{until}\nif time.time() > until: os._exit(0)", "answer", solution=True),
        code_cell(f"{until}\ntime.sleep(until - time.time() + 0.1); os._exit(0)", "one", **TEST),
        code_cell("assert 'until' not in globals()", "two", **TEST),
        judge=False,
    )  # fmt: skip
    assert points(cells) == [0, 1]
    assert len(started) == 3


def test_what_is_printed_late_is_no_mark(execute):
    """A verdict stands although the kernel does not say that it is through with the test."""
    cells = execute(
        code_cell(
            "def f():\n    kernel = get_ipython().kernel\n"
            "    kernel._publish_status = lambda *a, **k: None\n    return 1"
        ),
        code_cell("assert f() == 1", "first", **TEST),
        code_cell("assert f() == 1", "second", **TEST),
        judge=True, iopub_timeout=1,
    )  # fmt: skip
    assert points(cells) == [1, 1]


MANY = """
kernel = get_ipython().kernel
for number in range(12_000):
    kernel.send_response(kernel.iopub_socket, 'update_display_data', {'data': {}, 'metadata': {}})
"""


def test_a_cell_is_through_when_its_last_message_was_read(execute):
    """However long that takes: a progress bar sends more than is read in the seconds for the rest."""
    cells = execute(
        code_cell(f"def f():\n    return 1\n{MANY}"),
        code_cell("assert f() == 1", "first", **TEST),
        iopub_timeout=1,
        cpu_seconds=60,
    )
    assert not cells[0].outputs
    assert points(cells) == [1]


def test_a_kernel_that_does_not_say_that_it_is_through_is_lost(execute):
    """It costs what its cell has defined, and not the whole submission."""
    cells = execute(
        code_cell("get_ipython().kernel._publish_status = lambda *a, **k: None"),
        code_cell("assert 1 + 1 == 2", "first", **TEST),
        iopub_timeout=1,
    )
    assert "did not say that the cell ended" in cells[0].outputs[0].evalue
    assert points(cells) == [1]


def test_forked_processes_do_not_hear_of_each_others_kernels():
    """The process that forks them has run an event loop, as one that grades by itself has."""
    run_sync(asyncio.sleep)(0)

    def hears(dies):
        """Wait for the end of a process, as a watch does; return whether it was told of one."""
        process = subprocess.Popen(["sleep", "60"])
        handle = os.pidfd_open(process.pid)

        async def watched():
            loop, died = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(handle, died.set)
            if dies:
                await asyncio.sleep(0.5)
                process.kill()
                time.sleep(1)  # busy with something else: the other one is told first
            try:
                await asyncio.wait_for(died.wait(), 3)
            except TimeoutError:
                return False
            return True

        told = run_sync(watched)()
        process.kill()
        process.wait()
        return told

    children = []
    for dies in (True, False):
        pid = os.fork()
        if pid == 0:
            code = 9
            try:
                code = int(hears(dies))
            finally:
                os._exit(code)
        children.append(pid)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    assert codes == [1, 0]


def test_a_watch_ends_without_ending_the_next_one(proven_sandbox):
    """The watch over a cell before may be ended a moment after the next one has begun."""

    async def watch():
        kernel = subprocess.Popen(["sleep", "60"])
        handle = os.pidfd_open(kernel.pid)
        running = SimpleNamespace(kernel=RunningKernel(kernel.pid, handle), sandbox=proven_sandbox)
        limits = CellLimits(cpu=9, idle=99, wall=99, memory=1 << 40, output=9)
        first, second = (
            asyncio.ensure_future(CellWatch(running, limits, lambda: 0).until_lost())
            for _ in range(2)
        )
        await asyncio.sleep(0.1)
        first.cancel()
        await asyncio.wait({first})
        kernel.kill()
        lost = await asyncio.wait_for(second, 5)
        kernel.wait()
        os.close(handle)
        return str(lost)

    assert asyncio.run(watch()) == "the kernel died"


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

    made = notebook(code_cell("1", "t", grade=True, points=1))
    made.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    with pytest.raises(ValueError, match="runs Python"):
        SandboxedExecute().preprocess(made, {})


def test_a_notebook_in_another_language_without_tests_is_left_as_it_is(execute):
    """An assignment may hold one to be read, or to be graded by a person: it stops nobody."""
    from cells import notebook
    from nbjudge.execution.execute import SandboxedExecute

    by_hand = code_cell("y <- 2", "why", grade=True, solution=True, points=1)
    made = notebook(code_cell("x <- c(1, 2)"), by_hand)
    made.metadata.kernelspec = {"name": "ir", "language": "R", "display_name": "R"}
    done, resources = SandboxedExecute().preprocess(made, {"kept": 1})
    assert [cell.outputs for cell in done.cells] == [[], []] and resources == {"kept": 1}


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
