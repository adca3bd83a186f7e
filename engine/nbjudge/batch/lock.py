"""One batch at a time in a course: two would take each other's folders for leftovers."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path

NAME = ".nbjudge.lock"
"""The file in the course's folder that a batch holds. It stays; holding it is what counts."""


class CourseInUseError(Exception):
    """Another batch is at work in the course; the message says whose."""


@contextlib.contextmanager
def one_batch(root: Path) -> Iterator[None]:
    """Hold a course while a batch grades.

    The system lets go of it when this process ends, however it does; workers, which are forks, do
    not hold it.

    Parameters
    ----------
    root : Path
        The course's folder.

    Raises
    ------
    CourseInUseError
        If another process holds it.
    """
    with (root / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise CourseInUseError(
                f"another batch is grading in this course ({holder}): wait until it ends"
            ) from None
        with contextlib.suppress(OSError):  # on a full disk nobody learns who it is
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}")
            file.flush()
        yield
