"""The files that a test may read: the instructor's as they are, a submission's as data on demand.

A judge works in a folder that holds the files of the assignment's source and nothing else. What a
submission brings is copied there when a test opens it, read-only, and never what Python or a
library would take for code or for its configuration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path, PurePosixPath
from typing import Any

_NEVER = frozenset(
    {"matplotlibrc", "conftest.py", "sitecustomize.py", "usercustomize.py", "pyvenv.cfg"}
    | {"setup.cfg", "pytest.ini", "tox.ini", "pyproject.toml", "pip.conf", "pdbrc", "core"}
)
_NEVER_SUFFIXES = frozenset(
    {".py", ".pyc", ".pyo", ".pyd", ".pyi", ".pyw", ".so", ".dll", ".dylib", ".pth", ".egg"}
    | {".whl", ".ipynb", ".mplstyle", ".egg-link", ".dist-info"}
)
DATA_SUFFIXES = frozenset(
    {".csv", ".tsv", ".txt", ".dat", ".json", ".xml", ".html", ".md", ".npy", ".npz", ".pkl"}
    | {".pickle", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".wav", ".zip", ".gz", ".bz2"}
    | {".xz", ".xlsx", ".xls", ".parquet", ".h5", ".hdf5", ".mat", ".db", ".sqlite", ".fasta"}
)
"""What is data whoever opens it; other files only where a test names them."""


def is_data(name: str) -> bool:
    """Whether a submission's file may be a test's data, by its name."""
    path = PurePosixPath(name)
    if any(part.startswith(".") for part in path.parts):
        return False
    return path.name.lower() not in _NEVER and not (
        _NEVER_SUFFIXES & {suffix.lower() for suffix in path.suffixes}
    )


class SubmittedFiles:
    """A submission's files, in the judge's working folder as soon as a test asks for one.

    Parameters
    ----------
    folder : str
        The judge's working folder.
    names : sequence of str
        The files that there are, relative to it.
    fetch : callable
        Called with a name, returns the bytes, or None.
    """

    def __init__(
        self, folder: str, names: Sequence[str], fetch: Callable[[str], bytes | None]
    ) -> None:
        self._folder = folder
        self._names = {name for name in names if is_data(name)}
        self._fetch = fetch
        self._process = os.getpid()
        self._named: set[str] = set()
        self._busy = False
        if self._names:
            sys.addaudithook(self._on_event)

    def prepare(self, source: str) -> None:
        """Copy the files that a test cell names: it may ask whether they exist first."""
        for name in [n for n in self._names if PurePosixPath(n).name in source]:
            self._named.add(name)
            self._copy(name)

    def _on_event(self, event: str, args: tuple[Any, ...]) -> None:
        if event != "open" or self._busy or not isinstance(args[0], (str, bytes)):
            return
        path = os.path.normpath(os.path.join(self._folder, os.fsdecode(args[0])))
        if path.startswith(f"{self._folder}/"):
            name = path[len(self._folder) + 1 :]
            if name in self._names and (
                name in self._named or PurePosixPath(name).suffix.lower() in DATA_SUFFIXES
            ):
                self._copy(name)

    def _copy(self, name: str) -> None:
        path = Path(self._folder, name)
        if self._busy or os.getpid() != self._process or path.exists():
            return
        self._busy = True
        try:
            data = self._fetch(name)
            if data is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.chmod(0o444)
            self._names.discard(name)
        finally:
            self._busy = False


class SubmittedModules(MetaPathFinder):
    """Refuse by name to import what students wrote, instead of not to find it.

    Parameters
    ----------
    names : sequence of str
        The modules beside the notebook that are not the instructor's.
    refuse : callable
        Called with the reason; raises.
    """

    def __init__(self, names: Sequence[str], refuse: Callable[[str], object]) -> None:
        self._names = frozenset(names)
        self._refuse = refuse

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Raise for a module of the submission; find nothing."""
        if path is None and fullname in self._names:
            self._refuse(f"{fullname} is a module of the submission, which tests do not import")
