"""Autograde nbgrader courses: student code in a sandbox, test cells in a judge outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

__version__ = "0.1.0"


def configure(c: Config) -> None:
    """Switch the engine on in a course's ``nbgrader_config.py``.

    See `nbjudge.configuration.configure`, which this calls. It is imported here only, because a
    sandbox imports this file as well and must stay small.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives there.
    """
    from nbjudge.configuration import configure as configure_course

    configure_course(c)
