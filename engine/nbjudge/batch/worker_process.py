"""A worker process of this machine: made ready once, then given one submission after the other.

The job reaches it when it is forked, and a submission by a file: `ProcessPoolExecutor` of Python
3.11.2, which Debian 12 has, waits for ever if a worker dies while its queue holds more than a pipe
can take.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import pickle
import signal
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import NamedTuple

from nbjudge.batch.grade_one import grade_submission
from nbjudge.batch.job import Job, Result
from nbjudge.batch.self_test import grade_known_submission
from nbjudge.cpus import stay_on
from nbjudge.execution import warm_start
from nbjudge.execution.warm_start import Warm
from nbjudge.execution.warm_up import warm_up

_PR_SET_PDEATHSIG = 1
_GC_THRESHOLD = 20_000  # new objects before they are looked through; a notebook is made of fewer

_job: Job | None = None  # of this process, which serves one batch after the other
_job_file = ""  # where it came from; empty for the one that the process was forked with


class Place(NamedTuple):
    """What one of a batch's workers has of its own.

    Attributes
    ----------
    cpu : int or None
        The CPU that it stays on.
    takes_over : bool
        Whether it may take over what the command has started.
    """

    cpu: int | None
    takes_over: bool


def start_worker(job: Job, warm: Warm | None, places: SimpleQueue[Place]) -> None:
    """Make a forked worker ready: warm up while the coordinator still reads.

    Parameters
    ----------
    job : Job
        What the submissions have in common.
    warm : Warm or None
        What to start at once.
    places : SimpleQueue of Place
        From which it takes its own.
    """
    global _job
    _job = job
    place = places.get()
    if place.cpu is not None:
        stay_on(place.cpu)
    quieten()
    # Ctrl-C reaches all processes of a terminal: what is to end, the coordinator ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A worker whose coordinator was killed ends too: nothing else would tell it.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != job.coordinator:
        os._exit(1)
    if warm is not None:
        _start(warm, takes_over=place.takes_over)
    # What there is now stays: it need not be looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)


def _start(warm: Warm, *, takes_over: bool = False) -> None:
    with contextlib.suppress(Exception):  # the self-test meets it again, and says what it is
        if takes_over:
            warm_start.take_over(warm)
        warm_up(warm)


def quieten() -> None:
    """Keep traitlets' warnings of settings that a worker does not need out of the terminal."""
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)


def grade_file(job_file: str, student: str, handed_over: str) -> Result:
    """Grade the submission that the coordinator has written into a file."""
    path = Path(handed_over)
    files = pickle.loads(path.read_bytes())  # the coordinator's own, in a folder of its own
    path.unlink()
    return grade_submission(_job_of(job_file), student, files)


def grade_known(job_file: str) -> Result:
    """Grade the submission whose marks are known."""
    return grade_known_submission(_job_of(job_file))


def _job_of(job_file: str) -> Job:
    """Return the batch that this process serves now; it begins another if that is due."""
    global _job, _job_file
    if job_file != _job_file:
        (_job, warm), _job_file = pickle.loads(Path(job_file).read_bytes()), job_file
        if warm is not None:
            _start(warm)
    assert _job is not None
    return _job
