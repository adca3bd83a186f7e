"""What Linux tells of another process: whether it is at work, what it has and does not show."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path

_AT_WORK = ("R", "D")
"""Runs or waits for a CPU, and waits for a disk; on a busy machine these take longer."""
_SOCKETS = re.compile(r"^sockets: used (\d+)$", re.MULTILINE)
_BUFFER = 425_984
"""The bytes that wait in a socket at most, where nobody has raised what Linux allows."""
_IGNORED = re.compile(r"^SigIgn:\s*([0-9a-f]+)$", re.MULTILINE)


def is_awake(pid: int) -> bool:
    """Return whether a thread of a process runs, or would if it had a CPU or its disk.

    Parameters
    ----------
    pid : int
        The process, as this process sees it.
    """
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError, IndexError):
                stat = Path(f"/proc/{pid}/task/{thread}/stat").read_text("ascii", "replace")
                if stat.rsplit(")", 1)[1].split(None, 1)[0] in _AT_WORK:
                    return True
    return False


def ignores_children(status: str) -> bool:
    """Return whether a process ignores SIGCHLD: Linux then forgets what its children used.

    Parameters
    ----------
    status : str
        The contents of its ``/proc/…/status``.
    """
    ignored = _IGNORED.search(status)
    return ignored is not None and bool(int(ignored[1], 16) >> (signal.SIGCHLD - 1) & 1)


def in_sockets(pid: int) -> int:
    """Return the bytes that may wait in the sockets of a process's network: they are nobody's.

    Parameters
    ----------
    pid : int
        The process, as this process sees it.
    """
    with contextlib.suppress(OSError):
        used = _SOCKETS.search(Path(f"/proc/{pid}/net/sockstat").read_text("ascii", "replace"))
        return int(used[1]) * _BUFFER if used else 0
    return 0
