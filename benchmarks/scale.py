"""``python -m benchmarks.scale``: what the coordinator can follow, with thousands of submissions.

A chapter is graded for the sample class, once and truly. Then thousands hand in the same notebooks,
on a Dask cluster of processes of this machine whose workers give back what was found for that
notebook, and take no time for it: all else, from the files handed in to the gradebook and the
autograded folders, is real. So the coordinator is the limit, and is measured. What it prints
goes into a section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import contextlib
import pickle
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any
from unittest import mock

import psutil
from nbgrader.apps.api import NbGraderAPI
from nbjudge.batch import dask_workers
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.job import Result

from benchmarks.classes import COURSE, chapter_class
from benchmarks.grading import cpu_seconds
from benchmarks.results import machine, met, table, write_section
from benchmarks.simulated_worker import give_back
from engine.tests.support.dask_scheduler import end, scheduler
from engine.tests.support.postgres_server import Server

CHAPTER = "softmax"
RATE = 124
"""Submissions a second: twice what a coordinator could follow when it was first measured."""
_WORKERS = 2


@dataclass
class Scale:
    """What one batch took.

    Attributes
    ----------
    submissions : int
        How many.
    wall : float
        Seconds of the whole batch.
    cpu : float
        CPU seconds of the coordinator, its start and end included.
    recording : list of float
        Of it, those for the gradebook and the autograded folder of each submission.
    memory : dict of int to int
        The coordinator's bytes after so many submissions.
    database : float
        CPU seconds of the database's own processes.
    """

    submissions: int
    wall: float = 0.0
    cpu: float = 0.0
    recording: list[float] = field(default_factory=list)
    memory: dict[int, int] = field(default_factory=dict)
    database: float = 0.0


def make_class(folder: Path, submissions: int, url: str = "") -> tuple[NbGraderAPI, Path]:
    """Grade the sample class truly, then have thousands hand in the same.

    Parameters
    ----------
    folder : Path
        Where the course is made.
    submissions : int
        How many hand in.
    url : str
        The new gradebook's; by default it is the course's own file.

    Returns
    -------
    course : NbGraderAPI
        With a new gradebook, in which the chapter is released.
    found : Path
        Where the results lie, in the order in which they are handed in again and again.
    """
    course, few = chapter_class(folder, CHAPTER)
    results: dict[str, Result] = {}

    class Kept(ParallelAutograde):
        """Writes nothing, and keeps what came of each submission."""

        def _record(self, recorder: Any, reader: Any, student: str, result: Result) -> None:
            results[student] = result

    Kept(coursedir=course.coursedir, config=course.config).start()
    if len(results) != few:
        raise RuntimeError(f"{len(results)} of {few} submissions are graded")
    (folder / "gradebook.db").unlink()
    if url:
        course.coursedir.db_url = course.config.CourseDirectory.db_url = url
    released = course.generate_assignment(CHAPTER, force=True)
    if not released["success"]:
        raise RuntimeError(released["log"])
    handed_in = folder / "submitted"
    texts = [
        (handed_in / student / CHAPTER / f"{CHAPTER}.ipynb").read_bytes() for student in results
    ]
    handed_in.rename(folder / "sample")
    for number in range(submissions):
        place = handed_in / f"student-{number:06}" / CHAPTER
        place.mkdir(parents=True)
        (place / f"{CHAPTER}.ipynb").write_bytes(texts[number % few])
    path = folder / "results"
    path.write_bytes(pickle.dumps([*results.values()]))
    return course, path


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler and workers on the loopback interface; yield the scheduler's address."""
    with scheduler() as (_, address):
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard"]
        command += ["--host", "127.0.0.1", "--nworkers", str(_WORKERS), "--nthreads", "1"]
        command += ["--local-directory", str(folder / "dask")]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=COURSE, text=True) as workers:
            try:
                yield address
            finally:
                end(workers)


