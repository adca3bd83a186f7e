"""What the figures of `benchmarks.grading` say, in Markdown: every number was measured."""

from __future__ import annotations

import os
from typing import Any

from benchmarks.results import machine, met, others_used, table

STOCK, ONE, TWO = "stock nbgrader", "engine, 1 worker", "engine, 2 workers"
MANY = 100_000


def report(found: Any, chapter: str, parts: tuple[str, ...]) -> str:
    """Write the section.

    Parameters
    ----------
    found : benchmarks.grading.Found
        All that was measured.
    chapter : str
        The chapter that was graded besides the small assignment.
    parts : tuple of str
        The parts of a submission's time in a worker.
    """
    packages = ("nbgrader", "ipykernel", "jupyter_client", "pyzmq", "sqlalchemy")
    return "\n\n".join(
        [
            f"On {machine(*packages)}. {others_used(found.others)}",
            f"{found.submissions} submissions of one small assignment (numpy, matplotlib, one "
            f"function, five tests; every fifth one blank), the same for all, in turn in one "
            f"run; medians of {found.rounds}. Each contender starts from nothing: workers, "
            "sandboxes and kernels are started within the time.",
            _contenders(found),
            "### Targets",
            _targets(found),
            "### Where the time goes",
            _two_beside_one(found),
            f"Milliseconds a submission in one worker, judge on; `{chapter}` is this course's "
            f"chapter, handed in by {found.chapter_submissions} students of the sample class.",
            _anatomy(found, chapter, parts),
            _chapter(found, chapter),
            "### 100,000 submissions, on paper",
            _on_paper(found),
        ]
    )


def _contenders(found: Any) -> str:
    stock = found.median(STOCK).wall
    rows = []
    for name in found.runs:
        median = found.median(name)
        cpu = f"{1000 * median.cpu:.1f}"
        rows.append([name, f"{median.wall:.3f}", f"{stock / median.wall:.1f}", cpu])
    return table(["", "s a submission", "times stock", "coordinator's CPU, ms"], rows)


def _targets(found: Any) -> str:
    stock, one, two = (found.median(name) for name in (STOCK, ONE, TWO))
    first, last = found.memory[100], found.memory[found.batch]
    lines = [
        ("2 workers beside stock", stock.wall / two.wall, 15, "{:.1f} times", False),
        ("1 worker beside stock", stock.wall / one.wall, 8, "{:.1f} times", False),
        ("2 workers beside 1", one.wall / two.wall, 1.8, "{:.2f} times", False),
        ("a warm kernel is ready (median)", found.small["ready"], 100, "{:.0f} ms", True),
        ("coordinator's CPU a submission", 1000 * two.cpu, 20, "{:.1f} ms", True),
        (f"memory a worker at the {found.batch:,}th", last / 1e6, 300, "{:.0f} MB", True),
        ("its change from the 100th", 100 * abs(last / first - 1), 10, "{:.1f} %", True),
    ]
    rows = []
    for name, value, target, form, at_most in lines:
        aim = f"{'at most' if at_most else 'at least'} {form.format(target)}"
        rows.append([name, form.format(value), aim, met(value, target, at_most=at_most)])
    return (
        table(["", "measured", "target", ""], rows)
        + f"\n\nMemory is the mean over the workers of a batch of {found.batch:,} "
        f"({first / 1e6:.0f} MB at the 100th): the worker, its sandbox with the process that "
        "forks, the kernel of the moment, the judge's server and the judge of the moment, shared "
        "pages divided among those who share them (PSS) where the benchmark runs as root."
    )


def _two_beside_one(found: Any) -> str:
    """Say why two workers are not twice as fast as one, from how many cores each kept busy."""
    one, two, cores = found.median(ONE), found.median(TWO), os.cpu_count()
    spent = [1000 * run.wall * run.busy for run in (one, two)]
    steady = [1000 * (run.wall - run.first / found.submissions) for run in (one, two)]
    return (
        f"One worker keeps {one.busy:.2f} of {cores} cores busy, because the sandbox, the judge "
        f"and the coordinator are processes beside it; two workers keep {two.busy:.2f} busy. With "
        f"the CPU time of a submission unchanged, two would be {cores / one.busy:.2f} times as "
        f"fast as one at most. On the whole machine a submission takes {spent[0]:.0f} ms of CPU "
        f"with one worker and {spent[1]:.0f} ms with two, which start twice as much and share "
        f"caches and memory. The first submission is graded after {one.first:.2f} s by one worker "
        f"and after {two.first:.2f} s by one of two, and each later one takes {steady[0]:.0f} ms "
        f"and {steady[1]:.0f} ms: {steady[0] / steady[1]:.2f} times as fast."
    )


