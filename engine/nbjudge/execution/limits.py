"""Watch a kernel while it runs a cell: whether it is there, and what the cell has used.

CPU time decides marks, so that a busy machine changes none. Time in which everything of the
submission sleeps is counted as well, apart from it: it does not depend on the machine either. Wall
time is a backstop. What a kernel started is counted with it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from nbjudge.judge.running import RunningJudge
from nbjudge.process import is_awake
from nbjudge.sandbox.provisioner import SandboxedProvisioner

_POLL_SECONDS = 0.05
_POLLS_PER_COUNT = 5
"""A count of all processes of the submission costs more than a look at the kernel."""
_LIMITS = frozenset({"CellTimeoutError", "MemoryError", "OutputLimitError"})
_IDLE_SHARE = 0.02
"""What uses less of a CPU than this, and sleeps whenever it is looked at, does nothing."""


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

    @property
    def by_limit(self) -> bool:
        """Whether it was ended for what it had used."""
        return self.name in _LIMITS


class OverlongTest(KernelLost):
    """A test cell itself, not the student's code, has used more than a cell may."""


@dataclass(frozen=True)
class CellLimits:
    """What one cell may use.

    Attributes
    ----------
    cpu : float
        CPU seconds, of the kernel and, apart from it, of the judge.
    idle : float
        Seconds in which all processes of the submission, and the judge, sleep.
    wall : float
        Seconds by the clock.
    memory : int
        Bytes of all processes of the submission together.
    output : int
        Bytes of output.
    """

    cpu: float
    idle: float
    wall: float
    memory: int
    output: int


class CellWatch:
    """The watch over a kernel, and a judge if the cell is a test, while one cell runs.

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
    """

    def __init__(
        self,
        provisioner: SandboxedProvisioner,
        limits: CellLimits,
        printed: Callable[[], int],
        judge: RunningJudge | None = None,
    ) -> None:
        self._provisioner = provisioner
        assert provisioner.kernel is not None  # a cell runs in a kernel that was started
        self._kernel = provisioner.kernel
        self._limits = limits
        self._printed = printed
        self._judge = judge
        self._kernel_before = self._kernel.cpu_seconds()
        self._judge_before = judge.cpu_seconds() if judge else 0.0
        self._others_before: float | None = None
        self._cpu = self._idle = 0.0
        self._started = self._counted = time.monotonic()
        self._progress = (0.0, 0.0, 0)

    def spent(self) -> float:
        """Return the seconds that the cell has used so far: of CPU time, and of sleep."""
        return self._used_cpu() + self._idle

    async def until_lost(self) -> KernelLost:
        """Wait until the kernel is gone or its cell has used what it may; say which it was."""
        died, loop = asyncio.Event(), asyncio.get_running_loop()
        # A descriptor of its own: the watch over the cell before may not have ended yet, and what
        # an event loop knows of a descriptor it forgets for all who wait for it.
        handle = os.dup(self._kernel.handle)
        loop.add_reader(handle, died.set)
        polls = 0
        try:
            while True:
                try:
                    await asyncio.wait_for(died.wait(), _POLL_SECONDS)
                except TimeoutError:
                    polls += 1
                else:
                    return KernelLost("DeadKernelError", "the kernel died")
                lost = self._count() if polls % _POLLS_PER_COUNT == 0 else None
                lost = lost or self._exceeded()
                if lost is not None:
                    return lost
        finally:
            loop.remove_reader(handle)
            os.close(handle)

    def _used_cpu(self) -> float:
        # The clock of a kernel that is gone stands at nothing.
        self._cpu = max(self._cpu, self._kernel.cpu_seconds() - self._kernel_before)
        return self._cpu

    def _count(self) -> KernelLost | None:
        """Count what all processes of the submission use, and whether any of them is at work."""
        assert self._provisioner.sandbox is not None  # its kernel is
        usage, kernel = self._provisioner.sandbox.usage(), self._used_cpu()
        if self._others_before is None:
            self._others_before = usage["cpu"] - kernel
        self._cpu = max(kernel, usage["cpu"] - self._others_before)
        if usage["memory"] > self._limits.memory:
            return KernelLost("MemoryError", f"more than {self._limits.memory} bytes of memory")
        if usage["uncounted"]:
            return KernelLost(
                "CellTimeoutError",
                "a process ignores SIGCHLD: the CPU time of what it starts cannot be counted",
            )
        judge = self._judge.cpu_seconds() if self._judge else 0.0
        before, self._progress = self._progress, (self._cpu, judge, self._printed())
        now = time.monotonic()
        elapsed, self._counted = now - self._counted, now
        worked = self._cpu - before[0] + judge - before[1] > _IDLE_SHARE * elapsed
        awake = usage["awake"] or (self._judge is not None and is_awake(self._judge.pid))
        if not worked and not awake and self._printed() == before[2]:
            self._idle += elapsed
        return None

    def _exceeded(self) -> KernelLost | None:
        limits = self._limits
        what = None
        if self._used_cpu() > limits.cpu:
            what = f"the cell ran for more than {limits.cpu:g} CPU seconds"
        elif self._idle > limits.idle:
            what = f"the cell waited for more than {limits.idle:g} seconds and did nothing"
        elif time.monotonic() - self._started > limits.wall:
            what = f"the cell took more than {limits.wall:g} seconds"
        if what is not None:
            return KernelLost("CellTimeoutError", what)
        if self._judge and self._judge.cpu_seconds() - self._judge_before > limits.cpu:
            return OverlongTest(
                "CellTimeoutError", f"the test ran for more than {limits.cpu:g} CPU seconds"
            )
        if self._printed() > limits.output:
            return KernelLost("OutputLimitError", f"more than {limits.output} bytes of output")
        return None
