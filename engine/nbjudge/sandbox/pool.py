"""The warm sandboxes of this process: taken for one submission, wiped, and kept for the next."""

from __future__ import annotations

import atexit
import os
from collections.abc import Sequence

from nbjudge.sandbox.bubblewrap import SandboxError
from nbjudge.sandbox.inside.contract import PRELOAD
from nbjudge.sandbox.sandbox import Sandbox

_KEPT = 2
_spare: list[Sandbox] = []
_of_the_parent: list[Sandbox] = []


def _forget_in_child() -> None:
    """Leave a forked process's sandboxes to its parent: two would take each other's answers."""
    _of_the_parent.extend(_spare)
    _spare.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def _find(isolated: bool, preload: Sequence[str], python: str) -> Sandbox | None:
    wanted = (isolated, tuple(preload), python)
    return next((s for s in _spare if (s.isolated, s.preload, s.python) == wanted), None)


def take_sandbox(*, isolated: bool, preload: Sequence[str] = PRELOAD, python: str = "") -> Sandbox:
    """Return a warm sandbox of this process that is free, or a new one."""
    while (sandbox := _find(isolated, preload, python)) is not None:
        _spare.remove(sandbox)
        try:
            sandbox.settle()
            break
        except SandboxError:
            sandbox.close()
    else:
        sandbox = Sandbox(isolated=isolated, preload=preload, python=python)
    if isolated and not sandbox.proven:
        try:
            sandbox.assert_in_force()  # before any student's code runs in it
        except SandboxError:
            sandbox.close()
            raise
    return sandbox


def warm_up(*, isolated: bool, preload: Sequence[str] = PRELOAD, python: str = "") -> None:
    """Start a sandbox for the next kernels of this process, without waiting for it.

    Of those that it has, made for another assignment, it keeps the last.
    """
    if _find(isolated, preload, python) is None:
        while len(_spare) >= _KEPT:
            _spare.pop(0).close()
        _spare.append(Sandbox(isolated=isolated, preload=preload, python=python))


def adopt(sandbox: Sandbox) -> None:
    """Make a sandbox that the parent of this process has started one of its own."""
    _spare.append(sandbox)


def give_back(sandbox: Sandbox) -> None:
    """Have a sandbox wiped and keep it for the next kernel; one that is gone is ended."""
    try:
        sandbox.wipe()
    except RuntimeError:
        sandbox.close()
    else:
        _spare.append(sandbox)


@atexit.register
def close_sandboxes() -> None:
    """End the warm sandboxes of this process."""
    while _spare:
        _spare.pop().close()
