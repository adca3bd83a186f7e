"""nbgrader's step that writes an assignment's cells into the gradebook, in words that help."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import SaveCells as NbgradersSaveCells


class CellsChangedError(RuntimeError):
    """Cells were added to an assignment or taken from it that students have handed in."""


class SaveCells(NbgradersSaveCells):
    """nbgrader's own, which names the command for what it refuses."""

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
