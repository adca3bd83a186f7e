"""The sandbox is in force, and kernels in it start warm and leave nothing behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import time

import psutil
import pytest
from jupyter_client.manager import start_new_kernel
from nbjudge.sandbox.bubblewrap import SandboxError
from nbjudge.sandbox.inside.contract import KernelLimits
from nbjudge.sandbox.packing import pack_files
from nbjudge.sandbox.pool import close_sandboxes, give_back, take_sandbox
from nbjudge.sandbox.provisioner import WarmKernelManager
from nbjudge.sandbox.sandbox import Sandbox
from small_course import of_session


def test_a_sandbox_that_does_not_start_says_why(monkeypatch):
    """Without bubblewrap, nothing is graded, and the remedy is named."""
    monkeypatch.setattr("nbjudge.sandbox.bubblewrap.shutil.which", lambda name: None)
    with pytest.raises(SandboxError, match="install"):
        Sandbox()


@pytest.fixture(params=[True, False], ids=["sandboxed", "plain"])
def run(request, tmp_path):
    """Return a function that runs code in a fresh kernel, one kernel a piece of code."""

    async def go(pieces, **provision):
        found, times = [], []
        for code in pieces:
            started = time.perf_counter()
            manager = WarmKernelManager(provision={"isolated": request.param, **provision})
            await manager.start_kernel()
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=30)
            times.append(time.perf_counter() - started)
            said = []
            await client._async_execute_interactive(
                code, allow_stdin=False, timeout=30,
                output_hook=lambda m, said=said: said.append(m["content"].get("text", "")),
            )  # fmt: skip
            found.append("".join(said).strip())
            await manager.shutdown_kernel(now=True)
            client.stop_channels()
        return found, times

    yield lambda *pieces, **provision: asyncio.run(go(pieces, **provision))
    close_sandboxes()


def test_kernels_share_nothing(run):
    """A name, a file and a module's attribute of one kernel are unknown to the next."""
    first = "x = 1; open('note', 'w').write('x'); import numpy; numpy.note = 1; print('done')"
    look = (
        "import os, numpy; print('x' in globals(), os.path.exists('note'), hasattr(numpy, 'note'))"
    )
    assert run(first, look)[0] == ["done", "False False False"]


def test_files_of_the_submission_are_there(run):
    """Data beside the notebook can be read where the notebook expects it."""
    files = pack_files({"data/numbers.csv": b"1,2"})
    assert run("print(open('data/numbers.csv').read())", files=files)[0] == ["1,2"]


def test_pictures_are_shown(run):
    """The inline backend works although matplotlib was imported before the fork."""
    code = "import matplotlib.pyplot as plt; f = plt.figure(); print(plt.get_backend())"
    assert "inline" in run(code)[0][0]


LOOK = """
import json, random, sys, warnings
import matplotlib, matplotlib.pyplot as plt
found = {"filters": sorted(map(repr, warnings.filters))}
found["debugger"] = "debugpy.server" in sys.modules
found["figures"] = [*plt.get_fignums(), plt.figure().number]
plt.close("all")
found["settings"] = {name: repr(value) for name, value in matplotlib.rcParams.items()}
found["names"] = sorted(name for name in dir() if not name.startswith("_"))
print(json.dumps(found))
"""


def test_a_warm_kernel_looks_like_a_cold_one(run, tmp_path, monkeypatch):
    """What was drawn before the fork shows in no figure, setting, filter or name."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    manager, client = start_new_kernel(kernel_name="python3", cwd=tmp_path)
    said = []
    try:
        client.execute_interactive(
            LOOK, timeout=60, output_hook=lambda m: said.append(m["content"].get("text", ""))
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    (warm,), _ = run(LOOK)
    cold, warm = json.loads("".join(said)), json.loads(warm)
    assert warm.pop("debugger") is False
    del cold["debugger"]  # a cold kernel has one
    assert warm == cold


def test_a_sandbox_that_ends_while_it_is_wiped_is_replaced(monkeypatch):
    """Nobody waits for the wiping; whoever needs the next kernel learns of it."""
    monkeypatch.setattr("nbjudge.sandbox.sandbox._WIPING", 2)
    sandbox = take_sandbox(isolated=True)
    sandbox.settle()  # it has been wiped after the probe
    (zygote,) = psutil.Process(sandbox.pid).children()
    zygote.suspend()
    give_back(sandbox)
    os.kill(sandbox.pid, signal.SIGKILL)
    another = take_sandbox(isolated=True)
    assert another is not sandbox
    give_back(another)
    assert take_sandbox(isolated=True) is another
    another.close()


def test_a_warm_kernel_is_ready_soon(run):
    """Far below the second that a cold one takes; the benchmark has the exact figure."""
    _, times = run(*["pass"] * 6)
    assert statistics.median(times[1:]) < 0.5


def test_limits_hold(proven_sandbox):
    """Memory, processes and file size end at the limit, inside the kernel."""

    async def go():
        limits = KernelLimits(memory=2 << 30, processes=30, file_size=1 << 20, disk=4 << 20)
        manager = WarmKernelManager(provision={"limits": limits})
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=30)
        replies = []
        for code in (
            "bytearray(3 << 30)",
            "import threading, time\nfor _ in range(100): threading.Thread(target=time.sleep, args=(9,)).start()",
            "open('big', 'wb').write(bytes(2 << 20))",
            "for i in range(9): open(f'/tmp/{i}', 'wb').write(bytes(1 << 20))",
            "1 + 1",
        ):
            reply = await client._async_execute_interactive(code, allow_stdin=False, timeout=60)
            replies.append(reply["content"].get("ename", "ok"))
        await manager.shutdown_kernel(now=True)
        client.stop_channels()
        return replies

    found = asyncio.run(go())
    assert found == ["MemoryError", "RuntimeError", "OSError", "OSError", "ok"]
    close_sandboxes()


def test_a_sandbox_that_is_closed_at_once_leaves_no_process():
    """However far bubblewrap was: its second process ends with the first."""
    sessions = set()
    for pause in (0, 0, 0.002, 0.005, 0.01, 0.02):
        sandbox = Sandbox()
        sessions.add(sandbox.pid)
        time.sleep(pause)
        sandbox.close()
    deadline = time.monotonic() + 10
    while (left := [pid for one in sessions for pid in of_session(one)]) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    assert not left
