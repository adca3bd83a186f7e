"""What students get to read: what went wrong, and not what was asked."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor


class HideTests(NbGraderPreprocessor):
    """Take hidden tests, and tracebacks through any test, out of what becomes feedback.

    Stands first in ``c.GenerateFeedback.preprocessors``. Messages of failed checks stay, and so
    does everything in the student's own cells.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Clean every test cell of a notebook."""
        hidden = ClearHiddenTests(parent=self)
        for cell in nb.cells:
            if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
                continue
            hidden._remove_hidden_test_region(cell)
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return nb, resources
