"""Grade an instructor's own notebooks with the judge and without, and compare cell by cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from traitlets.config import Config

from nbjudge.execution.contracts import run_source
from nbjudge.execution.findings import findings_in

_OFF = (
    "let it run in the student's process, in the sandbox: `# judge: off` as its first line, or the "
    "tag judge-off"
)
_REMEDIES = (
    (
        r"argument cannot be handed over",
        "make the object in a cell of the notebook and let the test call it by name, or pass plain "
        f"data; or {_OFF}",
    ),
    (
        r"is a module of the submission|cannot import it",
        "call its functions by names that the notebook imports, or put the file into the "
        f"assignment's folder in source/; or {_OFF}",
    ),
    (
        r"is a module that no cell of the instructor imports",
        "import it in a cell of the notebook under this name",
    ),
    (r"is IPython's", f"ask for what the answers define, by its name; or {_OFF}"),
    (
        r"more than \S+ CPU seconds",
        "let the test do less, or raise c.SandboxedExecute.cpu_seconds",
    ),
    (
        r"of (the )?bytes|bytes, more than|bytes of text",
        "let the test ask for less, or raise c.SandboxedExecute.value_size",
    ),
)


@dataclass(frozen=True)
class Difference:
    """A test cell that would not do with the judge what it does without.

    Attributes
    ----------
    notebook, cell : str
        Where it is.
    without, judged : str
        What comes of it without the judge and with it.
    reason : str
        Why, in a line.
    remedy : str
        What to do.
    """

    notebook: str
    cell: str
    without: str
    judged: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class _Outcome:
    """What came of a test cell: "passes", "fails" or "waits for a person", and why."""

    word: str
    points: float | None
    reason: str


def check_notebook(
    path: Path, config: Config, root: str
) -> tuple[int, list[Difference], dict[str, dict[str, Any]]]:
    """Grade one of the instructor's notebooks in both ways.

    Parameters
    ----------
    path : Path
        The notebook, in the assignment's folder in source.
    config : Config
        The course's settings.
    root : str
        The course's folder.

    Returns
    -------
    tests : int
        How many test cells it has.
    differences : list of Difference
        Those that fail without the judge, or come out otherwise with it.
    contracts : dict
        By test cell, what objects it is handed.
    """
    without = _outcomes(*run_source(path, config, root, judge=False))
    recorded, contracts = _recorded(path, config, root)
    judged = _outcomes(*run_source(path, config, root, contracts=contracts, released={}))
    found = []
    for name, off in without.items():
        on = judged[name]
        if off.word != "passes":
            found.append(
                Difference(
                    path.stem,
                    name,
                    off.word,
                    on.word,
                    off.reason,
                    "mend the answer or the test: the instructor's own notebook must pass",
                )
            )
        elif (on.word, on.points) != (off.word, off.points):
            first = recorded.get(name, on)
            # Where the recording itself failed there is no contract, which says nothing of why.
            reason = (on if first.word == "passes" else first).reason
            reason = reason or f"{on.points:g} points and not {off.points:g}"
            found.append(Difference(path.stem, name, off.word, on.word, reason, _remedy(reason)))
    return len(without), found, contracts.get(path.stem, {})


def _recorded(
    path: Path, config: Config, root: str
) -> tuple[dict[str, _Outcome], dict[str, dict[str, dict[str, Any]]]]:
    """Run a notebook for its contracts; return what came of its tests then, and the contracts."""
    try:
        notebook, resources = run_source(path, config, root, records=True)
    except Exception:  # as in `nbjudge.execution.contracts.record`: then there are none
        return {}, {}
    return _outcomes(notebook, resources), {path.stem: findings_in(resources).contracts}


def _outcomes(notebook: NotebookNode, resources: Any) -> dict[str, _Outcome]:
    findings = findings_in(resources)
    incidents = dict(findings.incidents)
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            continue
        name = cell.metadata.nbgrader.grade_id
        points, most = utils.determine_grade(cell)
        errors = [o for o in cell.outputs if o.output_type == "error"]
        reason = _first_line(_said(errors[0])) if errors else ""
        if name in findings.waiting:
            why = incidents.get(name, reason)
            why = why.removeprefix("the judge could not run this test: ").split(". The cell")[0]
            found[name] = _Outcome("waits for a person", points, _first_line(why))
        elif errors or (most and not points):
            found[name] = _Outcome("fails", points, reason or "no points")
        else:
            found[name] = _Outcome("passes", points, "")
    return found


def _said(error: NotebookNode) -> str:
    """Say what an error says; of one without words, which line of the test it is of."""
    if error.evalue.strip():
        return f"{error.ename}: {error.evalue}"
    lines = re.findall(r'File "<test cell.*\n\s+(.*)', "".join(error.traceback))
    return f"{error.ename}: {lines[-1]}" if lines else str(error.ename)


def _first_line(text: str) -> str:
    return " ".join(text.split())[:300]


def _remedy(reason: str) -> str:
    found = (remedy for pattern, remedy in _REMEDIES if re.search(pattern, reason))
    return next(found, _OFF)
