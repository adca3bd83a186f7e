"""``python -m benchmarks.course``: the sample class in every chapter, beside stock nbgrader.

Each contender grades the same submissions of a chapter in turn, so that a busy machine slows all.
What it prints goes into a section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from nbgrader.converters import Autograde
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.local_pool import LocalPool
from nbjudge.cpus import stay_on, usable_cpus

from benchmarks.classes import COURSE, copy_course, hand_in
from benchmarks.grading import Run, run
from benchmarks.results import machine, met, others_used, table, write_section
from publishing.notebooks.files import chapters_in_order

STOCK = "stock nbgrader"
SHIPPED, ALL, ONE = "as shipped", "every figure drawn", "as shipped, 1 worker"
ENGINE: dict[str, dict[str, Any]] = {
    SHIPPED: {"workers": 2, "figures": "changed"},
    ALL: {"workers": 2, "figures": "all"},
    ONE: {"workers": 1, "figures": "changed"},
}
TARGETS = {SHIPPED: 12.0, ALL: 7.0}
"""How many times as fast as stock nbgrader the whole course is to be graded."""
_STEPS = 20_000


def measure(most: int) -> dict[str, tuple[int, dict[str, Run]]]:
    """Let every contender grade the whole course from nothing.

    The engine's go through the chapters as `nbjudge grade` does, with the same worker processes.

    Returns
    -------
    dict of str to tuple
        By chapter: how many submissions there were, and the runs by contender.
    """
    found = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        root = Path(folder)
        copy_course(root)
        pools = {name: stack.enter_context(LocalPool()) for name in ENGINE}
        for chapter in chapters_in_order(COURSE):
            course, number = hand_in(root, chapter, most)
            found[chapter] = number, _contend(root, course, number, pools)
            walls = ", ".join(f"{name} {one.wall:.2f}" for name, one in found[chapter][1].items())
            print(f"{chapter}, {number} submissions: {walls}", flush=True)
    return found


def _contend(root: Path, course: Any, number: int, pools: dict[str, LocalPool]) -> dict[str, Run]:
    runs = {}

    def again() -> None:  # what the instructor's own version showed is found out anew, too
        for made in ("autograded", ".nbjudge"):
            shutil.rmtree(root / made, ignore_errors=True)

    for name, options in ENGINE.items():
        again()
        course.config.SandboxedExecute.figures = options["figures"]
        runs[name] = run(ParallelAutograde, course, number, pools[name], workers=options["workers"])
    again()
    # Stock nbgrader runs tests in the student's process: they import from the course's folder.
    os.environ["PYTHONPATH"] = str(root)
    course.config.pop("Autograde", None)
    try:
        runs[STOCK] = run(Autograde, course, number)
    finally:
        del os.environ["PYTHONPATH"]
    return runs


def two_processes_beside_one(rounds: int = 7) -> float:
    """Measure how much more two processes do than one that only compute, and share nothing.

    Virtual CPUs may be two threads of one core: no program is faster on two of them than this.

    Returns
    -------
    float
        The median of how many times as much.
    """
    ratios = []
    with multiprocessing.get_context("fork").Pool(2, _stay_apart, (_places(),)) as pool:
        pool.map(_compute, [1, 1], 1)  # warm up
        for _ in range(rounds):
            alone = pool.map(_compute, [_STEPS], 1)[0]
            ratios.append(2 * alone / max(pool.map(_compute, [_STEPS, _STEPS], 1)))
    return statistics.median(ratios)


def _places() -> Any:
    places = multiprocessing.get_context("fork").SimpleQueue()
    for cpu in usable_cpus()[:2]:
        places.put(cpu)
    return places


def _stay_apart(places: Any) -> None:
    stay_on(places.get())


def _compute(steps: int) -> float:
    """Return the seconds that some arithmetic takes, in Python and numpy as cells have it."""
    started = time.perf_counter()
    rng, total = np.random.default_rng(0), 0.0
    X = rng.normal(size=(200, 20))
    for step in range(steps):
        total += float(np.exp(-np.logaddexp(0.0, X @ X[step % 200])).sum())
        total += sum(number * number for number in range(200))
    return time.perf_counter() - started


def report(found: dict[str, list[tuple[int, dict[str, Run]]]], others: float, both: float) -> str:
    """Lay out what was measured: medians of the rounds, in seconds a submission.

    Parameters
    ----------
    found : dict
        By chapter, what `measure` has returned in each round.
    others : float
        The share of the cores that others used before it.
    both : float
        What `two_processes_beside_one` has returned.
    """
    names = [STOCK, *ENGINE]
    rounds = len(next(iter(found.values())))
    rows, whole = [], dict.fromkeys(names, 0.0)
    submissions = 0
    for chapter, measured in found.items():
        number = measured[0][0]
        submissions += number
        walls = {n: statistics.median(runs[n].wall for _, runs in measured) for n in names}
        for name in names:
            whole[name] += number * walls[name]
        rows.append([f"`{chapter}`", str(number), *_cells(walls)])
    each = {name: seconds / submissions for name, seconds in whole.items()}
    rows.append(["**the course**", str(submissions), *_cells(each)])
    targets = [
        [
            name,
            f"{whole[STOCK] / whole[name]:.1f} times",
            f"at least {target:g} times",
            met(whole[STOCK] / whole[name], target),
        ]
        for name, target in TARGETS.items()
    ]
    two = whole[ONE] / whole[SHIPPED]
    targets.append(
        [
            "2 workers beside 1",
            f"{two:.2f} times",
            "at least 1.85 times",
            met(two, 1.85),
        ]
    )
    heads = ["", "submissions", "stock, s", *(f"{name}, s (times stock)" for name in ENGINE)]
    return "\n\n".join(
        [
            f"On {machine('nbgrader', 'ipykernel', 'matplotlib', 'altair')}. {others_used(others)}",
            f"Seconds a submission of the sample class, medians of {rounds}. The contenders "
            "grade the same submissions of a chapter in turn, from nothing: gradebook, workers, "
            "sandboxes and kernels start within the time, those of the engine once for all "
            "chapters, as in `nbjudge grade`. As shipped, cells that are as they were released "
            "and that no exercise depends on are not run; 2 workers unless it says otherwise. "
            "With every figure drawn, all cells are run.",
            table(heads, rows),
            table(["", "measured", "target", ""], targets),
            "What limits it: with every figure drawn, the chapters' own computations and the "
            "drawing, which any grader does. As shipped, a submission's answers and tests "
            "themselves, and what is done once for a chapter: its contract, its gradebook, and the "
            "known submission that is graded before each batch. Two processes that only compute, "
            f"and share nothing, did {both:.2f} times the work of one on this machine in the same "
            "run: no two workers are faster beside one than that.",
        ]
    )


def _cells(walls: dict[str, float]) -> list[str]:
    stock = walls[STOCK]
    return [
        f"{stock:.2f}",
        *(f"{walls[name]:.2f} ({stock / walls[name]:.1f})" for name in ENGINE),
    ]


def main() -> None:
    """Measure every chapter, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=14, help="submissions of each chapter")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    others = psutil.cpu_percent(interval=5) / 100  # nothing of this runs yet
    both = two_processes_beside_one()
    found: dict[str, list[tuple[int, dict[str, Run]]]] = {}
    for _ in range(options.rounds):
        for chapter, measured in measure(options.most).items():
            found.setdefault(chapter, []).append(measured)
    text = report(found, others, both)
    print(text)
    if not options.print:
        write_section("The whole course beside stock nbgrader", text, first=True)


if __name__ == "__main__":
    main()
