"""What a student's function finds around it when a test calls it, and what it leaves there.

In one process a test and the functions that it calls share more than arguments: standard output,
`print` and `input` that the test has replaced, files in the working folder, the state of random
generators, global names. Here the student's side puts in force what came with a call, and answers
with what was printed and written. The judge's side is `nbjudge.judge.surroundings`.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import random
import sys
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import numpy as np

from nbjudge.wire.frames import WireError
from nbjudge.wire.small_files import MOST_FILES, read_small, stamp
from nbjudge.wire.temporary_files import EqualFiles

LONGEST_TEXT = 1 << 20


class _Text(io.StringIO):
    """Keep the first part of what is printed."""

    def write(self, text: str) -> int:
        room = LONGEST_TEXT - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)


def inside_folder(name: Any) -> Path:
    """Return the path of a file in the working folder, and nowhere else."""
    if type(name) is not str or os.path.isabs(name) or ".." in Path(name).parts or not name:
        raise WireError("a file that is not in the working folder")
    return Path(name)


class Surroundings:
    """The surroundings of calls, on the student's side.

    Parameters
    ----------
    names : mutable mapping, optional
        The notebook's global names.
    """

    def __init__(self, names: MutableMapping[str, Any] | None = None) -> None:
        self.names = names
        self._seen: dict[str, tuple[int, int] | None] = {}
        self._temporary = EqualFiles()

    @contextlib.contextmanager
    def around(self, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Put in force what came with a call; fill in, at the end, what it leaves."""
        left: dict[str, Any] = {}
        self._bind(wanted.get("bind") or {}, wanted.get("delete") or [])
        _seed(wanted.get("numpy"), wanted.get("python"))
        for name, data in (wanted.get("files") or {}).items():
            self._write(name, data)
        places, contents = wanted.get("temporary") or ([], {})
        self._temporary.take(contents)
        text = _Text() if wanted.get("capture") else None
        errors = _Text() if wanted.get("capture_errors") else None
        try:
            with contextlib.ExitStack() as stack:
                if text is not None:
                    stack.enter_context(contextlib.redirect_stdout(text))
                if errors is not None:
                    stack.enter_context(contextlib.redirect_stderr(errors))
                for name in ("print", "input"):
                    if wanted.get(name) is not None:
                        stack.enter_context(_replaced(name, wanted[name]))
                yield left
        finally:
            if text is not None:
                left["printed"] = text.getvalue()
            if errors is not None:
                left["errors"] = errors.getvalue()
            if wanted.get("wanted"):
                left["files"] = self.changed_files(wanted["wanted"])
            if places:
                left["temporary"] = self._temporary.changed(places)
            if wanted.get("figures"):
                left["figures"] = _figures()

    def _bind(self, bound: dict[str, Any], deleted: list[str]) -> None:
        if self.names is None:
            return
        for name in deleted:
            self.names.pop(name, None)
        self.names.update(bound)

    def _write(self, name: str, data: bytes) -> None:
        path = inside_folder(name)
        with contextlib.suppress(OSError):  # the submission's own limits, or a folder in its place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            self._seen[name] = stamp(path)

    def changed_files(self, names: list[str]) -> dict[str, bytes | None]:
        """Return the contents of files that were written since they were asked for last."""
        found: dict[str, bytes | None] = {}
        for name in names[:MOST_FILES]:
            path = inside_folder(name)
            now = stamp(path)
            if now != self._seen.get(name):
                self._seen[name] = now
                found[name] = read_small(path)
        return found

    def global_names(self) -> list[str]:
        """List the notebook's names that are no business of IPython's."""
        hidden = {"In", "Out", "exit", "quit", "get_ipython", "open"}
        names = list(self.names or ())
        return [n for n in names if type(n) is str and n[:1] != "_" and n not in hidden]

    def import_names(self, statement: str) -> None:
        """Import in the notebook what a test imports for answers after it."""
        if self.names is not None:
            exec(statement, self.names)  # type: ignore[arg-type]


@contextlib.contextmanager
def _replaced(name: str, function: Callable[..., Any]) -> Iterator[None]:
    before = getattr(builtins, name)
    setattr(builtins, name, function)
    try:
        yield
    finally:
        setattr(builtins, name, before)


def _seed(numpy_state: Any, python_state: Any) -> None:
    if numpy_state is not None:
        np.random.set_state(tuple(numpy_state))
    if python_state is not None:
        version, numbers, gauss = python_state
        random.setstate((version, tuple(numbers), gauss))


def _figures() -> list[Any]:
    """List pyplot's figures, the current one last, with their numbers."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    numbers = pyplot.get_fignums()
    current = pyplot.gcf().number if numbers else None
    return [
        [number, pyplot.figure(number)]
        for number in sorted(numbers, key=lambda number: (number == current, number))
    ]
