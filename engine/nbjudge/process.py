"""The process of a kernel, seen from the trusted side."""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass

from nbjudge.sandbox.inside.cpu_clock import cpu_seconds
from nbjudge.sandbox.inside.process_state import is_awake

__all__ = ["RunningKernel", "is_awake"]


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
        return cpu_seconds(self.pid)
