"""The kernels of one notebook, and the watch over what its cells use together."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellControlSignal
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute

from nbjudge.execution import event_loops  # noqa: F401 (takes effect in each fork)
from nbjudge.execution.files_beside import collect_files
from nbjudge.execution.findings import Findings
from nbjudge.execution.limits import CellLimits, CellWatch, KernelLost
from nbjudge.execution.notebook_source import NotebookSource
from nbjudge.execution.placeholders import take_marks_off
from nbjudge.execution.settings import ExecutionSettings
from nbjudge.judge.running import RunningJudge
from nbjudge.sandbox.inside.contract import KernelLimits
from nbjudge.sandbox.packing import pack_files
from nbjudge.sandbox.provisioner import SandboxedProvisioner, WarmKernelManager

_LARGEST_MESSAGE = 8 << 20
"""A message of a kernel has room for all output that a cell may have, and for what goes with it."""


class SandboxedKernels(ExecutionSettings, Execute):
    """nbclient's side of a notebook's kernels: warm, confined, and watched."""

    records = False
    """Whether this is the run of the instructor's own notebook, which makes the contracts."""
    shares = False
    """Whether kernels get what is shared although the judge runs every test."""
    _findings: Findings
    _unjudged: bool

    def _begin(self) -> None:
        """Begin a notebook."""
        self._packed: bytes | None = None
        self._judging = self._replaying = False
        self._output = self._all_output = 0
        self._spent, self._began = 0.0, time.monotonic()
        self._watching: CellWatch | None = None
        self._reason: KernelLost | None = None
        self._unwatched: Exception | None = None

    def _about(self) -> NotebookSource:
        return NotebookSource(
            self, getattr(self, "nb", None), getattr(self, "resources", None), self.records
        )

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

    def _files(self) -> bytes:
        """Pack the files beside the notebook, and those that the course shares."""
        about = self._about()
        folder = about.folder()
        if self._packed is None:
            shares = self._unjudged or self.shares
            root, shared = Path(about.root()), self.shared if shares else []
            beside = collect_files(
                Path(folder) if folder else Path(os.devnull),
                about.files(),
                about.handed_in(),
                [(root, name) for name in shared],
            )
            if beside.left_out:
                what = f"no room for these files beside it: {', '.join(beside.left_out[:10])}"
                self._findings.incidents.append(("the notebook", what))
            self._packed = pack_files(beside.files)
        return self._packed

    async def _start(self) -> None:
        self.create_kernel_manager()
        await self.async_start_new_kernel()
        await self.async_start_new_kernel_client()

    async def _stop(self) -> None:
        if self.km is not None:
            await self._async_cleanup_kernel()

    def _provisioner(self) -> SandboxedProvisioner:
        provisioner = self.km.provisioner
        assert isinstance(provisioner, SandboxedProvisioner)  # as `WarmKernelManager` has it
        return provisioner

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

    async def _async_poll_for_reply(
        self,
        msg_id: str,
        cell: NotebookNode,
        timeout: int | None,
        task_poll_output_msg: asyncio.Future[Any],
        task_poll_kernel_alive: asyncio.Future[Any],
    ) -> dict[str, Any]:
        """Wait for a cell's end, and then for its output as long as some of it arrives.

        A cell may have more messages than are read in the seconds that nbclient gives them.
        """
        while True:
            reply: dict[str, Any] = await self.kc.shell_channel.get_msg(timeout=None)
            if reply["parent_header"].get("msg_id") == msg_id:
                break
        try:
            received = -1
            while not task_poll_output_msg.done():
                if received == self.kc.iopub_channel.received:
                    raise KernelLost(
                        "DeadKernelError", "the kernel did not say that the cell ended"
                    )
                received = self.kc.iopub_channel.received
                await asyncio.wait({task_poll_output_msg}, timeout=self.iopub_timeout)
            task_poll_output_msg.result()
        finally:
            task_poll_kernel_alive.cancel()
        return reply

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
        self._watching = CellWatch(self._provisioner(), limits, self._printed, judge)
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
        refused: int = self.kc.refused()
        return self._output + refused

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
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
            take_marks_off([msg["content"]])
            return read(msg, cell, cell_index)
        except CellControlSignal:
            raise
        except Exception as error:  # the content is a student's: it may break whatever reads it
            self.log.warning("A message of the kernel was not understood: %r", error)
            return None