def _anatomy(found: Any, chapter: str, parts: tuple[str, ...]) -> str:
    names = {"kernel": "fork a kernel, until it is ready", "cells": "run and judge the cells"}
    names |= {"wipe": "end the kernel, wipe the sandbox"}
    columns = (found.small, found.chapter)
    rows = [[names[p], *(f"{c[f'wall {p}']:.0f}" for c in columns)] for p in parts]
    rows.append(["nbgrader's steps, files", *(f"{c['wall rest']:.0f}" for c in columns)])
    rows.append(["**together**", *(f"**{c['wall']:.0f}**" for c in columns)])
    cpu = ("worker", "kernel", "judge", "process that forks")
    rows += [[f"CPU of the {name}", *(f"{c[f'cpu {name}']:.0f}" for c in columns)] for name in cpu]
    rows.append(["**CPU together**", *(f"**{_cpu(c):.0f}**" for c in columns)])
    return table(["", "small assignment", f"`{chapter}`"], rows)


def _cpu(figures: dict[str, float]) -> float:
    return sum(value for name, value in figures.items() if name.startswith("cpu "))


def _chapter(found: Any, chapter: str) -> str:
    stock = found.chapter_runs[STOCK].wall
    rows = [
        [name, f"{run.wall:.2f}", f"{stock / run.wall:.1f}"]
        for name, run in found.chapter_runs.items()
    ]
    text = (
        f"The whole batch of `{chapter}`, once; starting the workers is divided among "
        f"{found.chapter_submissions} submissions here, and stock nbgrader runs the tests in the "
        "student's process:"
    )
    return f"{text}\n\n" + table(["", "s a submission", "times stock"], rows)


def _on_paper(found: Any) -> str:
    two, small, full = found.median(TWO), found.small, found.chapter
    writing = 1000 * found.writing[found.batch]
    at_start = 1000 * found.writing[100]
    coordinator = 1000 * two.cpu
    rate = 1000 / coordinator
    rows = []
    for name, figures in (("small assignment", small), ("chapter", full)):
        work = _cpu(figures)
        one = MANY * (work + coordinator) / 1000 / 2 / 3600
        cores = rate * work / 1000
        traffic = rate * figures["bytes"] / 1e6
        rows.append(
            [
                name, f"{work:.0f}", f"{one:.1f} h", f"{cores:.0f}",
                f"{MANY / rate / 60:.0f} min", f"{figures['bytes'] / 1000:.0f} kB",
                f"{traffic:.1f} MB/s",
            ]
        )  # fmt: skip
    heads = ["", "workers' CPU each, ms", "2 cores, one machine", "cores until the coordinator"]
    heads[-1] += " is the limit"
    heads += ["then", "there and back, each", "its network"]
    return (
        f"Workers share nothing, so {MANY:,} submissions take {MANY:,} times the CPU time of one, "
        f"divided by the cores, until the coordinator cannot follow: it is one process, it spends "
        f"{coordinator:.1f} ms of CPU on a submission, so {rate:.0f} submissions a second at most. "
        f"Of that, writing one submission into the gradebook and its folder costs "
        f"{at_start:.1f} ms at the start of a batch of {found.batch:,} and {writing:.1f} ms at its "
        f"end, which took {found.batch_wall:.0f} s on 2 workers.\n\n"
        + table(heads, rows)
        + f"\n\nMore cores than that gain nothing for one assignment. Beyond "
        f"{rate:.0f} submissions a second, divide the class: one coordinator and gradebook an "
        "assignment, or a part of the class, and PostgreSQL, where several may write at once."
    )
