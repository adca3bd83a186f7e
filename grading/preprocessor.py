"""`SandboxedExecute`: takes the place of nbgrader's ``Execute``.

Answer cells run in a warm, sandboxed kernel; with the judge on, test cells run outside it. What a
cell may use is counted in CPU time; a kernel that is lost is replaced, and the cells so far run
once more without the one that lost it.
"""

from __future__ import annotations

import asyncio
import atexit
import copy
import os
import secrets
import time
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbclient.client import NotebookClient
from nbclient.exceptions import CellControlSignal
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float, Integer, List, Unicode
from traitlets.config import Config

from grading.judge import JudgeLimits, JudgeServer, RunningJudge
from grading.provisioner import WarmKernelManager, warm_up
from grading.sandbox import PRELOAD, KernelLimits, pack_files
from grading.wire import Limits

_servers: dict[str, JudgeServer] = {}
_of_the_parent: list[JudgeServer] = []


def _forget_in_child() -> None:
    """Leave a forked process's judges to its parent: two would take each other's answers."""
    _of_the_parent.extend(_servers.values())
    _servers.clear()


os.register_at_fork(after_in_child=_forget_in_child)
_WATCH = 0.05
_WATCH_AFTER = 0.5  # seconds in which a kernel that hung up is seen to have died
_COUNT_ALL = 5  # every so many looks, the processes that a kernel started are counted too
_MOST_BYTES_OF_FILES = 50 << 20


