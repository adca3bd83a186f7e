"""Have the test cells of one notebook judged, and end what does not end by itself.

A notebook's judge is started for its first test cell and serves all of them. Lost, it is replaced,
and so is the kernel that it was talking to, because the line between them is lost with it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from nbjudge.execution.limits import KernelLost, OverlongTest
from nbjudge.judge.client import JudgeServer
from nbjudge.judge.course import JudgeLimits, NotebookFiles
from nbjudge.judge.release import Release
from nbjudge.judge.running import RunningJudge, TestCell
from nbjudge.sandbox.provisioner import SandboxedProvisioner
from nbjudge.wire.frames import Limits

_WATCH_AFTER = 0.5  # seconds in which a kernel that hung up is seen to have died


class TestNotJudged(KernelLost):
    """The judge, and not the student's code, failed in a test: a person has to look at the cell."""

    __test__ = False  # not one of pytest's

    def __init__(self, what: str, name: str = "DeadKernelError") -> None:
        super().__init__(name, what)


class NotebookJudge:
    """The judge of the notebook that is being run.

    Parameters
    ----------
    server : JudgeServer
        Where judges come from.
    limits : JudgeLimits
        What the judge may use.
    values : Limits
        What a value that a kernel sends may hold.
    release : Release, optional
        What the instructor's notebook says of names.
    files : NotebookFiles, optional
        What tests may read.
    """

    def __init__(
        self,
        server: JudgeServer,
        limits: JudgeLimits,
        values: Limits,
        release: Release | None = None,
        files: NotebookFiles | None = None,
    ) -> None:
        self.server = server
        self.limits = limits
        self.values = values
        self.release = release
        self.files = files
        self._running: RunningJudge | None = None
        self._earlier: list[str] = []  # test cells that the judge, or the one before it, has run
        self._answered: tuple[str, ...] = ()
        self._forgotten = False

    async def verdict(
        self,
        cell: TestCell,
        provisioner: SandboxedProvisioner,
        watch: Callable[[RunningJudge], Awaitable[KernelLost]],
        stop_kernel: Callable[[], Awaitable[None]],
    ) -> dict[str, Any]:
        """Have one test cell judged.

        Parameters
        ----------
        cell : TestCell
            What the judge is to run.
        provisioner : SandboxedProvisioner
            That of the student's kernel.
        watch : callable
            Waits until the kernel is lost.
        stop_kernel : callable
            Ends the kernel.

        Returns
        -------
        dict
            As of `nbjudge.judge.judge.Judge.run_cell`.

        Raises
        ------
        KernelLost
            If the kernel or the judge was lost. A fresh kernel is needed then. A `TestNotJudged`
            if it was the judge: the test is neither passed nor failed.
        """
        running = self._give(cell, provisioner)
        self._earlier.append(cell.source)
        verdict = asyncio.ensure_future(running.verdict())
        watcher = asyncio.ensure_future(watch(running))
        try:
            await asyncio.wait({verdict, watcher}, return_when=asyncio.FIRST_COMPLETED)
            if not verdict.done():
                # Without its kernel the test ends soon; a judge that does not is replaced.
                reason = watcher.result()
                if isinstance(reason, OverlongTest):
                    self.close()
                await stop_kernel()
                await asyncio.wait({verdict}, timeout=1)
                if not verdict.done() or verdict.exception() is not None:
                    self.close()
                if isinstance(reason, OverlongTest):
                    raise TestNotJudged(str(reason), reason.name) from reason
                raise reason
            if verdict.exception() is not None:
                self.close()
                raise TestNotJudged("the test ended its own process")
            found = verdict.result()
            if not found["line"] and (await asyncio.wait({watcher}, timeout=_WATCH_AFTER))[0]:
                raise watcher.result()  # the judge heard first of the kernel's death
            return found
        finally:
            verdict.cancel()
            watcher.cancel()

    def _give(self, cell: TestCell, provisioner: SandboxedProvisioner) -> RunningJudge:
        """Give the judge a cell and, where the kernel is a new one, the line to it."""
        if self._running is None:
            self._running = self.server.start(self.limits, self.values, self.release, self.files)
            self._forgotten = True
            if provisioner.line is None:
                raise KernelLost("DeadKernelError", "the judge was replaced")
        earlier = self._earlier if self._forgotten else []
        before, self._answered = self._answered, self._answered + cell.answers
        if self._forgotten:
            cell = replace(cell, answers=before + cell.answers)
        line, provisioner.line = provisioner.line, None
        with line or contextlib.nullcontext():
            try:
                self._running.send(cell, line, earlier)
            except OSError as error:
                self.close()
                raise TestNotJudged("the judge ended") from error
        self._forgotten = False
        self.server.read_ahead(cell.source, len(self._earlier) + 1, self.release)
        return self._running

    def close(self) -> None:
        """End the judge; another takes its place if it is needed."""
        if self._running is not None:
            self._running.close()
            self._running = None


def not_judged(reason: str) -> str:
    """Say in an incident why a person has to look at a test cell.

    A student can bring this about, by a function that returns an object of their own; all that it
    wins them is that look.
    """
    first = " ".join(reason.split())[:300]
    return (
        f"the judge could not run this test: {first}. The cell waits for points by hand; the "
        "answer may be right, or may return something that no test was meant to accept"
    )


def outputs(verdict: dict[str, Any], count: int) -> list[NotebookNode]:
    """Turn a verdict into the outputs from which nbgrader reads the points.

    Parameters
    ----------
    verdict : dict
        From `NotebookJudge.verdict`.
    count : int
        The cell's execution count.

    Returns
    -------
    list of NotebookNode
        The cell's outputs. The error of a test whose kernel was lost is not among them.
    """
    found = []
    if verdict["output"]:
        found.append(nbformat.v4.new_output("stream", name="stdout", text=verdict["output"]))
    if verdict["status"] == "ok":
        if verdict["result"] is not None:
            data = {"text/plain": verdict["result"]}
            found.append(nbformat.v4.new_output("execute_result", data=data, execution_count=count))
    elif verdict["line"]:
        error = {key: verdict[key] for key in ("ename", "evalue", "traceback")}
        found.append(nbformat.v4.new_output("error", **error))
    return found
