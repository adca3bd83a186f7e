"""An event loop of its own for each process.

Jupyter runs all that waits in one loop, and keeps it. What a loop waits for, the system has in a
list (epoll) that a forked process shares with its parent and all its siblings: it is told when a
file of the same number of one of theirs is ready. So a worker would take the end of another
worker's kernel for the end of its own.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from jupyter_core import utils

_of_the_parent: list[Any] = []


def _begin_anew() -> None:
    loop = utils._loop.get()
    if loop is not None:
        # Kept, since one that is closed, or forgotten, takes out of the system's list what the
        # parent waits for.
        _of_the_parent.append(loop)
        utils._loop.set(None)
        asyncio.set_event_loop(None)
    # Threads that run loops are not there in a fork.
    _of_the_parent.append({**utils._runner_map})
    utils._runner_map.clear()


os.register_at_fork(after_in_child=_begin_anew)