class KernelLost(Exception):
    """The kernel of a submission is gone, or was ended.

    Parameters
    ----------
    name : str
        Under which the notebook shows it, as an error.
    what : str
        What happened, for the student.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what)
        self.name = name


class SandboxedExecute(Execute):
    """Run a submission's answer cells in a sandbox and, with the judge on, its tests outside."""

    judge = Bool(
        False,
        help="Run test cells outside the student's process. Names that they do not define "
        "themselves are asked for in the student's kernel.",
    ).tag(config=True)
    sandbox = Bool(
        True, help="Confine student code with bubblewrap. Off, it runs with your rights."
    ).tag(config=True)
    preload = List(
        Unicode(),
        PRELOAD,
        help="Modules that the process has imported from which kernels are forked: what most "
        "notebooks of the course import, so that it costs time once and not in each kernel. One "
        "that is not installed is left out; one that starts a thread cannot be preloaded.",
    ).tag(config=True)
    cpu_seconds = Float(
        None,
        allow_none=True,
        help="The CPU seconds that one cell may use; `timeout` if not given.",
    ).tag(config=True)
    wall_factor = Float(
        5.0, help="The wall-clock seconds that one cell may take, in multiples of `cpu_seconds`."
    ).tag(config=True)
    memory = Integer(
        4 << 30, help="The bytes that each process of a submission may have; also the judge's."
    ).tag(config=True)
    processes = Integer(
        100, help="How many processes and threads a submission may have at a time."
    ).tag(config=True)
    file_size = Integer(100 << 20, help="The bytes that one file may have.").tag(config=True)
    disk = Integer(200 << 20, help="The bytes of scratch, of /tmp and of /dev/shm, each.").tag(
        config=True
    )
    output_size = Integer(5 << 20, help="The bytes of output that one cell may have.").tag(
        config=True
    )
    value_size = Integer(
        64 << 20, help="The bytes that a value may have that comes back to a test."
    ).tag(config=True)
    value_depth = Integer(50, help="How deep such a value may be nested.").tag(config=True)
    restarts = Integer(
        5, help="How many lost kernels are replaced before the rest of a notebook is left."
    ).tag(config=True)
    course_root = Unicode("", help="The folder from which test cells can import.").tag(config=True)
    shared = List(
        Unicode(),
        help="Folders and files of the course that submissions can import and read, for tests that "
        "run inside the student's process. Not used with the judge on: whatever is shared, a "
        "submission can read.",
    ).tag(config=True)
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
        self._judge: RunningJudge | None = None
        self._judging = self._replaying = False
        self._output = 0
        language = nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            raise ValueError(f"a notebook in {language}: the engine runs Python")
        run_sync(self._run_notebook)()
        return self.nb, self.resources

    @classmethod
    def warm_up(cls, config: dict, root: str) -> None:
        """Start this process's sandbox and judge, and do not wait for them."""
        own = cls(config=Config(config), course_root=root)
        if own.judge:
            own._judge_server()
        warm_up(isolated=own.sandbox, preload=own.preload)

    # -- kernels --------------------------------------------------------------------------------

    def create_kernel_manager(self) -> KernelManager:
        """Make the manager of a warm kernel, whatever kernel the notebook names."""
        environment = {k: v for k, v in os.environ.items() if k == "NBGRADER_EXECUTION"}
        self.km = WarmKernelManager(
            provision={
                "isolated": self.sandbox,
                "preload": self.preload,
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
        self._new_line = True

    async def _stop(self) -> None:
        if self.km is not None:
            await self._async_cleanup_kernel()

    def _stop_judge(self) -> None:
        if self._judge is not None:
            self._judge.close()
            self._judge = None

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
                    self._fail(
                        cell, KernelLost("DeadKernelError", "not run: too many cells failed")
                    )
                    continue
                try:
                    await self._run_cell(cell, index)
                except KernelLost as lost:
                    self._fail(cell, lost)
                    self._lost.add(index)
                    restarts += 1
                    restarts += await self._replay(index)
            self.set_widgets_metadata()
        finally:
            self._stop_judge()
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
        outputs = asyncio.ensure_future(
            self._async_poll_output_msg(request["header"]["msg_id"], cell, index)
        )
        verdict = watcher = None
        self._judging = True
        try:
            self._give_to_judge(cell.source)
            verdict = asyncio.ensure_future(self._judge.verdict())
            watcher = asyncio.ensure_future(self._watch(self._judge))
            await asyncio.wait({verdict, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if not verdict.done():
                # Without its kernel the test ends soon; a judge that does not is replaced.
                reason = watcher.result()
                await self._stop()
                await asyncio.wait({verdict}, timeout=1)
                if not verdict.done() or verdict.exception() is not None:
                    self._stop_judge()
                raise reason
            if verdict.exception() is not None:
                self._stop_judge()
                raise KernelLost("DeadKernelError", "the test ended early")
            found = verdict.result()
            if found["line"]:
                await asyncio.wait_for(outputs, self.iopub_timeout)
            elif (await asyncio.wait({watcher}, timeout=_WATCH_AFTER))[0]:
                raise watcher.result()  # the judge heard first of the kernel's death
        finally:
            self._judging = False
            for task in (outputs, verdict, watcher):
                if task is not None:
                    task.cancel()
        self.code_cells_executed += 1
        cell["execution_count"] = self.code_cells_executed
        cell.outputs += _outputs(found, self.code_cells_executed)
        if not found["line"]:
            raise KernelLost(found["ename"], found["evalue"])

    def _give_to_judge(self, source: str) -> None:
        if self._judge is None:
            self._judge = self._judge_server().start(
                os.path.abspath(self._folder() or "."),
                JudgeLimits(memory=self.memory),
                Limits(block_bytes=self.value_size, depth=self.value_depth),
            )
            if not self._new_line:
                raise KernelLost("DeadKernelError", "the judge was replaced")
        provisioner = self.km.provisioner
        line = provisioner.line if self._new_line else None
        self._judge.send(source, line)
        if line is not None:
            line.close()
            provisioner.line, self._new_line = None, False

    def _root(self) -> str:
        root = self.course_root or self.config.CourseDirectory.get("root", "") or os.getcwd()
        return os.path.abspath(str(root))

    def _judge_server(self) -> JudgeServer:
        root = self._root()
        if root not in _servers:
            _servers[root] = JudgeServer(root)
        return _servers[root]

    # -- limits ---------------------------------------------------------------------------------

    def _get_timeout(self, cell: NotebookNode | None) -> None:
        """Leave time to `_watch`, which counts CPU time."""

    async def _async_poll_kernel_alive(self) -> None:
        self._watcher = asyncio.current_task()
        self._reason = await self._watch()
        self.task_poll_for_reply.cancel()

    async def _watch(self, judge: RunningJudge | None = None) -> KernelLost:
        """Wait until the kernel is gone or has used what a cell may use; say which."""
        allowed = self.cpu_seconds or self.timeout or 60
        provisioner, kernel = self.km.provisioner, self.km.provisioner.kernel
        died, loop = asyncio.Event(), asyncio.get_running_loop()
        before = kernel.cpu_seconds()
        judge_before = judge.cpu_seconds() if judge else 0.0
        everything = None
        started, looks = time.monotonic(), 0
        loop.add_reader(kernel.handle, died.set)
        try:
            while True:
                try:
                    await asyncio.wait_for(died.wait(), _WATCH)
                except TimeoutError:
                    looks += 1
                else:
                    return KernelLost("DeadKernelError", "the kernel died")
                used = kernel.cpu_seconds() - before
                if looks % _COUNT_ALL == 0:
                    usage = provisioner.sandbox.usage()
                    if everything is None:
                        everything = usage["cpu"] - used
                    used = max(used, usage["cpu"] - everything)
                    if usage["memory"] > self.memory:
                        return KernelLost("MemoryError", f"more than {self.memory} bytes of memory")
                if used > allowed:
                    return KernelLost(
                        "CellTimeoutError", f"the cell ran for more than {allowed:g} CPU seconds"
                    )
                if judge and judge.cpu_seconds() - judge_before > allowed:
                    self._stop_judge()
                    return KernelLost(
                        "CellTimeoutError", f"the test ran for more than {allowed:g} CPU seconds"
                    )
                if time.monotonic() - started > allowed * self.wall_factor:
                    return KernelLost(
                        "CellTimeoutError",
                        f"the cell took more than {allowed * self.wall_factor:g} seconds",
                    )
                if self._output > self.output_size:
                    return KernelLost(
                        "OutputLimitError", f"more than {self.output_size} bytes of output"
                    )
        finally:
            loop.remove_reader(kernel.handle)

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

    @staticmethod
    def _fail(cell: NotebookNode, lost: KernelLost) -> None:
        cell.setdefault("outputs", [])
        cell.outputs.append(
            nbformat.v4.new_output(
                "error", ename=lost.name, evalue=str(lost), traceback=[f"{lost.name}: {lost}"]
            )
        )


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _outputs(verdict: dict[str, Any], count: int) -> list[NotebookNode]:
    """Turn a verdict into the outputs from which nbgrader reads the points."""
    outputs = []
    if verdict["output"]:
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=verdict["output"]))
    if verdict["status"] == "ok":
        if verdict["result"] is not None:
            data = {"text/plain": verdict["result"]}
            outputs.append(
                nbformat.v4.new_output("execute_result", data=data, execution_count=count)
            )
    elif verdict["line"]:
        error = {key: verdict[key] for key in ("ename", "evalue", "traceback")}
        outputs.append(nbformat.v4.new_output("error", **error))
    return outputs


@atexit.register
def close_judges() -> None:
    """End the judges of this process."""
    while _servers:
        _servers.popitem()[1].close()
