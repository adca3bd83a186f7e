"""Temporary folders that are found again when the process that made them was killed.

A folder's name says who made it: the machine since it was started and its process namespace, in a
few letters, and the process. A new batch removes those of processes that are gone.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import re
import shutil
import tempfile
from pathlib import Path

_LONGEST = 50  # bytes, so that a folder's name and a socket's find room behind it
_SHORT = "/tmp"
_NAME = re.compile(r"nbjudge-([0-9a-f]{6})-(\d+)-")


@functools.cache
def _place() -> str:
    """Tell this machine, since it was started, and this process namespace from all others."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    return hashlib.sha256(f"{boot}{os.readlink('/proc/self/ns/pid')}".encode()).hexdigest()[:6]


def prefix() -> str:
    """Return how the names of this process's temporary folders begin."""
    return f"nbjudge-{_place()}-{os.getpid()}-"


def place_for_sockets() -> str:
    """Return where folders for sockets are made: a socket's path has room for 107 bytes only."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= _LONGEST else _SHORT


def remove_stale() -> list[str]:
    """Remove the folders of this user's processes that ended without removing them.

    Returns
    -------
    list of str
        What was removed.
    """
    removed = []
    places = {tempfile.gettempdir(), place_for_sockets()}
    for entry in itertools.chain.from_iterable(map(os.scandir, places)):
        name = _NAME.match(entry.name)
        if name is None or name[1] != _place() or os.path.exists(f"/proc/{name[2]}"):
            continue
        with contextlib.suppress(FileNotFoundError):  # its own process was ending, and removed it
            if entry.is_dir(follow_symlinks=False) and (
                entry.stat(follow_symlinks=False).st_uid == os.getuid()
            ):
                shutil.rmtree(entry.path, ignore_errors=True)
                removed.append(entry.path)
    return removed


def replace_folder(new: Path, folder: Path, old: Path) -> None:
    """Put a folder that was written beside its place into it.

    Parameters
    ----------
    new : Path
        The folder.
    folder : Path
        Its place; what is there is removed.
    old : Path
        Where that goes meanwhile.
    """
    if folder.exists():
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
