"""Where the time of a submission goes in a worker, and what its processes take."""

from __future__ import annotations

import pickle
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any
from unittest import mock

import psutil
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.grade_one import grade_submission
from nbjudge.batch.prepare import prepare_job
from nbjudge.batch.reading import Reader
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.gradebook.database import open_gradebook
from nbjudge.judge.client import JUDGES
from nbjudge.judge.running import RunningJudge
from nbjudge.sandbox.pool import _spare, close_sandboxes
from nbjudge.sandbox.sandbox import Sandbox


def anatomy(course: Any) -> dict[str, float]:
    """Grade a class in this process, as a worker does, and take every submission apart.

    Returns
    -------
    dict of str to float
        Milliseconds a submission, wall (``wall …``) and CPU (``cpu …``); how many pictures are
        drawn, and the kernel's CPU in cells that draw (``of pictures``); the median of the time
        until a kernel is ready; the bytes of a submission on the way there and back.
    """
    converter = ParallelAutograde(coursedir=course.coursedir, config=course.config)
    converter.init_notebooks()
    with open_gradebook(course.coursedir) as gradebook:
        batch = prepare_job(converter, gradebook)
        reader = Reader(converter, gradebook)
    tasks = list(converter._readable(reader, list(converter._folders)))
    close_sandboxes()
    JUDGES.close()
    grade_submission(batch, *tasks[0])  # warm up
    found: dict[str, float] = defaultdict(float)
    ready: list[float] = []
    with _measuring(found, ready):
        zygote = _own_cpu()
        started, cpu = time.perf_counter(), time.process_time()
        results = [grade_submission(batch, *task) for task in tasks]
        found["wall"] = time.perf_counter() - started
        found["cpu worker"] = time.process_time() - cpu
        found["cpu process that forks"] = _own_cpu() - zygote
    close_sandboxes()
    JUDGES.close()
    failed = [result.error for result in results if result.error]
    if failed:
        raise RuntimeError(failed[0])
    found["wall rest"] = found["wall"] - sum(found[f"wall {part}"] for part in PARTS)
    pictures = found.pop("pictures", 0.0) / len(tasks)
    per_submission = {name: 1000 * value / len(tasks) for name, value in found.items()}
    return per_submission | {
        "pictures": pictures,
        "ready": 1000 * statistics.median(ready),
        "bytes": statistics.mean(
            len(pickle.dumps(task)) + len(pickle.dumps(result))
            for task, result in zip(tasks, results, strict=True)
        ),
    }


PARTS = ("kernel", "cells", "wipe")
_PICTURES = {"image/png", "image/svg+xml"}


@contextmanager
def _measuring(found: dict[str, float], ready: list[float]) -> Iterator[None]:
    """Measure while the engine's own methods run."""

    def timed(method: Callable, part: str, each: list[float] | None = None) -> Callable:
        async def measured(*args: Any) -> Any:
            started = time.perf_counter()
            try:
                return await method(*args)
            finally:
                seconds = time.perf_counter() - started
                found[f"wall {part}"] += seconds
                if each is not None:
                    each.append(seconds)

        return measured

    of_zygotes = {id(sandbox): sandbox.usage()["cpu"] for sandbox in _spare}

    def wipe(sandbox: Sandbox, original: Callable = Sandbox.wipe) -> None:
        # All that ran in the sandbox so far but the process that forks.
        used = sandbox.usage()["cpu"]
        found["cpu kernel"] += used - of_zygotes.get(id(sandbox), 0.0)
        of_zygotes[id(sandbox)] = used
        original(sandbox)

    def close(judge: RunningJudge, original: Callable = RunningJudge.close) -> None:
        found["cpu judge"] += judge.cpu_seconds()
        original(judge)

    execute = SandboxedExecute
    original_run_cell = execute._run_cell

    async def run_cell(self: SandboxedExecute, cell: Any, index: int) -> None:
        kernel = self.km.provisioner.kernel
        before = kernel.cpu_seconds()
        await timed(original_run_cell, "cells")(self, cell, index)
        if any(_PICTURES & {*output.get("data", {})} for output in cell.outputs):
            found["pictures"] += 1
            found["of pictures"] += kernel.cpu_seconds() - before

    with ExitStack() as stack:
        for owner, name, replacement in (
            (execute, "_start", timed(execute._start, "kernel", ready)),
            (execute, "_run_cell", run_cell),
            (execute, "_stop", timed(execute._stop, "wipe")),
            (Sandbox, "wipe", wipe),
            (RunningJudge, "close", close),
        ):
            stack.enter_context(mock.patch.object(owner, name, replacement))
        yield


def _own_cpu() -> float:
    """Add up the CPU seconds of the processes that fork kernels, without their kernels."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended meanwhile, or is about to
            if any("nbjudge.sandbox.inside.zygote" in part for part in process.cmdline()):
                times = process.cpu_times()
                seconds += times.user + times.system
    return seconds


def memory_of_workers(coordinator: psutil.Process) -> list[int]:
    """Add up, for each worker, the bytes of it and of all its processes.

    Shared pages are divided among those who share them (PSS) where this user may read that, as
    root; otherwise they are counted in each (RSS).
    """
    return [
        sum(_memory(process) for process in (worker, *_descendants(worker)))
        for worker in coordinator.children()
    ]


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
