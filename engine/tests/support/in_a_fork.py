"""Run a command of ``nbjudge`` in a fork of this process, which has imported everything."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from nbjudge.__main__ import run
from nbjudge.commands import (  # noqa: F401 (before the fork)
    autograde,
    collect,
    export,
    feedback,
    grade_classes,
    regrade,
    report,
    similar,
    students,
    withdraw,
)
from pygments.lexers import get_lexer_by_name

get_lexer_by_name("ipython3")  # imports every plugin of pygments, as feedback does


@dataclass
class Done:
    """What a command has said, and how it ended."""

    code: int
    out: str
    err: str


def nbjudge(root: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> Done:
    """Run a command in a course's folder; ``before`` is called in the fork first."""
    if arguments[:1] == ("report",) and _has_drawn():
        command = [sys.executable, "-m", "nbjudge", *arguments]
        done = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        return Done(done.returncode, done.stdout, done.stderr)
    out, err = (root.parent / f"{root.name}.{name}" for name in ("out", "err"))
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
        become(root, *arguments, before=before)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Done(code, out.read_text(), err.read_text())


def _has_drawn() -> bool:
    """Whether this process has drawn a chart: a fork of it would wait for ever for its threads."""
    tasks = Path("/proc/self/task").iterdir()
    return any((task / "comm").read_text().startswith("tokio") for task in tasks)


def become(root: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> NoReturn:
    """Be a command in a course's folder, on this process's own streams, and end with it."""
    code = 99
    try:
        os.chdir(root)
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115 (as long as the process)
        sys.stderr = open(2, "w", buffering=1)  # noqa: SIM115
        sys.argv = ["nbjudge", *arguments]
        before()
        run()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)
