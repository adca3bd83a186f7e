"""Run the instructor's own notebooks, to learn what objects their answers hand to tests.

That is done once for each version of an assignment's source and kept in the course's folder, in
``.nbjudge/contracts``. `nbjudge.judge.contract` says what is learned and what it is for.
"""

from __future__ import annotations

import ast
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
from nbgrader import utils
from traitlets.config import Config

import nbjudge
from nbjudge.execution.findings import findings_in
from nbjudge.judge.client import JUDGES, Course
from nbjudge.judge.release import plain_python
from nbjudge.sandbox.pool import close_sandboxes

Contracts = dict[str, dict[str, dict[str, Any]]]
"""By notebook and test cell, what `nbjudge.judge.contract.Contract.as_data` returned."""

_FOLDER = ".nbjudge"
_PLAIN_PACKAGES = frozenset(
    {"numpy", "math", "cmath", "random", "typing", "collections", "itertools", "fractions"}
    | {"decimal", "statistics", "string", "operator", "json", "re", "time", "datetime", "pandas"}
    | {"warnings", "__future__", "sys", "os", "functools", "copy"}
)
"""Packages whose values cross, or which make none that an answer returns."""
_LAZY = frozenset({"iter", "map", "zip", "filter", "enumerate", "reversed", "open", "object"})


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
    notebooks = [path for path in sorted(source.glob("*.ipynb")) if _may_hand_objects(path)]
    if not notebooks:
        return {}
    version = _version(source, config, root)
    kept = Path(root) / _FOLDER / "contracts" / f"{source.name}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads(kept.read_bytes())
        if data["version"] == version:
            return data["contracts"]  # type: ignore[no-any-return]
    found = (_record_apart if apart else record)(notebooks, config, root)
    with contextlib.suppress(OSError):  # it is made again next time
        _keep(kept, json.dumps({"version": version, "contracts": found}))
    return found


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


def _may_hand_objects(path: Path) -> bool:
    """Whether a notebook's code can make anything that does not cross by value, by its looks."""
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # nbformat raises whatever it meets; what is no notebook has no tests
        return False
    code = [cell for cell in cells if cell.cell_type == "code"]
    if not any(utils.is_grade(cell) and not utils.is_solution(cell) for cell in code):
        return False
    answers = [cell.source for cell in code if not utils.is_grade(cell) or utils.is_solution(cell)]
    return any(map(_makes_objects, answers))


def _makes_objects(source: str) -> bool:
    try:
        tree = ast.parse(plain_python(source))
    except (SyntaxError, ValueError, RecursionError):
        return True
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.Yield, ast.YieldFrom, ast.AsyncFunctionDef)):
            return True
        if isinstance(node, (ast.Return, ast.Assign)) and isinstance(node.value, ast.GeneratorExp):
            return True
        if isinstance(node, ast.Name) and node.id in _LAZY:
            return True
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        if any(name.split(".")[0] not in _PLAIN_PACKAGES for name in names):
            return True
    return False


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


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ignore = path.parents[1] / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)
