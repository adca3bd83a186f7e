"""A lock: only one batch may grade in a course at a time.

Two would take each other's folders for leftovers of a batch that was killed.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from nbjudge.gradebook.sharing import denied, share_file

NAME = ".nbjudge.lock"
"""The file in the course's folder that a batch holds. It stays; holding it is what counts."""


_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)
NO_LOCKS = (
    "the file system of this folder does not lock files (NFS without its lock service?): keep the "
    "course and its gradebook on a local disk, or the gradebook in PostgreSQL"
)


class CourseInUseError(Exception):
    """Another batch is grading in the course, or locks do not work there."""


class NoLocksError(CourseInUseError):
    """The file system of the course does not lock files."""


@contextlib.contextmanager
def one_batch(root: Path, groupshared: bool = False) -> Iterator[None]:
    """Hold a course while a batch grades.

    The system lets go of it when this process ends, however it does; workers, which are forks, do
    not hold it.

    Parameters
    ----------
    root : Path
        The course's folder.
    groupshared : bool
        Whether the course's group may hold it, too.

    Raises
    ------
    CourseInUseError
        If another process holds it, or the file system cannot tell.
    PermissionError
        If the file belongs to another user, who does not share it.
    """
    with _open(root / NAME) as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise NoLocksError(NO_LOCKS) from None
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise CourseInUseError(
                f"another batch is grading in this course ({holder}): wait until it ends"
            ) from None
        with contextlib.suppress(OSError):  # on a full disk the holder stays unknown
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}")
            file.flush()
        if groupshared:
            share_file(root / NAME)
        yield


def check_locks(root: Path) -> None:
    """Raise CourseInUseError if the file system of a course cannot lock files, as SQLite must."""
    with contextlib.suppress(OSError), (root / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise NoLocksError(NO_LOCKS) from None


def _open(path: Path) -> TextIO:
    """Open the file of the lock; for a lock, what stands in it need not be written."""
    try:
        return path.open("a+", encoding="utf-8")
    except PermissionError:
        raise PermissionError(errno.EACCES, denied(path), str(path)) from None
