"""The CPUs that this process may use, and staying on one of them."""

from __future__ import annotations

import contextlib
import os


def usable_cpus() -> list[int]:
    """Return the numbers of the CPUs that this process may use: at least one."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def stay_on(cpu: int) -> None:
    """Keep this process, and all that it starts, on one CPU, if the system lets it.

    A test and a student's function take turns, some hundred times a submission. On one CPU the
    next turn begins at once; another one has to be woken, which in a virtual machine takes longer
    than the turn.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setaffinity(0, {cpu})
