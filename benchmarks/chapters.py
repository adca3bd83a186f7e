"""``python -m benchmarks.chapters``: what grading a submission of each chapter costs in one worker.

The submissions are those of the sample class; the figures go into a section of
``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import warnings
from pathlib import Path

from nbjudge.batch.coordinator import ParallelAutograde

from benchmarks.anatomy import anatomy
from benchmarks.cells_alone import cpu_of_cells
from benchmarks.classes import COURSE, chapter_class
from benchmarks.grading import run
from benchmarks.results import machine, met, table, write_section
from publishing.notebooks.files import chapters_in_order

SHARE = (
    "the worker (reading, nbgrader's steps, writing), a round of messages for each cell, a judge "
    "for each notebook, and the crossing of each call between a test and a function"
)
OWN_SHARE = 150.0
"""At most how many milliseconds of CPU the engine is to add to a chapter's own."""


def measure(chapter: str, most: int) -> dict[str, float]:
    """Grade a chapter for some of the sample class, and take the time apart.

    Returns
    -------
    dict of str to float
        What `anatomy` found with every figure drawn; the wall time as shipped; and ``alone``, the
        CPU of the same submissions' cells by themselves. All in milliseconds.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        course, number = chapter_class(root, chapter, most)
        course.config.SandboxedExecute.figures = "all"
        found = anatomy(course)
        run(ParallelAutograde, course, number, workers=1)  # for notebooks with all their tests
        graded = sorted((root / "autograded").glob(f"*/{chapter}/{chapter}.ipynb"))
        alone = 1000 * statistics.mean(cpu_of_cells(root, graded))
        course.config.SandboxedExecute.figures = "changed"
        return found | {"alone": alone, "wall as shipped": anatomy(course)["wall"]}


def row(chapter: str, found: dict[str, float]) -> list[str]:
    """Lay out what was measured for one chapter."""
    names = ("wall", "cpu", "cpu worker", "cpu kernel", "of pictures", "alone", "own")
    figures = [f"{found[name]:.0f}" for name in names]
    return [f"`{chapter}`", *figures, f"{found['pictures']:.1f}", f"{found['wall as shipped']:.0f}"]


def main() -> None:
    """Measure every chapter, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=4, help="submissions of each chapter")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows, own = [], []
    for chapter in chapters_in_order(COURSE):
        found = measure(chapter, options.most)
        found["cpu"] = sum(value for name, value in found.items() if name.startswith("cpu "))
        found["own"] = found["cpu"] - found["alone"]
        own.append(found["own"])
        rows.append(row(chapter, found))
        print(" | ".join(rows[-1]), flush=True)
    heads = ["", "wall", "CPU together", "of the worker", "of the kernel", "of it, cells that draw"]
    heads += ["the cells alone", "the engine's own share", "pictures", "wall, as shipped"]
    share = statistics.median(own)
    text = (
        f"On {machine('nbgrader', 'ipykernel', 'matplotlib', 'altair')}.\n\nMilliseconds a "
        f"submission in one worker, judge on, {options.most} submissions of the sample class, the "
        "start of the worker left out. All columns but the last are with every cell run and every "
        'figure drawn (`c.SandboxedExecute.figures = "all"`), as any other grader does; what is '
        "imported, its fonts and its parser of formulas are in the process from which kernels are "
        "forked. As shipped, a cell that is as it was released and that no exercise depends on is "
        "not run. The cells alone: the CPU of the same notebooks, tests and all, in IPython's "
        "shell, in forks of a process that has imported the same. The engine's own share is what "
        f"grading takes beyond that: {SHARE}.\n\n{table(heads, rows)}\n\n"
        + table(
            ["", "measured", "target", ""],
            [
                [
                    "the engine's own share of a chapter, CPU, median",
                    f"{share:.0f} ms",
                    f"at most {OWN_SHARE:.0f} ms",
                    met(share, OWN_SHARE, at_most=True),
                ]
            ],
        )
    )
    if not options.print:
        write_section("The chapters", text)


if __name__ == "__main__":
    main()
