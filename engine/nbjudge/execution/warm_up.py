"""What a worker starts before its first submission, by the settings of a batch."""

from __future__ import annotations

from typing import Any

from traitlets.config import Config

from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.warm_start import Warm
from nbjudge.judge.client import JUDGES
from nbjudge.sandbox import pool


def wanted(config: dict[str, Any], root: str) -> Warm:
    """Return what workers of a batch need.

    Parameters
    ----------
    config : dict
        The settings of the batch.
    root : str
        The course's folder.
    """
    own = SandboxedExecute(config=Config(config), course_root=root)
    course = own._about().course() if own.judge else None
    return Warm(own.sandbox, tuple(own.preload), own.python, course)


def warm_up(warm: Warm) -> None:
    """Start this process's sandbox and judge if it has none, and do not wait for them."""
    if warm.course is not None:
        JUDGES.server(warm.course)
    pool.warm_up(isolated=warm.isolated, preload=warm.preload, python=warm.python)
