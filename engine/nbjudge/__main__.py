"""``python -m nbjudge`` and the console script ``nbjudge``."""

from __future__ import annotations

import nbjudge.lean  # noqa: F401  # isort: skip

import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command in a course's folder; return the exit code.

    Submissions that cannot be graded are named and do not count as a failure of the command: the
    class is graded, and a person looks at ``incidents.csv``.
    """
    from nbjudge.commands.door import NbjudgeApp

    try:
        NbjudgeApp.launch_instance(arguments)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:  # nobody reads any more what is said at the end
        from nbjudge.commands.screen import no_longer_heard

        no_longer_heard()
    return 0


def run() -> None:
    """Be the console script."""
    from nbjudge.execution.warm_start import start_for_command

    start_for_command(sys.argv[1:], Path.cwd())
    code = main()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        from nbjudge.commands.screen import no_longer_heard

        no_longer_heard()
    sys.exit(code)


if __name__ == "__main__":
    run()
