"""`SandboxedExecute`: takes the place of nbgrader's ``Execute``.

Answer cells run in a warm, sandboxed kernel; with the judge on, test cells run outside it. What a
cell may use is counted in CPU time; a kernel that is lost is replaced, and the cells so far run
once more without the one that lost it.
"""

from __future__ import annotations

import asyncio
import copy
import os
import re
import secrets
import time
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config import Config
from zmq import ZMQError

from nbjudge.execution import notebook_judge as judging
from nbjudge.execution.contracts import contract_key, contracts_of
from nbjudge.execution.figures import is_drawn, name_figures
from nbjudge.execution.files_beside import collect_files
from nbjudge.execution.findings import KEY, Findings, cell_label
from nbjudge.execution.limits import CellLimits, CellWatch, KernelLost
from nbjudge.execution.partial_credit import settle_points
from nbjudge.execution.released import (
    find_files,
    modules_to_preload,
    read_files,
    read_source,
    read_trusted_cells,
)
from nbjudge.execution.settings import ExecutionSettings
from nbjudge.judge.client import JUDGES, Course, JudgeLimits, RunningJudge, TestCell
from nbjudge.judge.release import Release
from nbjudge.sandbox.inside.contract import FIGURES, KernelLimits
from nbjudge.sandbox.pool import warm_up
from nbjudge.sandbox.provisioner import UnreadableMessageError, WarmKernelManager
from nbjudge.sandbox.sandbox import pack_files
from nbjudge.untrusted_text import encodable
from nbjudge.wire.frames import Limits

_JUDGE_OFF = re.compile(r"\s*#\s*judge:\s*off\b", re.IGNORECASE)
_LARGEST_MESSAGE = 8 << 20
"""A message of a kernel has room for all output that a cell may have, and for what goes with it."""


