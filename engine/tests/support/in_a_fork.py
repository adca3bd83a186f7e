"""Run a command of ``nbjudge`` in a fork of this process, which has imported everything."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbjudge.__main__ import run
from nbjudge.commands import (  # noqa: F401 (before the fork)
    autograde,
    collect,
    export,
    grade_classes,
    regrade,
    report,
    similar,
    students,
    withdraw,
)


@dataclass
class Done:
    """What a command has said, and how it ended."""

    code: int
    out: str
    err: str


def nbjudge(root: Path, *arguments: str, before: Callable[[], object] = lambda: None) -> Done:
    """Run a command in a course's folder; ``before`` is called in the fork first."""
    out, err = (root.parent / f"{root.name}.{name}" for name in ("out", "err"))
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            os.chdir(root)
            for number, path in ((1, out), (2, err)):
                os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
            sys.stdout = open(1, "w")  # noqa: SIM115 (as long as the process)
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
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Done(code, out.read_text(), err.read_text())
