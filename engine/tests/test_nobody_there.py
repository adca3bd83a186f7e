"""What waits for a person, for the event loop or for nothing at all costs its own test only."""

from __future__ import annotations

import pytest
from cells import code_cell
from nbgrader.utils import determine_grade
from nbjudge.execution.limits import CellWatch
from nbjudge.sandbox.bubblewrap import SandboxError

TEST = {"grade": True, "locked": True, "points": 1}
WAITING = {
    "input": ("input('x = ')", "StdinNotImplementedError"),
    "getpass": ("__import__('getpass').getpass()", "StdinNotImplementedError"),
    "breakpoint": ("breakpoint(); 1", "StdinNotImplementedError"),
    "pdb": ("__import__('pdb').set_trace(); 1", "StdinNotImplementedError"),
    "stdin": ("float(__import__('sys').stdin.readline())", "ValueError"),
    "terminal": ("open('/dev/tty').read()", "OSError"),
    "end of file": ("exec('raise EOFError')", "EOFError"),
}
EXITS = ["exit()", "quit()", "exit", "get_ipython().ask_exit()", "import sys; sys.exit()"]


def points(cells):
    return [determine_grade(c)[0] for c in cells if c.metadata.get("nbgrader", {}).get("grade")]


def errors(cell):
    return [output for output in cell.outputs if output.output_type == "error"]


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize("judge", [True, False])
def test_who_asks_a_person_fails_at_once(execute, judge, sandbox):
    """In a cell and in a function that a test calls; the kernel is not lost."""
    cells = []
    for n, (code, _) in enumerate(WAITING.values()):
        lines = "\n    ".join(code.split("; "))
        cells.append(code_cell(f"def f{n}():\n    {lines}\n    return 1", f"f{n}", solution=True))
        cells.append(code_cell(f"assert f{n}() == 1", f"test{n}", **TEST))
        cells.append(code_cell(code))
    done = execute(
        code_cell("def right():\n    return 1"), *cells,
        code_cell("assert right() == 1", "right", **TEST),
        judge=judge, sandbox=sandbox, cpu_seconds=20,
    )  # fmt: skip
    assert points(done) == [0] * len(WAITING) + [1]
    for number, (name, (_, error)) in enumerate(WAITING.items()):
        answer, test, alone = done[1 + 3 * number : 4 + 3 * number]
        assert not errors(answer), name
        for cell in (test, alone):
            (found,) = errors(cell)
            assert error in (found.ename, *found.traceback[-1].split(":")), (name, found)


@pytest.mark.parametrize("sandbox", [True, False])
@pytest.mark.parametrize("judge", [True, False])
def test_cells_await_and_leave_tasks_behind(execute, judge, sandbox):
    """As in JupyterLab: tasks run on while later cells await, and when none runs."""
    cells = execute(
        code_cell(
            "import asyncio\nasync def g():\n    await asyncio.sleep(0.01)\n    return 3\n"
            "async def numbers():\n    for n in range(3):\n        yield n\n"
            "def f(x):\n    return 2 * x\nprint(await g())"
        ),
        code_cell("seen = []\nasync for n in numbers():\n    seen.append(n)"),
        code_cell("task = asyncio.create_task(g())"),
        code_cell("asyncio.get_running_loop().call_later(0.01, seen.append, 3)"),
        code_cell("got = await task\nawait asyncio.sleep(0.05)\ngot"),
        code_cell("async with asyncio.timeout(10):\n    await g()\nraise KeyError(await g())"),
        code_cell("assert f(2) == 4 and got == 3 and seen == [0, 1, 2, 3]", "test", **TEST),
        judge=judge, sandbox=sandbox, cpu_seconds=20,
    )  # fmt: skip
    assert points(cells) == [1]
    assert cells[0].outputs[0].text == "3\n"
    assert [error.ename for cell in cells for error in errors(cell)] == ["KeyError"]


def test_widgets_that_are_answered_end_their_cell(execute):
    """`interact` prints into a widget: its state goes back to the kernel while the cell runs."""
    show = "from ipywidgets import interact, IntSlider\ndef f(x):\n    print(x)\n    return 2 * x\n"
    cells = [
        code_cell(f"{show}interact(f, x=IntSlider({number}));", f"f{number}", solution=True)
        for number in range(25)
    ]
    done = execute(*cells, code_cell("assert f(2) == 4", "test", **TEST), cpu_seconds=20)
    assert points(done) == [1]
    assert not [error for cell in done for error in errors(cell)]


@pytest.mark.parametrize("judge", [True, False])
def test_exit_ends_its_cell_or_its_call_alone(execute, judge):
    """The kernel stays, so that what was defined stays and nothing else is lost."""
    cells = []
    for n, leave in enumerate(EXITS):
        inside = leave.replace("exit", "exit()") if leave == "exit" else leave
        source = f"def f{n}():\n    return {n}\ndef out{n}():\n    {inside}\n    return {n}"
        cells.append(code_cell(source, f"f{n}", solution=True))
        cells.append(code_cell(leave))
        cells.append(code_cell(f"assert f{n}() == {n}", f"right{n}", **TEST))
        cells.append(code_cell(f"assert out{n}() == {n}", f"out{n}", **TEST))
    done = execute(*cells, judge=judge, cpu_seconds=20)
    assert points(done) == [1, 0] * len(EXITS)
    assert not [
        error for cell in done for error in errors(cell) if error.ename == "DeadKernelError"
    ]


def test_a_stopped_event_loop_goes_on(execute):
    """It is not the kernel's end, a moment later and under another cell."""
    stop = "import asyncio\nasyncio.get_running_loop().call_later(0.05, asyncio.get_running_loop().stop)"
    cells = execute(
        code_cell(f"n = 1\n{stop}"), code_cell("import time; time.sleep(0.1)"),
        code_cell("n += 1"), code_cell("assert n == 2", "test", **TEST), cpu_seconds=20,
    )  # fmt: skip
    assert points(cells) == [1]


@pytest.mark.parametrize("sandbox", [True, False])
def test_a_cell_that_only_waits_is_ended_early(execute, sandbox):
    """It does not cost the wall-clock limit; what works in another process goes on."""
    waiting = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}])"
    works = "import time; end = time.process_time() + 1.5\nwhile time.process_time() < end: pass"
    cells = execute(
        code_cell("n = 1"),
        code_cell(waiting.format(code="import time; time.sleep(600)")),
        code_cell(waiting.format(code=works) + "\nn = 2"),
        code_cell("assert n == 2", "test", **TEST),
        sandbox=sandbox, cpu_seconds=4, wait_factor=0.3, wall_factor=1000,
    )  # fmt: skip
    assert points(cells) == [1]
    assert "did nothing" in errors(cells[1])[0].evalue


def test_a_watch_that_fails_is_no_mark(execute, monkeypatch):
    """An unwatched cell could run for ever: the submission is not graded, and the cause is told."""

    async def fail(self):
        raise SandboxError("the sandbox does not answer")

    monkeypatch.setattr(CellWatch, "until_lost", fail)
    with pytest.raises(SandboxError, match="does not answer"):
        execute(code_cell("import time\ntime.sleep(600)"))
