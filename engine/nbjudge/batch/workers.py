"""Hand submissions to workers, and get every one of them back.

Workers are behind an executor as `concurrent.futures` has it: processes of this machine, or those
of a Dask cluster (`nbjudge.batch.dask_workers`). When one ends, all submissions in flight are
graded once more, each alone: so the one that ends its worker is found, and costs nobody else a
mark.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import NamedTuple

from nbjudge.batch.grade_one import grade_submission, start_worker
from nbjudge.batch.job import Job, Result
from nbjudge.temp_folders import remove_stale

_TRIES = 3
_QUEUE = 2  # submissions in flight, in multiples of the workers: memory stays flat


class BatchError(Exception):
    """A batch cannot go on, whatever the submission; the message says why."""


class Workers(NamedTuple):
    """Who grades.

    Attributes
    ----------
    submit : callable
        Takes a student and the files that they handed in; returns the future of a `Result`.
    size : int
        How many work at the same time.
    """

    submit: Callable[[str, dict[str, bytes]], Future]
    size: int


Connect = Callable[[int | None], contextlib.AbstractContextManager[Workers]]
"""Opens workers: as many as there are, or no more than a number."""

Task = tuple[str, dict[str, bytes]]


@contextlib.contextmanager
def local_workers(batch: Job, size: int) -> Iterator[Workers]:
    """Start processes on this machine, and end them.

    Parameters
    ----------
    batch : Batch
        What the submissions have in common.
    size : int
        How many processes.

    Yields
    ------
    Workers
        The processes.
    """
    others = multiprocessing.active_children()
    executor: Executor = ProcessPoolExecutor(
        size,
        mp_context=multiprocessing.get_context("fork"),
        initializer=start_worker,
        initargs=(batch,),
    )
    try:
        yield Workers(functools.partial(executor.submit, grade_submission, batch), size)
    except BaseException:  # the batch ends: nobody waits for what is in flight
        for process in multiprocessing.active_children():
            if process not in others:
                process.kill()
        executor.shutdown(cancel_futures=True)
        remove_stale()
        raise
    executor.shutdown(cancel_futures=True)


def grade_all(connect: Connect, submissions: Iterator[Task]) -> Iterator[tuple[str, Result]]:
    """Have workers grade every submission.

    Parameters
    ----------
    connect : callable
        Opens workers; called again when they are lost.
    submissions : iterator of tuple
        Student and files, read as workers become free.

    Yields
    ------
    student : str
        Whose submission came back.
    graded : Result
        What came of it; its ``error`` says so where it ended its worker each time.
    """
    suspects: deque[Task] = deque()
    tries: dict[str, int] = {}
    more = True
    while more or suspects:
        alone = bool(suspects)
        with connect(1 if alone else None) as workers:
            running: dict[Future, Task] = {}
            broken = False
            while not broken:
                room = 1 if alone else _QUEUE * workers.size
                while len(running) < room and (alone or len(suspects) < room):
                    task = _pop(suspects) if alone else next(submissions, None)
                    if task is None:
                        more = more and alone
                        break
                    try:
                        running[workers.submit(*task)] = task
                    except BrokenExecutor:  # while the others were being looked at
                        suspects.append(task)
                        broken = True
                        break
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    error = _failure(future)
                    if error is None:
                        yield task[0], future.result()
                        continue
                    if isinstance(error, BatchError):
                        raise error
                    broken = broken or isinstance(error, (BrokenExecutor, CancelledError))
                    tries[task[0]] = tries.get(task[0], 0) + alone
                    if tries[task[0]] < _TRIES:
                        suspects.append(task)
                    else:
                        yield task[0], Result(task[0], error=_describe(error))
            suspects.extend(running.values())


def _pop(tasks: deque[Task]) -> Task | None:
    return tasks.popleft() if tasks else None


def _failure(future: Future) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:  # a cluster's, when whoever had the task is gone
        return error


def _describe(error: BaseException) -> str:
    if isinstance(error, (BrokenExecutor, CancelledError)):
        return f"its worker ended {_TRIES} times ({type(error).__name__})"
    return f"it could not be graded in {_TRIES} tries ({type(error).__name__}: {error})"
