"""``python -m benchmarks.grading``: stock nbgrader and the engine on the same class, in one run.

Everything that it prints goes into a section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import psutil
from nbgrader.converters import Autograde
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.local_pool import LocalPool

from benchmarks.anatomy import PARTS, anatomy, memory_of_workers
from benchmarks.classes import chapter_class, small_class
from benchmarks.report import report
from benchmarks.results import write_section

CHAPTER = "softmax"


@dataclass
class Run:
    """What one run took.

    Attributes
    ----------
    wall, cpu : float
        Seconds a submission: of wall, and of the coordinator's CPU.
    first : float
        Seconds until the first submission was graded; 0 for stock nbgrader, which does not say.
    busy : float
        How many cores were busy on average, on the whole machine.
    """

    wall: float
    cpu: float
    first: float
    busy: float


@dataclass
class Found:
    """All that was measured; ``others`` is the share of the cores that others used before it."""

    others: float
    submissions: int
    rounds: int
    batch: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    memory: dict[int, float] = field(default_factory=dict)
    writing: dict[int, float] = field(default_factory=dict)
    batch_wall: float = 0.0
    small: dict[str, float] = field(default_factory=dict)
    chapter: dict[str, float] = field(default_factory=dict)
    chapter_runs: dict[str, Run] = field(default_factory=dict)
    chapter_submissions: int = 0

    def median(self, name: str) -> Run:
        """Take the medians over the rounds."""
        runs = self.runs[name]
        return Run(*(statistics.median(getattr(r, f.name) for r in runs) for f in fields(Run)))


def cpu_seconds() -> float:
    """Return the CPU time of this process, its workers left out."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def busy_seconds() -> float:
    """Return the CPU seconds that all cores of this machine have spent on something so far."""
    times = psutil.cpu_times()
    return times.user + times.nice + times.system + times.irq + times.softirq


def run(
    kind: type, course: Any, submissions: int, pool: LocalPool | None = None, **traits: int
) -> Run:
    """Grade a class from nothing to a gradebook, or with the workers of a pool."""
    converter = kind(coursedir=course.coursedir, config=course.config, **traits)
    if pool is not None:
        converter.pool = pool
    converter.log.setLevel("ERROR")
    graded_at: list[float] = []
    converter.progress = lambda done, total, line: graded_at.append(time.perf_counter())
    cpu, before, started = cpu_seconds(), busy_seconds(), time.perf_counter()
    converter.start()
    wall = time.perf_counter() - started
    busy = (busy_seconds() - before) / wall
    first = graded_at[0] - started if graded_at else 0.0
    with course.gradebook as gradebook:
        graded = len(gradebook.assignment_submissions(course.coursedir.assignment_id))
    if graded != submissions:
        raise RuntimeError(f"{graded} of {submissions} submissions are graded")
    return Run(wall / submissions, (cpu_seconds() - cpu) / submissions, first, busy)


def contend(found: Found) -> None:
    """Let every contender grade the same class, in turn, so that a busy machine slows all."""
    engine: Callable[..., Callable[[Any], Run]] = lambda **traits: (  # noqa: E731
        lambda course: run(ParallelAutograde, course, found.submissions, **traits)
    )
    contenders = {
        "stock nbgrader": (True, lambda course: run(Autograde, course, found.submissions)),
        "engine, 1 worker": (True, engine(workers=1)),
        "engine, 2 workers": (True, engine(workers=2)),
        "engine, 2 workers, judge off": (False, engine(workers=2)),
    }
    for number in range(found.rounds):
        for name, (judge, contender) in contenders.items():
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                course = small_class(Path(folder), found.submissions, judge=judge)
                found.runs.setdefault(name, []).append(contender(course))
            _say(f"round {number + 1}, {name}: {found.runs[name][-1].wall:.3f} s a submission")


def grade_many(found: Found) -> None:
    """Grade one large batch; look at the workers' memory and at what writing costs on the way."""

    class Watched(ParallelAutograde):
        def _record(self, *args: Any) -> None:
            before = cpu_seconds()
            super()._record(*args)
            writing.append(cpu_seconds() - before)

    writing: list[float] = []
    memory: dict[int, list[float]] = {100: [], found.batch: []}

    def progress(done: int, total: int, line: str) -> None:
        for at, samples in memory.items():
            # Ten looks: what the kernel of the moment takes depends on the moment.
            if at - 10 < done <= at:
                samples.append(statistics.mean(memory_of_workers(psutil.Process())))

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = small_class(Path(folder), found.batch)
        converter = Watched(coursedir=course.coursedir, config=course.config, workers=2)
        converter.progress = progress
        started = time.perf_counter()
        converter.start()
        found.batch_wall = time.perf_counter() - started
    found.memory = {at: statistics.mean(samples) for at, samples in memory.items()}
    found.writing = {
        100: statistics.mean(writing[:100]),
        found.batch: statistics.mean(writing[-100:]),
    }
    _say(f"a batch of {found.batch}: {found.batch_wall:.0f} s")


def grade_chapter(found: Found) -> None:
    """Grade a chapter of this course for the sample class."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course, number = chapter_class(Path(folder), CHAPTER)
        found.chapter_submissions = number
        for workers in (1, 2):
            shutil.rmtree(Path(folder) / "autograded", ignore_errors=True)
            name = f"engine, {workers} worker{'s' * (workers > 1)}"
            found.chapter_runs[name] = run(ParallelAutograde, course, number, workers=workers)
        # Stock nbgrader runs tests in the student's process: they import from the course's folder.
        shutil.rmtree(Path(folder) / "autograded")
        os.environ["PYTHONPATH"] = folder
        course.config.pop("Autograde", None)
        found.chapter_runs["stock nbgrader"] = run(Autograde, course, number)
        del os.environ["PYTHONPATH"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found.chapter = anatomy(chapter_class(Path(folder), CHAPTER)[0])
    _say(f"the chapter {CHAPTER}: {found.chapter['wall']:.0f} ms in one worker")


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    """Measure everything, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, default=1000, help="submissions of the large batch")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    others = psutil.cpu_percent(interval=5) / 100  # nothing of this runs yet
    found = Found(others, options.submissions, options.rounds, options.batch)
    contend(found)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found.small = anatomy(small_class(Path(folder), 30))
    grade_chapter(found)
    grade_many(found)
    text = report(found, CHAPTER, PARTS)
    print(text)
    if not options.print:
        write_section("Grading beside stock nbgrader", text)


if __name__ == "__main__":
    main()
