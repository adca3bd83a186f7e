"""What one cell, one exercise and one submission may use, and what it costs the others."""

from __future__ import annotations

import resource

import pytest
from cells import code_cell
from nbgrader.utils import determine_grade

TEST = {"grade": True, "locked": True, "points": 1}
COMMS = """
kernel = get_ipython().kernel
for number in range(8):
    content = {"comm_id": str(number), "target_name": "x", "data": {"state": {}}}
    kernel.session.send(
        kernel.iopub_socket, "comm_open", content, kernel.get_parent("shell"),
        buffers=[bytes(1 << 20)],
    )
"""
LISTS = """
kernel, parent = get_ipython().kernel, get_ipython().kernel.get_parent("shell")
text = b"[" + b"[]," * (14 << 20 >> 2) + b"[]]"
for number in range(30):
    message = kernel.session.msg("display_data", {}, parent)
    parts = kernel.session.serialize(message)
    parts[-1] = b'{"data": ' + text + b', "metadata": {}}'
    parts[2] = kernel.session.sign(parts[3:])
    kernel.iopub_socket.send_multipart(parts)
"""
CHILDREN = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
end = time.monotonic() + 300
while time.monotonic() < end:
    if os.fork() == 0:
        stop = time.process_time() + 0.08
        while time.process_time() < stop:
            pass
        os._exit(0)
    time.sleep(0.1)
"""


def points(cells):
    return [determine_grade(c)[0] for c in cells if c.metadata.get("nbgrader", {}).get("grade")]


def error(cell):
    (found,) = [output for output in cell.outputs if output.output_type == "error"]
    return found


@pytest.mark.parametrize("judge", [True, False])
def test_endless_functions_cost_their_own_exercises(execute, judge):
    """However many kernels two of them lose, the right answers behind keep their points."""
    endless = "def {0}():\n    while True: pass"
    cells = [code_cell("def right():\n    return 1", "right", solution=True)]
    for name in ("f", "g"):
        cells.append(code_cell(endless.format(name), name, solution=True))
        cells += [code_cell(f"{name}()", f"{name}{n}", **TEST) for n in range(3)]
    cells.append(code_cell("def h():\n    return right()", "h", solution=True))
    cells += [code_cell("assert h() == 1", f"h{n}", **TEST) for n in range(2)]
    done = execute(*cells, judge=judge, cpu_seconds=0.5, restarts=1)
    assert points(done) == [0] * 6 + [1, 1]
    assert error(done[4]).evalue == "not run: too many cells of this exercise failed"


def test_a_submission_is_limited_as_a_whole(execute):
    """Cells that each stay below their limit do not add up for ever."""
    busy = "import time\nend = time.process_time() + 0.7\nwhile time.process_time() < end: pass"
    cells = execute(
        *[code_cell(busy if n % 2 else "import time; time.sleep(0.7)") for n in range(40)],
        code_cell("assert True", "last", **TEST),
        cpu_seconds=2, submission_seconds=4, wall_factor=1000,
    )  # fmt: skip
    assert points(cells) == [0]
    assert "all cells together took more than 4 seconds" in error(cells[-1]).evalue
    assert 4 <= sum(not cell.outputs for cell in cells[:40]) <= 12


def test_the_output_of_a_submission_is_limited_as_a_whole(execute):
    """A thousand cells may not each have the largest output that one may have."""
    cells = execute(
        *[code_cell("print('x' * 40_000)") for _ in range(5)], submission_output=100_000
    )
    assert "all cells together have more than 100000 bytes" in error(cells[-1]).evalue
    assert [len(cell.outputs[0].get("text", "")) > 40_000 for cell in cells[:2]] == [True, True]


def test_buffers_of_comms_are_output(execute):
    """What widgets send beside their state is kept in the notebook, so it counts."""
    cells = execute(code_cell(COMMS), code_cell("pass"), output_size=4 << 20, cpu_seconds=20)
    assert error(cells[0]).ename == "OutputLimitError"


def test_messages_that_nobody_can_show_are_not_read(execute):
    """A worker's memory does not grow with what a kernel sends."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cells = execute(
        code_cell(LISTS),
        code_cell("assert True", "next", **TEST),
        cpu_seconds=20,
        output_size=1 << 20,
    )
    assert error(cells[0]).ename == "OutputLimitError"
    assert points(cells) == [1]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    assert grown < 400 << 20


def test_children_whose_time_linux_forgets_are_refused(execute):
    """With SIGCHLD ignored, what children used is added to nobody's account."""
    cells = execute(code_cell(CHILDREN), cpu_seconds=100, wall_factor=1)
    assert "SIGCHLD" in error(cells[0]).evalue
