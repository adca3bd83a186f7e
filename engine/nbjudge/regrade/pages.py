"""Whether a student's feedback shows anything else than before."""

from __future__ import annotations

import json
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
        return all(self._same(one, other) for one, other in zip(old, new, strict=True))

    def _same(self, before: Path, after: Path) -> bool:
        old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
        if len(old["cells"]) != len(new["cells"]):
            return False
        # Most cells are the same byte for byte; the others are read as a page reads them.
        pairs = zip(old["cells"], new["cells"], strict=True)
        differing = [pair for pair in pairs if _in_file(pair[0]) != _in_file(pair[1])]
        old["cells"], new["cells"] = ([pair[side] for pair in differing] for side in (0, 1))
        return self._visible(old) == self._visible(new)

    def _visible(self, data: dict[str, Any]) -> list[Any]:
        notebook = nbformat.v4.to_notebook_json(data)
        if self._hide is not None:
            notebook, _ = self._hide.preprocess(notebook, {})
        return [
            (cell.cell_type, cell.source, cell.get("outputs"), _marks(cell))
            for cell in notebook.cells
        ]


def _in_file(cell: dict[str, Any]) -> tuple[Any, ...]:
    """Return all of a cell that a page may be made of, as it stands in the file."""
    names = ("cell_type", "source", "outputs")
    return (*(cell.get(name) for name in names), cell["metadata"].get("nbgrader"))


def _marks(cell: Any) -> tuple[Any, ...]:
    marks = cell.metadata.get("nbgrader", {})
    return tuple(marks.get(name) for name in ("grade_id", "grade", "solution", "task"))


def shown_now(converter: Autograde, gradebook: Gradebook, student: str) -> str:
    """Return a fingerprint of all that a student's feedback would show now."""
    name = converter.coursedir.assignment_id
    folder = Path(converter._format_dest(name, student))
    return shown_state(gradebook, name, student, sorted(folder.glob("*.ipynb")))
