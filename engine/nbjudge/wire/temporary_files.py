"""Temporary files and folders of a test: on both sides under the same name, with equal contents.

A test makes them by `tempfile` and hands their names to the student's function, which reads or
writes there. Only what stands in them goes over, as data.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from nbjudge.wire.small_files import LARGEST_FILE, MOST_FILES, read_small, stamp

Contents = dict[str, bytes | None]
"""By path, what a file holds; None for a folder."""


def listed(places: list[str]) -> Iterator[Path]:
    """Yield files and folders, and what is in the folders: no links, and not very many."""
    todo = [Path(place) for place in places]
    for _ in range(MOST_FILES):
        if not todo:
            return
        path = todo.pop()
        if path.is_symlink() or not path.exists():
            continue
        yield path
        if path.is_dir():
            with contextlib.suppress(OSError):
                todo += sorted(path.iterdir())[:MOST_FILES]


class EqualFiles:
    """Files of one side that are kept equal to those of the other."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int] | None] = {}

    def changed(self, places: list[str]) -> Contents:
        """Return what was made or written in some places since both sides were equal."""
        found: Contents = {}
        for path in listed(places):
            name, now = str(path), None if path.is_dir() else stamp(path)
            if name not in self._seen or self._seen[name] != now:
                self._seen[name] = now
                data = None if path.is_dir() else read_small(path)
                if data is not None or path.is_dir():
                    found[name] = data
        return found

    def take(self, contents: Contents) -> None:
        """Make folders and write files as they are on the other side."""
        for name, data in contents.items():
            path = Path(name)
            with contextlib.suppress(OSError):  # no room, or something else in its place
                if data is None:
                    path.mkdir(parents=True, exist_ok=True)
                elif len(data) <= LARGEST_FILE and not path.is_symlink():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            self._seen[name] = None if path.is_dir() else stamp(path)


def is_within(name: object, places: list[str]) -> bool:
    """Whether a path is one of some places, or in one of them."""
    if type(name) is not str or os.path.normpath(name) != name:
        return False
    return any(name == place or name.startswith(f"{place}/") for place in places)
