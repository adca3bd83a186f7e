"""A submission with known marks, graded before each batch: does this machine grade rightly?"""

from __future__ import annotations

import copy
from dataclasses import replace

import nbformat
from nbgrader.utils import compute_checksum

from nbjudge.batch.grade_one import grade_submission
from nbjudge.batch.job import Job, Result
from nbjudge.execution.selftest import KNOWN_POINTS, known_notebook
from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell, SourceCell

_NAME = "self-test"
_STEPS = {
    "sanitize_preprocessors": [
        "nbgrader.preprocessors.ClearOutput",
        "nbjudge.gradebook.restore.RestoreCells",
    ],
    "autograde_preprocessors": [
        "nbjudge.execution.execute.SandboxedExecute",
        "nbgrader.preprocessors.SaveAutoGrades",
    ],
}


def grade_known_submission(job: Job) -> Result:
    """Grade the known submission with the settings of a batch, and nbgrader's own steps."""
    cells = [cell for cell in known_notebook().cells if "nbgrader" in cell.metadata]
    graded = [cell.metadata.nbgrader for cell in cells if cell.metadata.nbgrader.grade]
    sheet = NotebookSnapshot(
        name=_NAME,
        kernelspec=None,
        source_cells=tuple(
            SourceCell(c.metadata.nbgrader.grade_id, "code", c.source, compute_checksum(c), True)
            for c in cells
        ),
        grade_cells=tuple(PointsCell(known.grade_id, known.points) for known in graded),
        solution_cells=(),
        task_cells=(),
    )
    config = copy.deepcopy(job.config)
    config.Autograde.update(_STEPS)
    known = replace(
        job,
        assignment=_NAME,
        sheets={_NAME: sheet},
        gradebook=None,
        source={},
        config=config,
        notebooks="*",
    )
    files = {f"{_NAME}.ipynb": nbformat.writes(known_notebook()).encode()}
    return grade_submission(known, _NAME, files)


def wrong_marks(result: Result) -> str | None:
    """Say what is wrong with the marks of the known submission, if anything."""
    if result.error is not None:
        return result.error
    got = result.scores.get(_NAME, {})
    wrong = [
        f"{cell} got {got.get(cell)} and not {points:g} points"
        for cell, points in KNOWN_POINTS.items()
        if got.get(cell) != points
    ]
    lost = [f"{cell}: {what}" for _, cell, what in result.incidents]
    return "; ".join([*wrong, *lost]) or None
