"""``python -m benchmarks.chapters``: what grading a submission of each chapter costs in one worker.

The submissions are those of the sample class; the figures go into a section of
``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

from benchmarks.anatomy import anatomy
from benchmarks.classes import COURSE, chapter_class
from benchmarks.results import machine, table, write_section
from publishing.notebooks.files import chapters_in_order


def measure(chapter: str, most: int) -> dict[str, float]:
    """Grade a chapter for some of the sample class, twice, and take the time apart.

    Once with every figure drawn, and once as shipped; of the second, the wall time is kept.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = chapter_class(Path(folder), chapter, most)[0]
        course.config.SandboxedExecute.figures = "all"
        figures = anatomy(course)
        course.config.SandboxedExecute.figures = "changed"
        return figures | {"wall as shipped": anatomy(course)["wall"]}


def row(chapter: str, figures: dict[str, float]) -> list[str]:
    """Lay out what was measured for one chapter."""
    together = sum(value for name, value in figures.items() if name.startswith("cpu "))
    drawing = figures.get("of pictures", 0.0)
    return [
        f"`{chapter}`", f"{figures['wall']:.0f}", f"{together:.0f}", f"{figures['cpu worker']:.0f}",
        f"{figures['cpu kernel']:.0f}", f"{drawing:.0f}", f"{figures['pictures']:.1f}",
        f"{figures['wall as shipped']:.0f}",
    ]  # fmt: skip


def main() -> None:
    """Measure every chapter, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=4, help="submissions of each chapter")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for chapter in chapters_in_order(COURSE):
        rows.append(row(chapter, measure(chapter, options.most)))
        print(" | ".join(rows[-1]), flush=True)
    heads = ["", "wall", "CPU together", "CPU of the worker", "CPU of the kernel"]
    heads += ["of it, in cells that draw", "pictures", "wall, as shipped"]
    text = (
        f"On {machine('nbgrader', 'ipykernel', 'matplotlib', 'altair')}.\n\nMilliseconds a "
        f"submission in one worker, judge on, {options.most} submissions of the sample class, the "
        "start of the worker left out. All columns but the last are with every figure drawn "
        '(`c.SandboxedExecute.figures = "all"`), as any other grader does; what it imports, its '
        "fonts and its parser of formulas are in the process from which kernels are forked. As "
        "shipped, a figure of a cell that is as it was released is named and not drawn.\n\n"
        f"{table(heads, rows)}"
    )
    if not options.print:
        write_section("The chapters", text)


if __name__ == "__main__":
    main()
