"""Whether a student's feedback shows anything else than before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateFeedback
from traitlets.config import Config

from nbjudge.feedback.generate import shown_state
from nbjudge.feedback.preprocessors import HideTests
from nbjudge.gradebook.steps import resolve


class SamePage:
    """Tells whether two autograded folders of a student make the same feedback, points aside.

    Parameters
    ----------
    config : Config
        The course's settings.
    """

    def __init__(self, config: Config) -> None:
        steps = map(resolve, GenerateFeedback(config=config).preprocessors)
        self._hide = HideTests(config=config) if HideTests in steps else None

    def __call__(self, before: Path, after: Path) -> bool:
        """Compare the two."""
        old, new = (sorted(folder.glob("*.ipynb")) for folder in (before, after))
        if [path.name for path in old] != [path.name for path in new]:
            return False
        pairs = zip(old, new, strict=True)
        return all(self._visible(one) == self._visible(other) for one, other in pairs)

    def _visible(self, path: Path) -> list[Any]:
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        if self._hide is not None:
            notebook, _ = self._hide.preprocess(notebook, {})
        return [
            (cell.cell_type, cell.source, cell.get("outputs"), _marks(cell))
            for cell in notebook.cells
        ]


def _marks(cell: Any) -> tuple[Any, ...]:
    marks = cell.metadata.get("nbgrader", {})
    return tuple(marks.get(name) for name in ("grade_id", "grade", "solution", "task"))


def shown_now(converter: Autograde, gradebook: Gradebook, student: str) -> str:
    """Return a fingerprint of all that a student's feedback would show now."""
    name = converter.coursedir.assignment_id
    folder = Path(converter._format_dest(name, student))
    return shown_state(gradebook, name, student, sorted(folder.glob("*.ipynb")))