def grade(course: NbGraderAPI, found: Path, submissions: int, address: str) -> Scale:
    """Grade the class with one coordinator.

    Parameters
    ----------
    course : NbGraderAPI
        From `make_class`.
    found : Path
        What workers give back, from there.
    submissions : int
        How many handed in.
    address : str
        The cluster's.
    """
    scale = Scale(submissions)
    this = psutil.Process()

    class Watched(ParallelAutograde):
        def _record(self, *args: Any) -> None:
            before = cpu_seconds()
            super()._record(*args)
            scale.recording.append(cpu_seconds() - before)
            if len(scale.recording) in (100, submissions):
                scale.memory[len(scale.recording)] = this.memory_info().rss

    converter = Watched(coursedir=course.coursedir, config=course.config, scheduler=address)
    converter.log.setLevel("ERROR")
    of_database = _database_cpu()
    cpu, started = cpu_seconds(), time.perf_counter()
    with mock.patch.object(dask_workers, "grade_on_worker", partial(give_back, str(found))):
        converter.start()
    scale.wall = time.perf_counter() - started
    scale.cpu = cpu_seconds() - cpu
    scale.database = _database_cpu() - of_database
    with course.gradebook as gradebook:
        graded = len(gradebook.assignment_submissions(CHAPTER))
    if graded != submissions or len(scale.recording) != submissions:
        raise RuntimeError(f"{graded} of {submissions} submissions are graded")
    return scale


def _database_cpu() -> float:
    """Add up the CPU seconds of PostgreSQL's processes on this machine."""
    seconds = 0.0
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                seconds += times.user + times.system + times.children_user + times.children_system
    return seconds


def report(measured: dict[str, Scale]) -> str:
    """Write the section."""
    rows = []
    for name, scale in measured.items():
        each = 1000 / scale.submissions
        first, last = mean(scale.recording[:100]), mean(scale.recording[-100:])
        rows.append(
            [
                name, f"{scale.submissions:,}", f"{scale.wall:.0f} s", f"{scale.cpu * each:.1f}",
                f"{sum(scale.recording) * each:.1f}", f"{1000 * first:.1f} / {1000 * last:.1f}",
                f"{scale.database * each:.1f}" if name == "PostgreSQL" else "the coordinator's",
                " / ".join(f"{size / 1e6:.0f}" for size in scale.memory.values()),
                f"{scale.submissions / scale.cpu:.0f}",
            ]
        )  # fmt: skip
    heads = ["gradebook", "submissions", "whole batch", "coordinator's CPU each, ms"]
    heads += ["of it, recording", "in the first / last hundred", "database's CPU each, ms"]
    heads += ["memory, MB, at the 100th / last", "submissions a second, by CPU"]
    slowest = min(scale.submissions / scale.cpu for scale in measured.values())
    return (
        f"On {machine('nbgrader', 'sqlalchemy', 'distributed')}.\n\n"
        f"The chapter `{CHAPTER}`, as thousands would hand it in, on a Dask cluster of "
        f"{_WORKERS} processes of the same machine that give back what was found for the same "
        "notebook before, and take no time for it. The coordinator's work is real: it reads what "
        "was handed in, sends it, receives what came of it, writes the gradebook and the "
        "autograded folders.\n\n"
        + table(heads, rows)
        + "\n\n"
        + table(
            ["", "measured", "target", ""],
            [
                [
                    "submissions a second that a coordinator can follow",
                    f"{slowest:.0f}", f"at least {RATE}", met(slowest, RATE),
                ]
            ],
        )
    )  # fmt: skip


def main() -> None:
    """Measure both gradebooks, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=5000)
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    measured = {}
    with Server() as server:
        for name, url in (("SQLite", ""), ("PostgreSQL", server.create("scale"))):
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                course, found = make_class(Path(folder), options.submissions, url)
                with cluster(Path(folder)) as address:
                    measured[name] = grade(course, found, options.submissions, address)
            print(f"{name}: {measured[name].wall:.0f} s", flush=True)
    text = report(measured)
    print(text)
    if not options.print:
        write_section("Thousands of submissions", text)


if __name__ == "__main__":
    main()
