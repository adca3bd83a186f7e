"""The process of a kernel, seen from the trusted side."""

from __future__ import annotations

import contextlib
import signal
import time
from dataclasses import dataclass, field


@dataclass
class RunningKernel:
    """A kernel that was started in a sandbox.

    Attributes
    ----------
    pid : int
        The process, as this side sees it.
    handle : int
        Its pidfd: becomes readable when the process ends.
    """

    pid: int
    handle: int
    started: float = field(default_factory=time.monotonic)

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        try:
            signal.pidfd_send_signal(self.handle, 0)
        except ProcessLookupError:
            return False
        # A process that ended and was not collected yet can be signalled, and has no memory.
        with contextlib.suppress(OSError), open(f"/proc/{self.pid}/statm", "rb") as file:
            return not file.read().startswith(b"0 ")
        return False

    def cpu_seconds(self) -> float:
        """The CPU time that the process has used."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0
