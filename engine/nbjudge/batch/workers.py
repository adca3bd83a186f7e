"""Hand submissions to workers, and get every one of them back.

Workers are behind an executor as `concurrent.futures` has it: processes of this machine, or those
of a Dask cluster (`nbjudge.batch.dask_workers`). When one ends, all submissions in flight are
graded once more, each alone: so the one that ends its worker is found, and no other loses a
mark by it.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    wait,
)
from typing import NamedTuple

from nbjudge.batch.job import Fault, Result
from nbjudge.batch.self_test import wrong_marks

_TRIES = 3
_IN_FLIGHT_PER_WORKER = 2  # submissions, so that memory stays flat and no worker waits


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
    self_test : callable or None
        Returns the future of the `Result` of the submission whose marks are known; None where
        nothing is run.
    """

    submit: Callable[[str, dict[str, bytes]], Future[Result]]
    size: int
    self_test: Callable[[], Future[Result]] | None = None


Connect = Callable[[int | None], contextlib.AbstractContextManager[Workers]]
"""Opens workers: as many as there are, or no more than a number."""

Task = tuple[str, dict[str, bytes]]


def grade_all(
    connect: Connect, submissions: Iterator[Task]
) -> Generator[tuple[str, Result], None, None]:
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
    result : Result
        What came of it; its ``error`` says so where it ended its worker each time.

    Raises
    ------
    BatchError
        If workers do not give the known submission its marks.
    """
    return _Dispatch(connect, submissions).results()


class _NoWorkerError(Exception):
    """No worker lived long enough to grade the known submission."""


class _Dispatch:
    """One run over all submissions, with as many connections to workers as it takes."""

    def __init__(self, connect: Connect, submissions: Iterator[Task]) -> None:
        self.connect = connect
        self.submissions = submissions
        self.exhausted = False
        self.suspects: deque[Task] = deque()  # were in flight when a worker ended
        self.tries: dict[str, int] = {}  # of a suspect, alone
        self.tested = False

    def results(self) -> Generator[tuple[str, Result], None, None]:
        """Yield what comes back, until nothing is left; without any submission nobody is called."""
        first = next(self.submissions, None)
        if first is None:
            return
        self.submissions = itertools.chain([first], self.submissions)
        broken = 0
        while self.suspects or not self.exhausted:
            alone = bool(self.suspects)
            with self.connect(1 if alone else None) as workers:
                try:
                    test = self._begin_test(workers)
                    if test is not None and (alone or workers.size == 1):
                        self._finish_test(test)
                        test = None
                    yield from self._one_by_one(workers) if alone else self._many(workers, test)
                except _NoWorkerError as error:
                    broken += 1
                    if broken == _TRIES:
                        raise BatchError(
                            f"no worker lives to grade the known submission ({error})"
                        ) from error

    def _begin_test(self, workers: Workers) -> Future[Result] | None:
        """Have the known submission graded, once and before all others."""
        if self.tested or workers.self_test is None:
            return None
        try:
            return workers.self_test()
        except BrokenExecutor as error:
            raise _NoWorkerError(str(error)) from error

    def _finish_test(self, test: Future[Result]) -> None:
        """Wait for the known submission, and stop if it has other marks than it should have."""
        try:
            wrong = wrong_marks(test.result())
        except (BrokenExecutor, CancelledError) as error:
            raise _NoWorkerError(str(error)) from error
        if wrong is not None:
            raise BatchError(
                "no submission can be run on this machine, see `nbjudge doctor`: "
                f"the self-test failed ({wrong})"
            )
        self.tested = True

    def _many(
        self, workers: Workers, test: Future[Result] | None
    ) -> Generator[tuple[str, Result], None, None]:
        """Keep all workers busy until there is nothing left, or one of them ends.

        While one grades the known submission, the others begin; nothing is told before it is known
        that this machine grades rightly.
        """
        running: dict[Future[Result], Task] = {}
        broken = False
        room = _IN_FLIGHT_PER_WORKER * workers.size
        while not broken:
            while len(running) < room and len(self.suspects) < room and not self.exhausted:
                task = next(self.submissions, None)
                if task is None:
                    self.exhausted = True
                elif not self._submit(workers, task, running):
                    broken = True
                    break
            if test is not None:
                try:
                    self._finish_test(test)
                except _NoWorkerError:
                    self.suspects.extend(running.values())
                    raise
                test = None
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task = running.pop(future)
                error = _failure(future)
                if error is None:
                    yield task[0], future.result()
                    continue
                broken = broken or isinstance(error, (BrokenExecutor, CancelledError))
                self.suspects.append(task)
        self.suspects.extend(running.values())

    def _one_by_one(self, workers: Workers) -> Iterator[tuple[str, Result]]:
        """Have the suspects graded, each with no other in flight."""
        while self.suspects:
            task = self.suspects.popleft()
            running: dict[Future[Result], Task] = {}
            if not self._submit(workers, task, running):
                return
            (future,) = running
            error = _failure(future)
            if error is None:
                yield task[0], future.result()
                continue
            self.tries[task[0]] = self.tries.get(task[0], 0) + 1
            if self.tries[task[0]] < _TRIES:
                self.suspects.append(task)
            else:
                yield task[0], Result(task[0], error=_describe(error), fault=Fault.of(error))
            if isinstance(error, (BrokenExecutor, CancelledError)):
                return

    def _submit(self, workers: Workers, task: Task, running: dict[Future[Result], Task]) -> bool:
        """Hand a submission over; return whether there was anybody to take it."""
        try:
            running[workers.submit(*task)] = task
        except BrokenExecutor:  # while the others were being looked at
            self.suspects.append(task)
            return False
        return True


def _failure(future: Future[Result]) -> BaseException | None:
    try:
        error = future.exception()
    except CancelledError as cancelled:  # by a cluster whose worker is gone
        return cancelled
    if isinstance(error, BatchError):
        raise error
    return error


def _describe(error: BaseException) -> str:
    if isinstance(error, (BrokenExecutor, CancelledError)):
        return f"its worker ended {_TRIES} times ({type(error).__name__})"
    return f"it could not be graded in {_TRIES} tries ({type(error).__name__}: {error})"
