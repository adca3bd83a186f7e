"""Worker processes of this machine, kept for one batch or for all assignments of a command.

To start them, their sandboxes and judges takes longer than to grade some submissions. A process
gets its first batch when it is forked, whatever that holds; a later one by a file, if its settings
can travel. Otherwise other processes are started for it.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import pickle
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.context import ForkContext
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from types import TracebackType
from typing import Any

from nbjudge.batch import worker_process
from nbjudge.batch.job import Job, Result
from nbjudge.batch.records import FOLDER, make_folder
from nbjudge.batch.travelling import what_cannot_travel
from nbjudge.batch.worker_process import Place
from nbjudge.batch.workers import Workers
from nbjudge.cpus import usable_cpus
from nbjudge.execution import warm_start
from nbjudge.execution.warm_start import Warm
from nbjudge.execution.warm_up import wanted
from nbjudge.gradebook.sharing import share_file
from nbjudge.temp_folders import prefix, remove_stale


class LocalPool:
    """Processes that grade one batch after the other."""

    def __init__(self) -> None:
        self._processes: _Processes | None = None

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        if self._processes is not None:
            self._processes.end()
            self._processes = None

    @contextlib.contextmanager
    def workers(self, job: Job, size: int) -> Iterator[Workers]:
        """Give a batch its processes, those of the batch before if they can serve it.

        Parameters
        ----------
        job : Job
            What the submissions have in common.
        size : int
            How many processes.

        Yields
        ------
        Workers
            The processes.
        """
        if self._processes is not None and not self._processes.begin(job, size):
            self.close()
        processes = self._processes = self._processes or _Processes(job, size)
        try:
            yield processes.workers(executes=job.executes())
        except BaseException:  # the batch ends: what is in flight is given up
            processes.kill()
            self._processes = None
            raise
        if processes.broken:
            self.close()


@contextlib.contextmanager
def local_workers(job: Job, size: int) -> Iterator[Workers]:
    """Start processes for one batch, and end them: as `LocalPool.workers`."""
    with LocalPool() as pool, pool.workers(job, size) as workers:
        yield workers


class _Processes:
    """As many processes as a first batch asks for.

    Parameters
    ----------
    job : Job
        Of the first batch, which they are forked with.
    size : int
        How many.
    """

    def __init__(self, job: Job, size: int) -> None:
        self.broken = False
        self._size = size
        self._job_file = ""  # of a later batch
        self._others = multiprocessing.active_children()
        self._numbers = itertools.count()
        self._folder = tempfile.TemporaryDirectory(prefix=prefix())
        context = multiprocessing.get_context("fork")
        warm = _needed(job)
        _remember(warm, job)
        self._executor = ProcessPoolExecutor(
            size,
            mp_context=context,
            initializer=worker_process.start_worker,
            initargs=(job, warm, _places(size, context)),
        )

    def begin(self, job: Job, size: int) -> bool:
        """Begin another batch; return whether these processes can serve it."""
        if size > self._size or what_cannot_travel(job.config, Path(job.root)):
            return False
        self._job_file = str(self._hand_over((job, _needed(job))))
        return True

    def workers(self, *, executes: bool) -> Workers:
        """Return them as a batch uses them."""
        known = (lambda: self._do(worker_process.grade_known)) if executes else None
        return Workers(self._submit, self._size, known)

    def kill(self) -> None:
        """End them at once."""
        for process in multiprocessing.active_children():
            if process not in self._others:
                process.kill()
        self.end()
        remove_stale()

    def end(self) -> None:
        """Let them end; what is not begun is given up."""
        self._executor.shutdown(cancel_futures=True)
        self._folder.cleanup()
        warm_start.end()

    def _submit(self, student: str, files: dict[str, bytes]) -> Future[Result]:
        # By a file, so that the executor's own pipe never fills up (see `worker_process`).
        return self._do(worker_process.grade_file, student, str(self._hand_over(files)))

    def _do(self, what: Callable[..., Result], *arguments: str) -> Future[Result]:
        try:
            future = self._executor.submit(what, self._job_file, *arguments)
            warm_start.leave_to_workers()  # the first of all forks them
        except BrokenExecutor:
            self.broken = True
            raise
        future.add_done_callback(self._look_at)
        return future

    def _look_at(self, future: Future[Result]) -> None:
        if future.cancelled() or isinstance(future.exception(), BrokenExecutor):
            self.broken = True

    def _hand_over(self, data: Any) -> Path:
        path = Path(self._folder.name) / str(next(self._numbers))
        path.write_bytes(pickle.dumps(data))
        return path


def _needed(job: Job) -> Warm | None:
    """Return what workers start before their first submission; None if that cannot be told."""
    with contextlib.suppress(Exception):  # the self-test meets it again, and says what it is
        return wanted(job.config, job.root)
    return None


def _remember(warm: Warm | None, job: Job) -> None:
    """Have the next command start at once what this batch needs."""
    if warm is None or not warm_start.is_of_use(job.root):
        return
    root = Path(job.root)
    shared = bool(job.config.CourseDirectory.get("groupshared", False))
    with contextlib.suppress(OSError):
        make_folder(root / FOLDER, shared)
    with contextlib.suppress(OSError):  # the next command starts it when it is needed
        warm_start.remember(warm, root)
        if shared:
            share_file(root / warm_start.RECORD)


def _places(size: int, context: ForkContext) -> SimpleQueue[Place]:
    """Return a place for each of so many workers: a CPU to stay on, if they need all there are."""
    cpus = usable_cpus()
    places = context.SimpleQueue()
    if size < len(cpus):  # another program may need the one that a worker would wait for
        for number in range(size):
            places.put(Place(None, takes_over=number == 0))
    else:
        warm_start.end()  # it is on no CPU of its own, as a worker's are
        for cpu in itertools.islice(itertools.cycle(cpus), size):
            places.put(Place(cpu, takes_over=False))
    return places
