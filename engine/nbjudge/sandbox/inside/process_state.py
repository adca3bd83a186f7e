"""What Linux tells of another process: whether it is at work, and whether its children count."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from pathlib import Path

_AT_WORK = ("R", "D")
"""Runs or waits for a CPU, and waits for a disk; on a busy machine these take longer."""
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
