"""What students get to read: what went wrong, and not what was asked."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets import Set, Unicode
from traitlets.config import Config


class HideTests(Preprocessor):
    """Take hidden tests, mark schemes and tracebacks through tests out of what becomes feedback.

    Stands first in ``c.GenerateFeedback.preprocessors``. Messages of failed checks stay, and so
    does everything in the student's own cells.
    """

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean every test cell and every task of a notebook."""
        # nbgrader's steps warn of a setting of the exporter, which they do not know.
        config = Config({k: v for k, v in self.config.items() if k != "NbConvertBase"})
        hidden, scheme = ClearHiddenTests(config=config), ClearMarkScheme(config=config)
        for cell in nb.cells:
            if utils.is_task(cell):
                scheme._remove_mark_scheme_region(cell)
            if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
                continue
            asked = _lines(cell.source)
            hidden._remove_hidden_test_region(cell)
            asked -= _lines(cell.source)
            for output in cell.outputs:
                if output.output_type == "stream":
                    # A warning quotes the line that gave rise to it.
                    lines = output.text.splitlines(keepends=True)
                    output.text = "".join(line for line in lines if line.strip() not in asked)
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return nb, resources


class LeaveOutCode(Preprocessor):
    """Leave the code of some cells out of what becomes feedback, and show what they put out.

    A notebook's author tags cells whose code a reader need not see, such as those that draw a
    figure. A cell of the student's, a test and a task are shown whatever their tags: tags are what
    a submission says of itself.
    """

    enabled = True
    tags = Set(
        Unicode(),
        {"hide-input", "remove-input"},
        help="The tags of cells whose code is left out of feedback; Jupyter Book's by default.",
    ).tag(config=True)

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, index: int
    ) -> tuple[NotebookNode, Any]:
        """Mark a cell for nbconvert's templates."""
        graded = utils.is_solution(cell) or utils.is_grade(cell) or utils.is_task(cell)
        tagged = self.tags.intersection(cell.metadata.get("tags", []))
        if cell.cell_type == "code" and tagged and not graded:
            cell.metadata["transient"] = {"remove_source": True}
        return cell, resources


def _lines(source: str) -> set[str]:
    return {line.strip() for line in source.splitlines() if line.strip()}
