"""Read what the instructor's own notebook says of names, and which files are the instructor's."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from nbjudge.gradebook.snapshot import NotebookSnapshot
from nbjudge.judge.contract import FIGURES
from nbjudge.judge.course import NotebookFiles
from nbjudge.judge.release import Kind, Release, read_release

_TAG = re.compile(r"judge(:\s*|-)off", re.IGNORECASE)


def kind_of(cell: NotebookNode) -> Kind:
    """Say whose a code cell is: students write answers, and may change what is not locked."""
    if utils.is_solution(cell):
        return "answer"
    if utils.is_grade(cell):
        return "test"
    return "locked" if utils.is_locked(cell) else "plain"


def read_source(folder: Path) -> dict[str, Release]:
    """Read the notebooks of an assignment's source.

    Parameters
    ----------
    folder : Path
        The assignment's folder in the course's source.

    Returns
    -------
    dict of str to Release
        By the notebook's name, those that can be read.
    """
    released = {}
    for path in sorted(folder.glob("*.ipynb")):
        status = path.stat()
        release = _read_notebook(str(path), status.st_mtime_ns, status.st_size)
        if release is not None:
            released[path.stem] = release
    return released


@functools.lru_cache(maxsize=100)
def _read_notebook(path: str, _changed: int, _size: int) -> Release | None:
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception:  # nbformat raises whatever it meets; grading does without
        return None
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    release = read_release((kind_of(cell), cell.source) for cell in cells)
    plain = [digest(c.source.encode()) for c in cells if kind_of(c) in ("plain", "locked")]
    return replace(release, excepted=_excepted(cells), plain=plain)


def _excepted(cells: Iterable[NotebookNode]) -> list[str]:
    """Name the test cells that a tag excepts from the judge."""
    return [
        str(cell.metadata.nbgrader.grade_id)
        for cell in cells
        if kind_of(cell) == "test"
        and any(_TAG.fullmatch(str(tag)) for tag in cell.metadata.get("tags", []))
    ]


def read_snapshot(sheet: NotebookSnapshot) -> Release:
    """Read what the gradebook keeps: test cells, locked cells and what students were given."""
    points = {cell.name for cell in sheet.grade_cells}
    answers = {cell.name for cell in sheet.solution_cells}

    def kind(name: str) -> Kind:
        return "answer" if name in answers else "test" if name in points else "locked"

    cells = [c for c in sheet.source_cells if c.cell_type == "code"]
    return read_release(((kind(c.name), c.source) for c in cells), known=False)


def read_trusted_cells(notebook: NotebookNode) -> Release:
    """Read the cells of a submission that were restored, where there is nothing else to read."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kinds = [(kind_of(cell), cell.source) for cell in cells]
    return read_release(
        [(kind, source) for kind, source in kinds if kind in ("test", "locked")], known=False
    )


def modules_to_preload(
    releases: Iterable[Mapping[str, Any]],
    preload: Iterable[str],
    contracts: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """List the modules that tests use, of packages that the course's kernels have imported."""
    packages = {name.split(".")[0] for name in preload}
    wanted = {name for release in releases for name in release.get("modules", [])}
    cells = [cell for notebook in contracts.values() for cell in notebook.values()]
    if any(FIGURES & set(kinds) for cell in cells for kinds in cell["kinds"].values()):
        wanted |= {"matplotlib.pyplot", "nbjudge.wire.figure_codecs"}
        packages |= {"matplotlib", "nbjudge"}
    return sorted(name for name in wanted if name.split(".")[0] in packages)


def digest(data: bytes) -> str:
    """Return by what a file of the assignment is known again."""
    return hashlib.sha256(data).hexdigest()


def read_files(source: Path | None) -> dict[str, str]:
    """Return the digests of an assignment's files, by path relative to its folder.

    Parameters
    ----------
    source : Path or None
        The assignment's folder in the course's source.
    """
    if source is None:
        return {}
    files = [path for path in source.rglob("*") if path.is_file() and path.suffix != ".ipynb"]
    return {str(path.relative_to(source)): digest(path.read_bytes()) for path in files}


def find_files(folder: str, source: Mapping[str, str]) -> NotebookFiles:
    """Tell the instructor's files from a submission's.

    Parameters
    ----------
    folder : str
        Where the notebook lies that is graded.
    source : mapping of str to str
        As of `read_files`.

    Returns
    -------
    NotebookFiles
        A file is the instructor's if it is, byte for byte, the one of the source.
    """
    files = NotebookFiles()
    if not folder:
        return files
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.suffix in (".ipynb", ".pyc") or path.is_symlink() or not path.is_file():
                continue
            relative = str(path.relative_to(folder))
            if relative in source:
                data = path.read_bytes()
                if digest(data) == source[relative]:
                    files.instructor[relative] = data
                    continue
            files.submitted[relative] = path
    return files
