"""`SandboxedExecute`: takes the place of nbgrader's ``Execute``.

Answer cells run in a warm, sandboxed kernel; with the judge on, test cells run outside it. What a
cell may use is counted in CPU time; a kernel that is lost is replaced, and the cells so far run
once more without the one that lost it.
"""

from __future__ import annotations

import asyncio
import copy
import re
import secrets
from collections import Counter
from fnmatch import fnmatchcase
from typing import Any

from jupyter_client.manager import KernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from zmq import ZMQError

from nbjudge.execution import notebook_judge as judging
from nbjudge.execution.contracts import contract_key
from nbjudge.execution.figures import is_drawn, name_figures
from nbjudge.execution.findings import KEY, Findings, cell_label
from nbjudge.execution.limits import KernelLost
from nbjudge.execution.lost_kernels import ReplacedKernels
from nbjudge.execution.needless import needless_cell_missed, needless_cells, say_not_run
from nbjudge.execution.partial_credit import settle_points
from nbjudge.execution.placeholders import take_marks_off
from nbjudge.judge.running import TestCell
from nbjudge.sandbox.client import UnreadableMessageError
from nbjudge.sandbox.inside.contract import FIGURES
from nbjudge.untrusted_text import encodable

_JUDGE_OFF = re.compile(r"\s*#\s*judge:\s*off\b", re.IGNORECASE)


