"""Watch a kernel while it runs a cell: whether it is there, and what the cell has used.

CPU time decides marks, so that a busy machine changes none; wall time is a backstop for what
sleeps. What a kernel started is counted with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from nbjudge.judge.client import RunningJudge
from nbjudge.sandbox.provisioner import SandboxedProvisioner

_LOOK = 0.05
_COUNT_ALL = 5  # every so many looks, the processes that a kernel started are counted too


class KernelLost(Exception):
    """The kernel of a submission is gone, or was ended.

    Parameters
    ----------
    name : str
        Under which the notebook shows it, as an error.
    what : str
        What happened, for the student.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what)
        self.name = name


class OverlongTest(KernelLost):
    """A test cell itself, not the student's code, has used more than a cell may."""


@dataclass(frozen=True)
class CellLimits:
    """What one cell may use.

    Attributes
    ----------
    cpu : float
        CPU seconds, of the kernel and, apart from it, of the judge.
    wall : float
        Seconds by the clock.
    memory : int
        Bytes of all processes of the submission together.
    output : int
        Bytes of output.
    """

    cpu: float
    wall: float
    memory: int
    output: int


async def watch(
    provisioner: SandboxedProvisioner,
    limits: CellLimits,
    printed: Callable[[], int],
    judge: RunningJudge | None = None,
) -> KernelLost:
    """Wait until a kernel is gone or its cell has used what it may.

    Parameters
    ----------
    provisioner : SandboxedProvisioner
        The kernel's.
    limits : CellLimits
        What the cell may use.
    printed : callable
        Returns the bytes of output that there are so far.
    judge : RunningJudge, optional
        The judge that runs the cell, if it is a test.

    Returns
    -------
    KernelLost
        Which of them it was.
    """
    kernel = provisioner.kernel
    died, loop = asyncio.Event(), asyncio.get_running_loop()
    before = kernel.cpu_seconds()
    judge_before = judge.cpu_seconds() if judge else 0.0
    everything = None
    started, looks = time.monotonic(), 0
    loop.add_reader(kernel.handle, died.set)
    try:
        while True:
            try:
                await asyncio.wait_for(died.wait(), _LOOK)
            except TimeoutError:
                looks += 1
            else:
                return KernelLost("DeadKernelError", "the kernel died")
            used = kernel.cpu_seconds() - before
            if looks % _COUNT_ALL == 0:
                usage = provisioner.sandbox.usage()
                if everything is None:
                    everything = usage["cpu"] - used
                used = max(used, usage["cpu"] - everything)
                if usage["memory"] > limits.memory:
                    return KernelLost("MemoryError", f"more than {limits.memory} bytes of memory")
            if used > limits.cpu:
                return KernelLost(
                    "CellTimeoutError", f"the cell ran for more than {limits.cpu:g} CPU seconds"
                )
            if judge and judge.cpu_seconds() - judge_before > limits.cpu:
                return OverlongTest(
                    "CellTimeoutError", f"the test ran for more than {limits.cpu:g} CPU seconds"
                )
            if time.monotonic() - started > limits.wall:
                return KernelLost(
                    "CellTimeoutError", f"the cell took more than {limits.wall:g} seconds"
                )
            if printed() > limits.output:
                return KernelLost("OutputLimitError", f"more than {limits.output} bytes of output")
    finally:
        loop.remove_reader(kernel.handle)
