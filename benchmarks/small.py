"""``python -m benchmarks.small``: small assignments that draw or import, beside stock nbgrader.

What it prints goes into a section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import warnings
from pathlib import Path
from typing import Any

import psutil
from nbgrader.converters import Autograde
from nbjudge.batch.coordinator import ParallelAutograde

from benchmarks.classes import ANSWER, SETUP, small_class
from benchmarks.grading import run
from benchmarks.results import machine, met, others_used, table, write_section

PLOT = "plt.plot([0, 1, 2], [1, 3, 2])\nplt.show()"
NUMPY = "import numpy as np"
KINDS: dict[str, tuple[float, dict[str, Any]]] = {
    "one plot, imported by the assignment": (18.0, {"setup": (SETUP, PLOT)}),
    **{
        f"submissions import {name}, the assignment does not": (
            15.0,
            {"setup": (NUMPY,), "answer": f"{line}\n\n\n{ANSWER}"},
        )
        for name, line in {
            "matplotlib": "import matplotlib.pyplot as plt",
            "pandas": "import pandas as pd",
            "sklearn": "from sklearn.linear_model import LogisticRegression",
        }.items()
    },
}
"""Kinds of assignments: how many times as fast as stock nbgrader, and what they are made of."""


def measure(kind: dict[str, Any], submissions: int, stock: int) -> tuple[float, float, float]:
    """Return the seconds of a submission, of stock nbgrader and of the engine with two workers.

    The third is the part of the engine's that passed before its first submission was graded.
    """
    walls: list[float] = []
    first = 0.0
    for contender, number, traits in (
        (Autograde, stock, {}),
        (ParallelAutograde, submissions, {"workers": 2}),
    ):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            course = small_class(Path(folder), number, **kind)
            if contender is Autograde:
                course.config.pop("Autograde", None)
            done = run(contender, course, number, **traits)
            walls.append(done.wall)
            first = done.first / number
    return walls[0], walls[1], first / walls[1]


def main() -> None:
    """Measure each kind, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--stock", type=int, default=10, help="submissions for stock nbgrader")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    others = psutil.cpu_percent(interval=5) / 100
    rows = []
    for name, (target, kind) in KINDS.items():
        walls = [measure(kind, options.submissions, options.stock) for _ in range(options.rounds)]
        stock, ours, first = (statistics.median(column) for column in zip(*walls, strict=True))
        ratio = stock / ours
        figures = [f"{stock:.2f}", f"{ours:.3f}", f"{first:.0%}", f"{ratio:.1f}"]
        rows.append([name, *figures, f"at least {target:g}", met(ratio, target)])
        print(" | ".join(rows[-1]), flush=True)
    text = "\n\n".join(
        [
            f"On {machine('nbgrader', 'ipykernel', 'matplotlib', 'pandas', 'scikit-learn')}. "
            f"{others_used(others)}",
            f"Seconds a submission, medians of {options.rounds}: {options.stock} submissions by "
            f"stock nbgrader and {options.submissions} by the engine as shipped with 2 workers, in "
            "turn, each from nothing; every fifth one is blank. Of the engine's time, the part "
            "given passes before the first is graded: two sandboxes and two judges start.",
            table(["", "stock, s", "engine, s", "of it, start", "times stock", "target", ""], rows),
        ]
    )
    if not options.print:
        write_section("Small assignments that draw or import", text)


if __name__ == "__main__":
    main()
