"""A sandbox and a judge that the command starts before it has imported nbgrader.

To import nbgrader takes a command about as long as a sandbox takes to be ready, and needs one CPU.
What the last batch of a course needed is remembered in ``.nbjudge/warm.json``; a command that is to
grade starts the same at once, and the first worker takes it over if this batch needs just that.
Otherwise it is ended unused. It is proven as any other sandbox before a student's code runs in it.

Nothing large is imported here: the command does so first of all.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbjudge.cpus import usable_cpus
from nbjudge.judge.course import Course
from nbjudge.sandbox.pool import adopt
from nbjudge.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from nbjudge.judge.client import JudgeServer

RECORD = Path(".nbjudge", "warm.json")
"""Where in a course it is remembered. The file can be deleted."""
_COMMANDS = frozenset({"grade", "autograde"})
_WITHOUT = frozenset(
    {"--scheduler", "--no-sandbox", "--no-execute", "--help", "--help-all", "-h", "--version"}
)
"""Options with which no worker of this machine needs a sandbox."""
_AGAIN = frozenset({"--force", "-f"})


@dataclass(frozen=True)
class Warm:
    """What a worker has started before its first submission.

    Attributes
    ----------
    isolated : bool
        Whether there is a sandbox around kernels.
    preload : tuple of str
        What kernels have imported.
    python : str
        The program of their Python; that of this process if empty.
    course : Course or None
        What judges see; None without judges.
    """

    isolated: bool
    preload: tuple[str, ...]
    python: str
    course: Course | None

    def as_text(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Warm:
        """Read what `as_text` wrote; what is written otherwise raises any error."""
        found = json.loads(text)
        found["preload"] = tuple(found["preload"])
        course = found["course"]
        if course is not None:
            lists = {name: tuple(course[name]) for name in ("files", "private", "preload")}
            found["course"] = Course(**{**course, **lists})
        return cls(**found)


@dataclass
class _Started:
    warm: Warm
    sandbox: Sandbox
    process: int
    judge: JudgeServer | None = None
    left: bool = False  # to the workers of a batch


_started: list[_Started] = []  # one at most
_by_command: list[str] = []  # the course in which a command grades, in whose process this is


def start_for_command(arguments: Sequence[str], root: Path) -> None:
    """Start what the last batch of a course needed, if a command may need it again.

    Parameters
    ----------
    arguments : sequence of str
        Of the command, its name first.
    root : Path
        The course's folder.
    """
    options = {argument.split("=")[0] for argument in arguments[1:]}
    if not {*arguments[:1]} & _COMMANDS or options & _WITHOUT or len(usable_cpus()) < 2:
        return
    _by_command.append(str(root.resolve()))
    if not options & _AGAIN and not _has_new_files(root):
        return
    # Workers start what they need if this cannot be read, or not be started.
    with contextlib.suppress(Exception):
        _start(Warm.from_text((root / RECORD).read_text(encoding="utf-8")))


def _has_new_files(root: Path) -> bool:
    """Return whether something was handed in since the last batch, as far as a quick look shows.

    A course may keep it elsewhere: then it may have been.
    """
    with contextlib.suppress(OSError):
        before, folder = (root / RECORD).stat().st_mtime, root / "submitted"
        if not folder.is_dir():
            return True
        there = (path for way in ("*/*", "*/*/*") for path in folder.glob(way))
        return any(path.stat().st_mtime > before for path in there)
    return False


def _start(warm: Warm) -> None:
    sandbox = Sandbox(isolated=True, preload=warm.preload, python=warm.python)
    _started.append(_Started(warm, sandbox, os.getpid()))
    if warm.course is not None:
        from nbjudge.judge.client import JudgeServer

        _started[-1].judge = JudgeServer(warm.course)


def take_over(warm: Warm) -> None:
    """Use in a worker what its parent has started, if that is what it needs."""
    found = [one for one in _started if one.warm == warm and not one.left]
    for one in found:
        _started.remove(one)
        adopt(one.sandbox)
        if one.judge is not None:
            from nbjudge.judge.client import JUDGES

            JUDGES.adopt(one.judge)


def leave_to_workers() -> None:
    """Note that there are workers now that may have taken it over, and no later ones may."""
    for one in _started:
        one.left = True


@atexit.register
def end() -> None:
    """End what this process has started, also what a worker has taken over."""
    while _started:
        one = _started.pop()
        if one.process == os.getpid():
            one.sandbox.close()
            if one.judge is not None:
                one.judge.close()


def is_of_use(root: str) -> bool:
    """Return whether this process is such a command's, in this course, so that the next one is."""
    return root in _by_command


def remember(warm: Warm, root: Path) -> None:
    """Remember what a batch of a course needs, in the place of what another one needed."""
    path = root / RECORD
    with contextlib.suppress(OSError):
        if not warm.isolated:
            path.unlink(missing_ok=True)
        else:  # anew each time: its age tells what was handed in since
            path.write_text(warm.as_text(), encoding="utf-8")
