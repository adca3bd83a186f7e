"""`SandboxedExecute`: takes the place of nbgrader's ``Execute``.

Answer cells run in a warm, sandboxed kernel; with the judge on, test cells run outside it. What a
cell may use is counted in CPU time; a kernel that is lost is replaced, and the cells so far run
once more without the one that lost it.
"""

from __future__ import annotations

import asyncio
import copy
import os
import secrets
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from nbjudge.execution import notebook_judge as judging
from nbjudge.execution.findings import KEY, Findings, cell_label
from nbjudge.execution.limits import CellLimits, KernelLost, watch
from nbjudge.execution.released import (
    find_files,
    modules_to_preload,
    read_files,
    read_source,
    read_trusted_cells,
)
from nbjudge.execution.settings import ExecutionSettings
from nbjudge.judge.client import JUDGES, Course, JudgeLimits, RunningJudge
from nbjudge.judge.release import Release
from nbjudge.sandbox.inside.contract import KernelLimits
from nbjudge.sandbox.pool import warm_up
from nbjudge.sandbox.provisioner import WarmKernelManager
from nbjudge.sandbox.sandbox import pack_files
from nbjudge.wire.frames import Limits

_MOST_BYTES_OF_FILES = 50 << 20


class SandboxedExecute(ExecutionSettings, Execute):
    """Run a submission's answer cells in a sandbox and, with the judge on, its tests outside."""

    shutdown_kernel = "immediate"

    def preprocess(
        self, nb: NotebookNode, resources: Any = None, km: KernelManager | None = None
    ) -> tuple[NotebookNode, Any]:
        """Run a notebook; outputs go into its cells."""
        NotebookClient.__init__(self, nb, km)
        # By nbclient's own tag, a submission could say that its tests are not to be run.
        self.skip_cells_with_tag = secrets.token_hex()
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self._lost: set[int] = set()
        self._findings = Findings()
        self._tests = self._notebook_judge() if self.judge else None
        self._judging = self._replaying = False
        self._output = 0
        language = nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            raise ValueError(f"a notebook in {language}: the engine runs Python")
        run_sync(self._run_notebook)()
        self.resources[KEY] = self._findings
        return self.nb, self.resources

    @classmethod
    def warm_up(cls, config: dict, root: str) -> None:
        """Start this process's sandbox and judge, and do not wait for them."""
        own = cls(config=Config(config), course_root=root)
        if own.judge:
            JUDGES.server(own._course())
        warm_up(isolated=own.sandbox, preload=own.preload)

    # -- kernels --------------------------------------------------------------------------------

    def create_kernel_manager(self) -> KernelManager:
        """Make the manager of a warm kernel, whatever kernel the notebook names."""
        environment = {k: v for k, v in os.environ.items() if k == "NBGRADER_EXECUTION"}
        self.km = WarmKernelManager(
            provision={
                "isolated": self.sandbox,
                "preload": self.preload,
                "figures": self.figures,
                "limits": KernelLimits(self.memory, self.processes, self.file_size, self.disk),
                "files": self._files(),
                "environment": environment,
            }
        )
        return self.km

    def _folder(self) -> str:
        return self.resources.get("metadata", {}).get("path") or ""

    def _files(self) -> bytes:
        """Pack the files beside the notebook, and those that the course shares; no links."""
        files, room = {}, _MOST_BYTES_OF_FILES
        folder, root = Path(self._folder()), Path(self._root())
        found = [(folder, path) for path in folder.rglob("*")] if self._folder() else []
        for name in [] if self.judge else self.shared:
            found += [(root, path) for path in [root / name, *(root / name).rglob("*")]]
        for start, path in found:
            if path.is_symlink() or not path.is_file() or path.suffix in (".ipynb", ".pyc"):
                continue
            room -= path.stat().st_size
            if room >= 0:
                files[str(path.relative_to(start))] = path.read_bytes()
        return pack_files(files)

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
            restarts = 0
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                if restarts > self.restarts:
                    lost = KernelLost("DeadKernelError", "not run: too many cells failed")
                    self._fail(cell, index, lost)
                    continue
                try:
                    await self._run_cell(cell, index)
                except KernelLost as lost:
                    self._fail(cell, index, lost)
                    self._lost.add(index)
                    restarts += 1
                    restarts += await self._replay(index)
            self.set_widgets_metadata()
        finally:
            if self._tests is not None:
                self._tests.close()
            await self._stop()

    async def _replay(self, end: int) -> int:
        """Start a fresh kernel and run the cells so far once more, without those that lost one."""
        for again in range(self.restarts + 1):
            await self._stop()
            await self._start()
            self._replaying = True
            try:
                for index, cell in enumerate(self.nb.cells[:end]):
                    runs = cell.cell_type == "code" and cell.source.strip()
                    if not runs or index in self._lost or (self.judge and _is_test(cell)):
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
        try:
            if self.judge and _is_test(cell):
                await self._judge_cell(cell, index)
            else:
                await self.async_execute_cell(cell, index)
        except KernelLost:
            raise
        except Exception as error:  # a student's kernel may send whatever breaks its reader
            raise self._reason or KernelLost(
                "DeadKernelError", f"the kernel cannot be understood ({type(error).__name__})"
            ) from error
        finally:
            if self._watcher is not None:
                self._watcher.cancel()
        if self._reason is not None:
            raise self._reason
        if utils.is_grade(cell):
            for output in cell.outputs:
                # nbgrader takes anything on stderr for a failure; a warning is none.
                if output.output_type == "stream":
                    output.name = "stdout"

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
                cell.source, self.km.provisioner, self._watch, self._stop
            )
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
            find_files(self._folder(), self.source_files or read_files(self._source())),
        )

    def _source(self) -> Path | None:
        """Return the assignment's folder in the course's source, if there is one."""
        assignment = self.resources.get("nbgrader", {}).get("assignment")
        if not assignment:
            return None
        course = CourseDirectory(config=self.config)
        folder = Path(course.format_path(course.source_directory, ".", assignment))
        return folder if folder.is_dir() else None

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
        self._reason = await self._watch()
        self.task_poll_for_reply.cancel()

    async def _watch(self, judge: RunningJudge | None = None) -> KernelLost:
        cpu = self.cpu_seconds or self.timeout or 60
        limits = CellLimits(cpu, cpu * self.wall_factor, self.memory, self.output_size)
        return await watch(self.km.provisioner, limits, lambda: self._output, judge)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> Any:
        """Put a message of the kernel into the notebook, as long as there is room for it."""
        kind = msg["msg_type"]
        if kind != "status":
            self._output += len(repr(msg["content"]))
            if self._output > self.output_size or (self._judging and kind != "stream"):
                # While a test is judged, the student's kernel may print and no more.
                return None
        if self._replaying and kind not in ("status", "execute_input"):
            return None
        try:
            return super().process_message(msg, cell, cell_index)
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            if isinstance(error, CellControlSignal):
                raise
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


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)
