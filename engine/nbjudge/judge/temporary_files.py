"""The temporary files and folders that a test makes, for the functions that it calls.

`tempfile` tells Python's audit hooks of each; nothing else of the judge's own files goes over.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from nbjudge.judge.files import is_data
from nbjudge.wire.temporary_files import Contents, EqualFiles, is_within

_MADE = ("tempfile.mkstemp", "tempfile.mkdtemp")


class TemporaryFiles:
    """What the test cell that runs has made by `tempfile`."""

    def __init__(self) -> None:
        self._places: list[str] = []
        self._files = EqualFiles()
        self._watching = self._active = False

    def new_cell(self, source: str) -> None:
        """Begin a cell; only one that speaks of such files is watched."""
        self._places.clear()
        self._active = re.search(r"tempfile|tmp", source) is not None
        if self._active and not self._watching:
            self._watching = True
            sys.addaudithook(self._on_event)

    def _on_event(self, event: str, args: tuple[Any, ...]) -> None:
        if self._active and event in _MADE and isinstance(args[0], str):
            self._places.append(args[0])

    def before(self) -> tuple[list[str], Contents]:
        """Return the places, and what of them the notebook has yet to be told."""
        return self._places, self._files.changed(self._places) if self._places else {}

    def after(self, found: Any) -> None:
        """Take what a call has left in these places: a student's word, so data and no more."""
        if type(found) is dict:
            kept = {name: data for name, data in found.items() if self._is_taken(name, data)}
            self._files.take(kept)

    def _is_taken(self, name: Any, data: Any) -> bool:
        if data is not None and type(data) is not bytes:
            return False
        return is_within(name, self._places) and is_data(name)