class SandboxedExecute(ExecutionSettings, Execute):
    """Run a submission's answer cells in a sandbox and, with the judge on, its tests outside."""

    shutdown_kernel = "immediate"
    records = False
    """Whether this is the run of the instructor's own notebook, which makes the contracts."""
    shares = False
    """Whether kernels get what is shared although the judge runs every test."""

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: KernelManager | None = None
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook; outputs go into its cells."""
        nb = encodable(nb)
        NotebookClient.__init__(self, nb, km)
        # By nbclient's own tag, a submission could say that its tests are not to be run.
        self.skip_cells_with_tag = secrets.token_hex()
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self._lost: set[int] = set()
        self._findings = Findings()
        self._packed: bytes | None = None
        release = self._release()
        self._excepted, self._plain = set(release.excepted), set(release.plain)
        self._unjudged = (
            not self._judges_notebook()
            or any(map(asks_for_no_judge, nb.cells))
            or any(grade_id(cell) in self._excepted for cell in nb.cells)
        )
        self._contracts = self._known_contracts()
        self._tests = self._notebook_judge() if self._judges_notebook() else None
        self._judging = self._replaying = False
        self._output = self._all_output = 0
        self._spent, self._began = 0.0, time.monotonic()
        self._watching: CellWatch | None = None
        language = nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            raise ValueError(f"a notebook in {language}: the engine runs Python")
        run_sync(self._run_notebook)()
        self.resources[KEY] = self._findings
        return encodable(self.nb), self.resources

    @classmethod
    def warm_up(cls, config: dict, root: str) -> None:
        """Start this process's sandbox and judge, and do not wait for them."""
        own = cls(config=Config(config), course_root=root)
        if own.judge:
            JUDGES.server(own._course())
        warm_up(isolated=own.sandbox, preload=own.preload, python=own.python)

    # -- kernels --------------------------------------------------------------------------------

    def create_kernel_manager(self) -> KernelManager:
        """Make the manager of a warm kernel, whatever kernel the notebook names."""
        environment = {k: v for k, v in os.environ.items() if k == "NBGRADER_EXECUTION"}
        self.km = WarmKernelManager(
            provision={
                "isolated": self.sandbox,
                "preload": self.preload,
                "python": self.python,
                "limits": KernelLimits(self.memory, self.processes, self.file_size, self.disk),
                "files": self._files(),
                "environment": environment,
            },
            largest_message=max(_LARGEST_MESSAGE, 2 * self.output_size),
        )
        return self.km

    def _folder(self) -> str:
        return self.resources.get("metadata", {}).get("path") or ""

    def _files(self) -> bytes:
        """Pack the files beside the notebook, and those that the course shares."""
        folder = self._folder()
        if self._packed is None:
            shares = self._unjudged or self.shares
            root, shared = Path(self._root()), self.shared if shares else []
            beside = collect_files(
                Path(folder) if folder else Path(os.devnull),
                self._source_files(),
                self._handed_in(),
                [(root, name) for name in shared],
            )
            if beside.left_out:
                what = f"no room for these files beside it: {', '.join(beside.left_out[:10])}"
                self._findings.incidents.append(("the notebook", what))
            self._packed = pack_files(beside.files)
        return self._packed

    def _handed_in(self) -> Path | None:
        """Return the folder with what the student handed in, if this is a submission."""
        names = self.resources.get("nbgrader", {})
        if not names.get("student") or not names.get("assignment"):
            return None
        course = CourseDirectory(config=self.config)
        place = course.submitted_directory, names["student"], names["assignment"]
        folder = Path(course.format_path(*place))
        return folder if folder.is_dir() else None

    async def _start(self) -> None:
        self.create_kernel_manager()
        await self.async_start_new_kernel()
        await self.async_start_new_kernel_client()

    async def _stop(self) -> None:
        if self.km is not None:
            await self._async_cleanup_kernel()

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
                why_not = self._exhausted()
                if why_not is None and restarts[exercise] > self.restarts:
                    why_not = "too many cells of this exercise failed"
                if why_not is not None:
                    lost = KernelLost("DeadKernelError", f"not run: {why_not}")
                    self._fail(cell, index, lost)
                    continue
                try:
                    await self._run_cell(cell, index)
                except KernelLost as lost:
                    self._fail(cell, index, lost)
                    self._lost.add(index)
                    restarts[exercise] += 1 + await self._replay(index)
            self.set_widgets_metadata()
        finally:
            if self._tests is not None:
                self._tests.close()
            await self._stop()

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
                    if not runs or index in self._lost or self._is_judged(cell):
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
        return self.restarts + 1

    async def _run_cell(self, cell: NotebookNode, index: int) -> None:
        self._output = 0
        self._watcher: asyncio.Task | None = None
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
        except KernelLost:
            raise
        except (UnreadableMessageError, DeadKernelError, TimeoutError, ZMQError) as error:
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
                self._test_cell(cell), self.km.provisioner, self._watch, self._stop
            )
            if self.records and verdict["contract"] and verdict["status"] == "ok":
                self._findings.contracts[contract_key(cell)] = verdict["contract"]
            if verdict["line"]:
                await asyncio.wait_for(printed, self.iopub_timeout)
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
        return TestCell(cell.source, contract, self.records)

    def _leave_to_a_person(self, cell: NotebookNode, index: int, reason: str) -> None:
        """Have a test that was neither passed nor failed wait for its points."""
        name = cell_label(cell, index)
        self._findings.incidents.append((name, judging.not_judged(reason)))
        self._findings.waiting.append(name)

    def _root(self) -> str:
        root = self.course_root or self.config.CourseDirectory.get("root", "") or os.getcwd()
        return os.path.abspath(str(root))

    def _course(self) -> Course:
        return Course(
            self._root(),
            files=tuple(self.config.ParallelAutograde.get("course_files", ())),
            preload=tuple(modules_to_preload(self.released.values(), self.preload)),
            isolated=self.sandbox,
        )

    def _notebook_judge(self) -> judging.NotebookJudge:
        return judging.NotebookJudge(
            JUDGES.server(self._course()),
            JudgeLimits(memory=self.memory),
            Limits(block_bytes=self.value_size, depth=self.value_depth),
            self._release(),
            find_files(self._folder(), self._source_files()),
        )

    def _source(self) -> Path | None:
        """Return the assignment's folder in the course's source, if there is one."""
        assignment = self.resources.get("nbgrader", {}).get("assignment")
        if not assignment:
            return None
        course = CourseDirectory(config=self.config)
        folder = Path(course.format_path(course.source_directory, ".", assignment))
        return folder if folder.is_dir() else None

    def _known_contracts(self) -> dict[str, dict[str, Any]]:
        """Return what objects the tests of this notebook may be handed."""
        names = self.resources.get("nbgrader", {})
        if self.records or not self._judges_notebook():
            return {}
        name = names.get("notebook")
        if name in self.contracts or self.released:
            return self.contracts.get(name, {})
        source = self._source()
        if source is None:
            return {}
        return contracts_of(source, self.config, self._root()).get(name, {})

    def _source_files(self) -> dict[str, str]:
        return self.source_files or read_files(self._source())

    def _release(self) -> Release:
        """Return what the instructor's notebook says of names."""
        name = self.resources.get("nbgrader", {}).get("notebook")
        if name in self.released:
            return Release(**self.released[name])
        source = self._source()
        released = read_source(source) if source is not None else {}
        return released.get(name) or read_trusted_cells(self.nb)

    # -- limits ---------------------------------------------------------------------------------

    def _get_timeout(self, cell: NotebookNode | None) -> None:
        """Leave time to `_watch`, which counts CPU time."""

    async def _async_poll_kernel_alive(self) -> None:
        self._watcher = asyncio.current_task()
        try:
            self._reason = await self._watch()
        except Exception as error:  # unwatched, a cell could run for ever
            self._unwatched = error
        self.task_poll_for_reply.cancel()

    async def _watch(self, judge: RunningJudge | None = None) -> KernelLost:
        cpu, whole = self._seconds(), self._submission_seconds() - self._spent
        began = time.monotonic()
        limits = CellLimits(
            cpu=min(cpu, whole),
            idle=min(cpu * self.wait_factor, whole),
            wall=min(cpu * self.wall_factor, self._wall_end() - began),
            memory=self.memory,
            output=self._room(),
        )
        self._watching = CellWatch(self.km.provisioner, limits, self._printed, judge)
        lost = await self._watching.until_lost()
        if self._watching.spent() > whole or time.monotonic() > self._wall_end():
            return KernelLost("CellTimeoutError", self._too_long())
        return lost

    def _seconds(self) -> float:
        return self.cpu_seconds or self.timeout or 60

    def _submission_seconds(self) -> float:
        return self.submission_seconds or 20 * self._seconds()

    def _wall_end(self) -> float:
        return self._began + self.wall_factor * self._submission_seconds()

    def _too_long(self) -> str:
        return f"all cells together took more than {self._submission_seconds():g} seconds"

    def _exhausted(self) -> str | None:
        """Say what the whole notebook has used up, if anything."""
        if self._spent > self._submission_seconds() or time.monotonic() > self._wall_end():
            return self._too_long()
        if self._all_output > self.submission_output:
            return f"all cells together have more than {self.submission_output} bytes of output"
        return None

    def _room(self) -> int:
        """Return the bytes of output that are left to the cell."""
        return min(self.output_size, self.submission_output - self._all_output)

    def _printed(self) -> int:
        return self._output + self.kc.refused()

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> Any:
        """Put a message of the kernel into the notebook, as long as there is room for it."""
        kind = msg["msg_type"]
        read = super().process_message
        try:
            if kind != "status":
                self._output += len(repr(msg["content"])) + len(repr(msg.get("metadata")))
                self._output += sum(len(buffer) for buffer in msg.get("buffers", ()))
                if self._output > self.output_size or (self._judging and kind != "stream"):
                    # While a test is judged, the student's kernel may print and no more.
                    return None
            if self._replaying and kind not in ("status", "execute_input"):
                return None
            return read(msg, cell, cell_index)
        except CellControlSignal:
            raise
        except Exception as error:  # the content is a student's: it may break whatever reads it
            self.log.warning("A message of the kernel was not understood: %r", error)
            return None

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
