"""Rights in a course that a group shares, with nbgrader's ``c.CourseDirectory.groupshared``."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import stat
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
    if not isinstance(error, PermissionError) or error.filename is None:
        return str(error)
    path = Path(os.fsdecode(error.filename))
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return denied(path)


def denied(path: Path) -> str:
    """Say that this user may not write a file or into a folder: whose it is, and the remedy."""
    found = path.stat()
    folder = stat.S_ISDIR(found.st_mode)
    owner = _name(pwd.getpwuid, found.st_uid)
    group = _name(grp.getgrgid, found.st_gid)
    return (
        f"{path} cannot be written: it belongs to {owner}, group {group}; where the group shares "
        f"the course, {owner} types: chmod {'g+rwxs' if folder else 'g+rw'} {path}"
    )


def _name(look_up: object, number: int) -> str:
    try:
        return look_up(number)[0]  # type: ignore[operator]
    except KeyError:
        return str(number)
