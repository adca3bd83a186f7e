"""The files that a kernel finds beside its notebook."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

_ROOM = 50 << 20
"""The bytes that the files of a submission may have, its notebooks among them."""


@dataclass
class FilesBeside:
    """What a kernel gets, and what there was no room for.

    Attributes
    ----------
    files : dict of str to bytes
        Contents, by the path relative to the notebook.
    left_out : list of str
        The paths of the files that did not fit.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def collect_files(
    folder: Path,
    course_files: Collection[str] = (),
    notebooks: Path | None = None,
    shared: Iterable[tuple[Path, str]] = (),
) -> FilesBeside:
    """Collect the files for a kernel; links are left out.

    The course's own files always have room; then come those of the student, the smallest first.

    Parameters
    ----------
    folder : Path
        Where the files are.
    course_files : collection of str
        Which of them are the course's.
    notebooks : Path, optional
        Where the student's notebooks are as they were handed in: without hidden tests. They are
        given without their outputs.
    shared : iterable of tuple of Path and str
        Folders, and what else of them a kernel gets.
    """
    beside = FilesBeside()
    for start, name in shared:
        for path in _files_in(start / name):
            beside.files[str(path.relative_to(start))] = path.read_bytes()
    students: list[tuple[int, str, bytes | Path]] = []
    for path in _files_in(folder):
        name = str(path.relative_to(folder))
        if path.suffix in (".ipynb", ".pyc"):
            continue
        if name in course_files:
            beside.files[name] = path.read_bytes()
        else:
            students.append((path.stat().st_size, name, path))
    if notebooks is not None:
        for path in _files_in(notebooks):
            source = _without_outputs(path) if path.suffix == ".ipynb" else None
            if source is not None:
                students.append((len(source), str(path.relative_to(notebooks)), source))
    room = _ROOM
    for size, name, contents in sorted(students, key=lambda entry: entry[:2]):
        room -= size
        if room < 0:
            beside.left_out.append(name)
        else:
            beside.files[name] = contents if isinstance(contents, bytes) else contents.read_bytes()
    return beside


def _files_in(path: Path) -> list[Path]:
    if path.is_symlink() or not path.exists():
        return []
    paths = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [p for p in paths if p.is_file() and not p.is_symlink()]


def _without_outputs(path: Path) -> bytes | None:
    """Read a notebook without its outputs; None if it is none."""
    try:
        notebook = json.loads(path.read_bytes())
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return json.dumps(notebook).encode()
