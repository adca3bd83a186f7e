"""Run the instructor's own notebooks, to learn what objects their answers hand to tests.

That is done once for each version of an assignment's source and kept in the course's folder, in
``.nbjudge/contracts``. `nbjudge.judge.contract` says what is learned and what it is for.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

import nbjudge
from nbjudge.execution.findings import findings_in
from nbjudge.execution.objects_in_sight import may_hand_objects
from nbjudge.judge.client import JUDGES
from nbjudge.judge.course import Course
from nbjudge.sandbox.pool import close_sandboxes

Contracts = dict[str, dict[str, dict[str, Any]]]
"""By notebook and test cell, what `nbjudge.judge.contract.Contract.as_data` returned."""

_FOLDER = ".nbjudge"


def contract_key(cell: NotebookNode) -> str:
    """Return by what the contract of a test cell is known: it holds for this source alone."""
    digest = hashlib.sha256(cell.source.encode()).hexdigest()[:16]
    return f"{cell.metadata.get('nbgrader', {}).get('grade_id')}:{digest}"


def contracts_of(source: Path, config: Config, root: str, *, apart: bool = False) -> Contracts:
    """Return the contracts of an assignment's test cells.

    Parameters
    ----------
    source : Path
        The assignment's folder in the course's source.
    config : Config
        The course's settings.
    root : str
        The course's folder.
    apart : bool, default False
        Run the notebooks in a process of their own, with sandboxes of its own: this one will be
        forked.

    Returns
    -------
    dict
        By notebook and test cell. Without those of a notebook that cannot be run.
    """
    version, kept = _version(source, config, root), _kept(source, root)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads(kept.read_bytes())
        if data["version"] == version:
            return data["contracts"]  # type: ignore[no-any-return]
    notebooks = [path for path in sorted(source.glob("*.ipynb")) if may_hand_objects(path, root)]
    if not notebooks:
        return {}
    found = (_record_apart if apart else record)(notebooks, config, root)
    keep_contracts(found, source, config, root)
    return found


def keep_contracts(found: Contracts, source: Path, config: Config, root: str) -> None:
    """Keep the contracts of an assignment for the gradings of this version of its source."""
    text = json.dumps({"version": _version(source, config, root), "contracts": found})
    with contextlib.suppress(OSError):  # then they are made again next time
        _write(_kept(source, root), text)


def record(notebooks: Iterable[Path], config: Config, root: str) -> Contracts:
    """Run the instructor's notebooks, and return what their answers handed to the tests."""
    found: Contracts = {}
    for path in notebooks:
        with contextlib.suppress(Exception):  # then its tests have no contract, and say so
            _, resources = run_source(path, config, root, records=True)
            found[path.stem] = findings_in(resources).contracts
    return found


def run_source(
    path: Path,
    config: Config,
    root: str,
    *,
    records: bool = False,
    judge: bool = True,
    **traits: Any,
) -> tuple[NotebookNode, Any]:
    """Run one of the instructor's own notebooks as a submission is run.

    Their answers may use the course's library, which a submission does not see.

    Parameters
    ----------
    path : Path
        The notebook, in the assignment's folder.
    config : Config
        The course's settings.
    root : str
        The course's folder.
    records : bool, default False
        Note what objects the tests are handed.
    judge : bool, default True
        Have the test cells judged, but those that are excepted.
    **traits
        More settings of `nbjudge.execution.execute.SandboxedExecute`.

    Returns
    -------
    notebook : NotebookNode
        With its outputs.
    resources : dict
        With the findings.
    """
    from nbjudge.execution.execute import SandboxedExecute  # which asks for contracts itself

    settings = copy.deepcopy(config)
    shared = SandboxedExecute(config=config).shared
    library = [os.path.relpath(name, root) for name in Course(root).library()]
    # In the configuration: a notebook's client reads it once more before it runs one.
    settings.SandboxedExecute.update(
        course_root=root, judge=judge, shared=sorted({*shared, *library}), **traits
    )
    settings.CourseDirectory.root = root
    step = SandboxedExecute(config=settings)
    step.records, step.shares = records, True
    resources = {
        "metadata": {"path": str(path.parent)},
        "nbgrader": {"assignment": path.parent.name, "notebook": path.stem},
    }
    return step.preprocess(nbformat.read(path, as_version=4), resources)


def _record_apart(notebooks: list[Path], config: Config, root: str) -> Contracts:
    """Run the notebooks in a forked process."""
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def work() -> None:
        try:
            theirs.send(record(notebooks, config, root))
        finally:
            close_sandboxes()
            JUDGES.close()
            sys.stdout.flush()

    process = context.Process(target=work)
    process.start()
    theirs.close()
    try:
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError:
        return {}
    finally:
        ours.close()
        process.join()


def _kept(source: Path, root: str) -> Path:
    return Path(root) / _FOLDER / "contracts" / f"{source.name}.json"


def _version(source: Path, config: Config, root: str) -> str:
    """Return what tells this version of an assignment, and of all that its run depends on."""
    digest = hashlib.sha256(f"{nbjudge.__version__} {sys.version}".encode())
    settings = config.get("SandboxedExecute", {})
    known = {k: v for k, v in settings.items() if k not in ("released", "contracts", "preload")}
    digest.update(repr(sorted(known.items(), key=lambda item: item[0])).encode())
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(source)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name in Course(root).library():
        for path in sorted([Path(name), *Path(name).rglob("*.py")]):
            with contextlib.suppress(OSError):
                status = path.stat()
                digest.update(f"{path} {status.st_mtime_ns} {status.st_size}\0".encode())
    return digest.hexdigest()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ignore = path.parents[1] / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)
