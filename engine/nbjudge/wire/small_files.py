"""Files that are small enough to cross."""

from __future__ import annotations

from pathlib import Path

LARGEST_FILE = 8 << 20
MOST_FILES = 50


def stamp(path: Path) -> tuple[int, int] | None:
    """Return by what a file is known again until it is written anew; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def read_small(path: Path) -> bytes | None:
    """Read a file that is not too large to cross, and no link."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        return path.read_bytes()
    except OSError:
        return None
