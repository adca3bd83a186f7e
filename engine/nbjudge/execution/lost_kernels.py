"""What happens when a kernel is lost: it is replaced, and the notebook goes on."""

from __future__ import annotations

import copy

import nbformat
from nbformat import NotebookNode

from nbjudge.execution import notebook_judge as judging
from nbjudge.execution.findings import cell_label
from nbjudge.execution.kernels import SandboxedKernels
from nbjudge.execution.limits import KernelLost


class ReplacedKernels(SandboxedKernels):
    """Cells that may lose their kernel: the next one runs the cells before once more."""

    _lost: set[int]
    _needless: frozenset[int]
    _second_try: bool

    async def _run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run a cell in the kernel of now."""
        raise NotImplementedError

    def _is_judged(self, cell: NotebookNode) -> bool:
        """Return whether the judge runs a cell, and not the kernel."""
        raise NotImplementedError

    async def _run_or_fail(self, cell: NotebookNode, index: int) -> int:
        """Run a cell; return how many kernels were lost and replaced.

        A kernel that was lost, and not for a limit, may have been ended by the machine, as for want
        of memory. The first cell of a notebook that loses one is run once more: it is marked down
        only if it does so again.
        """
        lost = await self._loss(cell, index)
        replaced = 0
        if lost is not None and self._may_be_chance(lost):
            self._second_try = True
            replaced = 1 + await self._replay(index)
            if replaced == 1 and self._exhausted() is None:
                again = await self._loss(cell, index)
                if again is None:
                    what = f"{lost.name}: {lost}; run once more, the cell did not end its kernel"
                    self._findings.incidents.append((cell_label(cell, index), what))
                lost = again
        if lost is None:
            return 0
        self._fail(cell, index, lost)
        self._lost.add(index)
        if replaced > 1:  # the replay lost a kernel, too: this cell was not run again
            return replaced
        return replaced + 1 + await self._replay(index)

    async def _loss(self, cell: NotebookNode, index: int) -> KernelLost | None:
        """Run a cell; return how its kernel was lost, if it was."""
        try:
            await self._run_cell(cell, index)
        except KernelLost as lost:
            return lost
        return None

    def _may_be_chance(self, lost: KernelLost) -> bool:
        """Whether a kernel may have been lost by no fault of the cell's."""
        waits = isinstance(lost, judging.TestNotJudged)
        return not (lost.by_limit or waits or self._second_try or self._exhausted())

    async def _replay(self, end: int) -> int:
        """Start a fresh kernel and run the cells so far once more, without those that lost one."""
        for again in range(self.restarts + 1):
            if self._exhausted() is not None:
                break
            await self._stop()
            await self._start()
            self._replaying = True
            try:
                for index, cell in enumerate(self.nb.cells[:end]):
                    runs = cell.cell_type == "code" and cell.source.strip()
                    left_out = self._lost | self._needless
                    if not runs or index in left_out or self._is_judged(cell):
                        continue
                    kept = self.nb.cells[index]
                    try:
                        await self._run_cell(copy.deepcopy(cell), index)
                    finally:
                        self.nb.cells[index] = kept
                return again
            except KernelLost:
                self._lost.add(index)
            finally:
                self._replaying = False
        if self._exhausted() is None:  # the next exercise gets a kernel that lives
            await self._stop()
            await self._start()
        return self.restarts + 1

    def _leave_to_a_person(self, cell: NotebookNode, index: int, reason: str) -> None:
        """Have a test that was neither passed nor failed wait for its points."""
        name = cell_label(cell, index)
        self._findings.incidents.append((name, judging.not_judged(reason)))
        self._findings.waiting.append(name)

    def _fail(self, cell: NotebookNode, index: int, lost: KernelLost) -> None:
        if isinstance(lost, judging.TestNotJudged):
            self._leave_to_a_person(cell, index, str(lost))
        else:
            self._findings.incidents.append((cell_label(cell, index), f"{lost.name}: {lost}"))
        cell.setdefault("outputs", [])
        cell.outputs.append(
            nbformat.v4.new_output(
                "error", ename=lost.name, evalue=str(lost), traceback=[f"{lost.name}: {lost}"]
            )
        )
