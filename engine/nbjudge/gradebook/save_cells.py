"""nbgrader's step that writes an assignment's cells into the gradebook, in words that help."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveCells as NbgradersSaveCells

from nbjudge.gradebook.cells import change_cells
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.snapshot import take_snapshot
from nbjudge.gradebook.withdrawn import Withdrawals


class CellsChangedError(RuntimeError):
    """Cells were added to an assignment or taken from it that students have handed in."""


class SaveCells(NbgradersSaveCells):
    """nbgrader's own, which names the command for what it refuses, and knows what is withdrawn."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the cells; points of exercises that were withdrawn stay as that left them."""
        nb, resources = super().preprocess(nb, resources)
        name = resources["nbgrader"]["assignment"]
        with Gradebook(resources["nbgrader"]["db_url"]) as gradebook, one_transaction(gradebook):
            withdrawals = Withdrawals.read(gradebook, name)
            if withdrawals.exercises:
                sheets = take_snapshot(gradebook, name)
                saved = resources["nbgrader"]["notebook"]
                released = withdrawals.restored(sheets) | {saved: sheets[saved]}
                withdrawals = withdrawals.renewed(released)
                change_cells(gradebook, name, withdrawals.apply(released))
                withdrawals.write(gradebook, name)
        return nb, resources

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            super()._create_notebook(nb)
        except RuntimeError as error:
            if "Cannot add or remove cells" not in str(error):
                raise
            raise CellsChangedError(self._what_to_do()) from None

    def _what_to_do(self) -> str:
        old = self.old_source_cells | self.old_task_cells
        new = {*self.new_source_cells, *self.new_task_cells}
        kinds = (("added", new - old), ("taken out", old - new))
        what = " and ".join(
            f"{', '.join(sorted(cells))} {'was' if len(cells) == 1 else 'were'} {verb}"
            for verb, cells in kinds
            if cells
        )
        name = self.assignment_id
        told = f"{what or 'cells are of another kind'} since students handed in {name}. "
        if old - new:
            first = sorted(old - new)[0]
            return (
                f"{told}Put {first} back, and take its points out with `nbjudge withdraw {name} "
                f"{first} --points none`"
            )
        return (
            f"{told}`nbjudge regrade {name}` shows who gains and who loses, and writes release, "
            "gradebook and grades together"
        )
