"""Rights in a course that a group shares, with nbgrader's ``c.CourseDirectory.groupshared``."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import stat
from collections.abc import Callable, Sequence
from pathlib import Path


def share_file(path: Path) -> None:
    """Let the group of a file read and write it, if it is this user's."""
    with contextlib.suppress(PermissionError):  # it is another instructor's, who has shared it
        mode = path.stat().st_mode
        if mode & 0o660 != 0o660:
            path.chmod((mode | 0o660) & 0o777)


def share_folder(path: Path) -> None:
    """Let the group write into a folder, and give it what is made there, as nbgrader does."""
    with contextlib.suppress(PermissionError):
        mode = path.stat().st_mode
        if mode & 0o2770 != 0o2770:
            path.chmod((mode | 0o2770) & 0o2777)


def explain_denied(error: OSError) -> str:
    """Say of a file that this user may not use: which it is, whose it is, and the remedy.

    Parameters
    ----------
    error : OSError
        As Python raises it.
    """
    if not isinstance(error.filename, (str, bytes)):
        return str(error)
    path = Path(os.fsdecode(error.filename))
    if not isinstance(error, PermissionError):
        return f"{path}: {error.strerror or error}"
    return denied(path)


def denied(path: Path) -> str:
    """Say that this user may not write a file or into a folder, and what helps."""
    return f"{path} cannot be written: {remedy_of_rights(path)}"


def remedy_of_rights(path: Path) -> str:
    """Say whose a file or folder is that this user may not write, and the command that helps."""
    path = next((p for p in (path, *path.parents) if os.path.lexists(p)), path)
    try:
        found = path.stat()
    except OSError as error:
        return f"{path}: {error.strerror}"
    owner = _name(pwd.getpwuid, found.st_uid)
    folder = stat.S_ISDIR(found.st_mode)
    if found.st_uid == os.getuid():
        return f"chmod u+w {path}"
    group = _name(grp.getgrgid, found.st_gid)
    return (
        f"{path} belongs to {owner}, group {group}; where the group shares the course, {owner} "
        f"types: chmod {'g+rwxs' if folder else 'g+rw'} {path}"
    )


def _name(look_up: Callable[[int], Sequence[object]], number: int) -> str:
    try:
        return str(look_up(number)[0])
    except KeyError:
        return str(number)