class SandboxedExecute(ReplacedKernels):
    """Run a submission's answer cells in a sandbox and, with the judge on, its tests outside."""

    shutdown_kernel = "immediate"

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: KernelManager | None = None
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook; outputs go into its cells."""
        nb = encodable(nb)
        take_marks_off(output for cell in nb.cells for output in cell.get("outputs", []))
        language = nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            if any(map(_is_test, nb.cells)):
                raise ValueError(f"a notebook in {language}: the engine runs Python")
            return nb, {} if resources is None else resources  # to be read, or graded by a person
        fewer = self.runs_fewer_cells
        whole = copy.deepcopy(nb) if fewer else nb
        self._run(nb, resources, km, fewer=fewer)
        if self._needless and needless_cell_missed(nb.cells, self._needless):
            self._run(whole, resources, km, fewer=False)
        self.resources[KEY] = self._findings
        return encodable(self.nb), self.resources

    def _run(
        self, nb: NotebookNode, resources: Any, km: KernelManager | None, *, fewer: bool
    ) -> None:
        """Run a notebook from a fresh start, all of it or without what nobody needs."""
        NotebookClient.__init__(self, nb, km)
        # By nbclient's own tag, a submission could say that its tests are not to be run.
        self.skip_cells_with_tag = secrets.token_hex()
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self._lost: set[int] = set()
        self._second_try = False
        self._findings = Findings()
        self._answered: list[str] = []
        self._begin()
        about, judges = self._about(), self._judges_notebook()
        release = about.release()
        self._excepted, self._plain = set(release.excepted), set(release.plain)
        self._unjudged = (
            not judges
            or any(map(asks_for_no_judge, nb.cells))
            or any(grade_id(cell) in self._excepted for cell in nb.cells)
        )
        self._contracts = about.contracts() if judges else {}
        self._tests = about.judge() if judges else None
        self._needless: frozenset[int] = frozenset()
        if fewer:
            judged = {index for index, cell in enumerate(nb.cells) if self._is_judged(cell)}
            self._needless = needless_cells(nb.cells, self._plain, judged)
        run_sync(self._run_notebook)()

    # -- cells ----------------------------------------------------------------------------------

    async def _run_notebook(self) -> None:
        try:
            await self._start()
            info = self.kc.info_reply["content"].get("language_info", {})
            self.nb.metadata["language_info"] = info
            restarts: Counter[int] = Counter()
            exercise = -1
            for index, cell in enumerate(self.nb.cells):
                if utils.is_solution(cell):
                    exercise = index
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                if index in self._needless:
                    say_not_run(cell)
                    continue
                why_not = self._exhausted()
                if why_not is None and restarts[exercise] > self.restarts:
                    why_not = "too many cells of this exercise failed"
                if why_not is not None:
                    lost = KernelLost("DeadKernelError", f"not run: {why_not}")
                    self._fail(cell, index, lost)
                    continue
                restarts[exercise] += await self._run_or_fail(cell, index)
            self.set_widgets_metadata()
        finally:
            if self._tests is not None:
                self._tests.close()
            await self._stop()

    async def _run_cell(self, cell: NotebookNode, index: int) -> None:
        self._output = 0
        self._watcher: asyncio.Task[Any] | None = None
        self._reason: KernelLost | None = None
        self._unwatched: Exception | None = None
        try:
            if self._is_judged(cell):
                await self._judge_cell(cell, index)
            else:
                drawn = not self._replaying and is_drawn(cell, self.figures, self._plain)
                self.kc.session.metadata = {FIGURES: drawn}
                await self.async_execute_cell(cell, index)
                if not drawn and self.figures == "changed":
                    name_figures(cell)
                if not self._replaying:
                    self._answered.append(cell.source)
        except KernelLost:
            raise
        except (UnreadableMessageError, DeadKernelError, ZMQError) as error:
            # What a student's kernel sends, or fails to send. Any other error is the engine's own,
            # or a library's, and must not become a mark.
            if self._unwatched is not None:
                raise self._unwatched from error
            raise self._reason or KernelLost(
                "DeadKernelError", f"the kernel cannot be understood ({type(error).__name__})"
            ) from error
        except Exception as error:
            if self._unwatched is not None:
                raise self._unwatched from error
            if self._reason is not None:  # the kernel was ended while something read from it
                raise self._reason from error
            raise
        finally:
            if self._watcher is not None:
                self._watcher.cancel()
            if self._watching is not None:
                self._spent += self._watching.spent()
                self._watching = None
            room = self._room()
            if not self._replaying:
                self._all_output += self._output
        if self._reason is not None:
            raise self._reason
        if self._printed() > room:  # it ended before anybody looked
            raise KernelLost("OutputLimitError", f"more than {room} bytes of output")
        if utils.is_grade(cell):
            for output in cell.outputs:
                # nbgrader takes anything on stderr for a failure; a warning is none.
                if output.output_type == "stream":
                    output.name = "stdout"
            if _is_test(cell) and not self._replaying:
                self._settle_points(cell, index)

    def _settle_points(self, cell: NotebookNode, index: int) -> None:
        doubt = settle_points(cell)
        if doubt is not None:
            what, waits = doubt
            self._findings.incidents.append((cell_label(cell, index), what))
            if waits:
                self._findings.waiting.append(cell_label(cell, index))

    def _judges_notebook(self) -> bool:
        names = self.resources.get("nbgrader", {})
        name = f"{names.get('assignment', '')}/{names.get('notebook', '')}"
        return self.judge and not any(fnmatchcase(name, pattern) for pattern in self.judge_off)

    def _is_judged(self, cell: NotebookNode) -> bool:
        excepted = asks_for_no_judge(cell) or grade_id(cell) in self._excepted
        return self._tests is not None and _is_test(cell) and not excepted

    async def _judge_cell(self, cell: NotebookNode, index: int) -> None:
        assert self._tests is not None  # as `_is_judged` says
        cell.outputs = []
        cell.metadata["execution"] = {}
        request = self.kc.session.msg("judge_request", {})
        self.kc.shell_channel.send(request)
        printed = asyncio.ensure_future(
            self._async_poll_output_msg(request["header"]["msg_id"], cell, index)
        )
        self._judging = True
        try:
            verdict = await self._tests.verdict(
                self._test_cell(cell), self._provisioner(), self._watch, self._stop
            )
            if self.records and verdict["contract"] and verdict["status"] == "ok":
                self._findings.contracts[contract_key(cell)] = verdict["contract"]
            if verdict["line"]:
                # The verdict stands, whatever of what the student's code has printed is late.
                await asyncio.wait({printed}, timeout=self.iopub_timeout)
                if printed.done():
                    printed.result()
        finally:
            self._judging = False
            printed.cancel()
        self.code_cells_executed += 1
        cell["execution_count"] = self.code_cells_executed
        cell.outputs += judging.outputs(verdict, self.code_cells_executed)
        if not verdict["line"]:
            if verdict["unjudged"] is not None:
                raise judging.TestNotJudged(verdict["unjudged"])
            raise KernelLost(verdict["ename"], verdict["evalue"])
        if verdict["unjudged"] is not None:
            self._leave_to_a_person(cell, index, verdict["unjudged"])

    def _test_cell(self, cell: NotebookNode) -> TestCell:
        contract = self._contracts.get(contract_key(cell))
        answered, self._answered = self._answered, []
        return TestCell(cell.source, contract, self.records, tuple(answered))


def asks_for_no_judge(cell: NotebookNode) -> bool:
    """Return whether a test cell begins with ``# judge: off``.

    The source of a test is restored from the gradebook. A tag of a submission's cell would be the
    student's: tags are read in the assignment's source (`nbjudge.judge.release.Release.excepted`).
    """
    return _is_test(cell) and _JUDGE_OFF.match(cell.source) is not None


def grade_id(cell: NotebookNode) -> str | None:
    """Return what nbgrader knows a cell by, if it does."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")  # type: ignore[no-any-return]


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
