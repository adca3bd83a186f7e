"""What a test shares with the functions that it calls, besides arguments: the judge's side.

Only what the test has touched goes over: standard output that it has redirected, `print` and
`input` that it has replaced, files that it names, a seed that it has set, names of the notebook
that it has bound. `nbjudge.wire.surroundings` is the kernel's side.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from nbjudge.judge import figures
from nbjudge.judge.cell_source import KNOWN, tree_of
from nbjudge.judge.files import DATA_SUFFIXES, is_data
from nbjudge.judge.temporary_files import TemporaryFiles
from nbjudge.wire.small_files import LARGEST_FILE, MOST_FILES, read_small, stamp
from nbjudge.wire.surroundings import LONGEST_TEXT, inside_folder

_FILE_NAME = re.compile(r"\w[\w./-]{0,200}\.[A-Za-z]\w{0,7}|\w[\w ./-]{0,200}\.(csv|txt|json|png)")
_ASKS_FOR_FIGURES = re.compile(
    r"\b(gca|gcf|get_fignums|fignum_exists|get_axes|figaspect)\b|\bplt\."
)
_REPLACEABLE = ("print", "input")


class _Seeds:
    """Notices when a test seeds one of the shared random generators."""

    def __init__(self) -> None:
        self.numpy = self.python = False

    def watch(self) -> None:
        """Put a note before each function that sets a state."""
        for module, names, flag in (
            (np.random, ("seed", "set_state"), "numpy"),
            (random, ("seed", "setstate"), "python"),
        ):
            for name in names:
                setattr(module, name, self._noting(getattr(module, name), flag))

    def _noting(self, function: Callable[..., Any], flag: str) -> Callable[..., Any]:
        def noting(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            setattr(self, flag, True)
            return result

        noting.__name__, noting.__doc__ = function.__name__, function.__doc__
        return noting

    def states(self) -> dict[str, Any]:
        """Return the states that were set since this was asked last."""
        found: dict[str, Any] = {}
        if self.numpy:
            found["numpy"] = list(np.random.get_state())
        if self.python:
            version, numbers, gauss = random.getstate()
            found["python"] = [version, list(numbers), gauss]
        self.numpy = self.python = False
        return found


class SharedSurroundings:
    """The surroundings of the test cell that runs.

    Parameters
    ----------
    names : mapping
        The test's own names.
    can_cross : callable
        Called with a value, returns whether it can be handed over.
    protected : iterable of str
        The instructor's files, which nothing of a submission takes the place of.
    """

    def __init__(
        self,
        names: dict[str, Any],
        can_cross: Callable[[Any], bool],
        protected: Iterable[str] = (),
    ) -> None:
        self._can_cross = can_cross
        self._names = names
        self._protected = frozenset(protected)
        self._files: list[str] = []
        self._seen: dict[str, tuple[int, int] | None] = {}
        self._seeds: _Seeds | None = None
        self._own_output: Any = None
        self._own = {name: getattr(builtins, name) for name in _REPLACEABLE}
        self._figures = False
        self._temporary = TemporaryFiles()
        self._bound: dict[str, Any] = {}
        self._deleted: set[str] = set()

    def new_cell(self, source: str, output: Any) -> list[str]:
        """Begin a cell: return the files that it names.

        Parameters
        ----------
        source : str
            Its Python, and that of the helpers which it may call.
        output : object
            Its standard output, unless it puts something else in that place.
        """
        self._own_output = output
        if self._seeds is None and re.search(r"seed|set_?state", source):
            self._seeds = _Seeds()
            self._seeds.watch()
        self._files = [name for name in named_files(source) if name not in self._protected]
        self._temporary.new_cell(source)
        self._figures = "plt" in source and _ASKS_FOR_FIGURES.search(source) is not None
        figures.close_all()
        return self._files

    def bind(self, name: str, value: Any) -> None:
        """Note that the test has given a name of the notebook another value."""
        if not self._can_cross(value):
            return  # stays the test's own, as what it imports
        self._deleted.discard(name)
        self._bound[name] = value

    def delete(self, name: str) -> None:
        """Note that the test has deleted a name of the notebook."""
        self._bound.pop(name, None)
        self._deleted.add(name)

    def has_changes(self) -> bool:
        """Whether the test has bound or deleted names of which the notebook has yet to hear."""
        return bool(self._bound or self._deleted)

    def before(self) -> dict[str, Any]:
        """Return what is to be in force while a call runs: nothing, as a rule."""
        wanted: dict[str, Any] = {}
        if sys.stdout is not self._own_output:
            wanted["capture"] = True
        if sys.stderr is not self._own_output:
            wanted["capture_errors"] = True
        for name in _REPLACEABLE:
            now = self._names.get(name) or getattr(builtins, name)
            if now is not self._own[name] and callable(now):
                wanted[name] = now if type(now).__name__ == "function" else _Calling(now)
        if self._seeds is not None:
            wanted.update(self._seeds.states())
        if self._bound:
            wanted["bind"], self._bound = self._bound, {}
        if self._deleted:
            wanted["delete"], self._deleted = sorted(self._deleted), set()
        if self._files:
            wanted["wanted"] = self._files
            written = self._written()
            if written:
                wanted["files"] = written
        places, contents = self._temporary.before()
        if places:
            wanted["temporary"] = [list(places), contents]
        if self._figures:
            wanted["figures"] = True
        return wanted

    def after(self, left: Any) -> None:
        """Take what a call has left: a student's word, so only what was asked for."""
        if type(left) is not dict:
            return
        printed = left.get("printed")
        if type(printed) is str and sys.stdout is not self._own_output:
            sys.stdout.write(printed[:LONGEST_TEXT])
        errors = left.get("errors")
        if type(errors) is str and sys.stderr is not self._own_output:
            sys.stderr.write(errors[:LONGEST_TEXT])
        self.take_files(left.get("files"))
        self._temporary.after(left.get("temporary"))
        if self._figures and type(left.get("figures")) is list:
            figures.take_over(left["figures"])

    def take_files(self, found: Any) -> None:
        """Write files that the kernel has written, where the test has asked for them by name."""
        if type(found) is not dict:
            return
        for name, data in found.items():
            if name not in self._files or len(data or b"") > LARGEST_FILE:
                continue
            path = inside_folder(name)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                if type(data) is bytes:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
            self._seen[name] = stamp(path)

    def _written(self) -> dict[str, bytes]:
        """Return the files that the test has written since they were equal on both sides."""
        found = {}
        for name in self._files:
            path = Path(name)
            now = stamp(path)
            if now is not None and now != self._seen.get(name):
                self._seen[name] = now
                data = read_small(path)
                if data is not None:
                    found[name] = data
        return found


class _Calling:
    """Calls what a test has put in the place of a builtin, whatever type it has."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self.__name__ = "replaced"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self._function(*args, **kwargs)
        return None if type(result).__name__.endswith("Mock") else result


@functools.lru_cache(KNOWN)
def named_files(source: str) -> tuple[str, ...]:
    """List the names in a cell's texts that look like those of files in the working folder."""
    try:
        tree = tree_of(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    asked = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            asked |= {id(value) for value in given}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) is str
        and _FILE_NAME.fullmatch(node.value)
        and (id(node) in asked or PurePosixPath(node.value).suffix.lower() in DATA_SUFFIXES)
    }
    names = sorted(texts)
    found = (name for name in names if is_data(name) and ".." not in Path(name).parts)
    return tuple(itertools.islice(found, MOST_FILES))
