"""``python -m benchmarks.grading``: stock nbgrader and the engine on the same class, in one run.

Times and ratios are printed as a table; ``benchmarks/RESULTS.md`` keeps one.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

import nbformat
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grading.autograde import ParallelAutograde

SETUP = "import numpy as np\nimport matplotlib.pyplot as plt"
ANSWER = "def mean(x):\n    return sum(x) / len(x)"
TEST = "import numpy as np\nassert np.isclose(mean(np.arange({n})), ({n} - 1) / 2)"


def make_course(root: Path, submissions: int, judge: bool) -> NbGraderAPI:
    """Make a course of one small assignment, handed in by a class."""
    meta = {"locked": False, "schema_version": 3, "task": False, "grade": False, "solution": False}
    cells = [nbformat.v4.new_code_cell(SETUP), nbformat.v4.new_code_cell(ANSWER)]
    cells[1].metadata.nbgrader = meta | {"grade_id": "mean", "solution": True}
    for n in range(5, 10):
        cell = nbformat.v4.new_code_cell(TEST.format(n=n))
        cell.metadata.nbgrader = meta | {
            "grade_id": f"test-{n}", "grade": True, "locked": True, "points": 1,
        }  # fmt: skip
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3", "language": "python", "display_name": "Python 3",
    }  # fmt: skip
    (root / "source" / "one").mkdir(parents=True)
    nbformat.write(notebook, root / "source" / "one" / "one.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "bench"
    config.CourseDirectory.assignment_id = "one"
    config.SandboxedExecute.judge = judge
    course = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    result = course.generate_assignment("one")
    if not result["success"]:
        raise RuntimeError(result["log"])
    for number in range(submissions):
        folder = root / "submitted" / f"student-{number:05}" / "one"
        folder.mkdir(parents=True)
        shutil.copy(root / "release" / "one" / "one.ipynb", folder)
    return course


def run(kind: type, submissions: int, *, judge: bool = True, **traits: int) -> tuple[float, float]:
    """Grade a class once; return wall seconds and the CPU seconds of this process."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        course = make_course(Path(folder), submissions, judge)
        converter = kind(coursedir=course.coursedir, config=course.config, **traits)
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        converter.start()
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def main() -> None:
    """Run every contender in turn, three times, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--stock", type=int, help="submissions for stock nbgrader, if fewer")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    stock = options.stock or options.submissions
    contenders = {
        "stock nbgrader": lambda: run(Autograde, stock),
        "engine, 1 worker": lambda: run(ParallelAutograde, options.submissions, workers=1),
        "engine, 2 workers": lambda: run(ParallelAutograde, options.submissions, workers=2),
        "engine, 2 workers, judge off": lambda: run(
            ParallelAutograde, options.submissions, workers=2, judge=False
        ),
    }
    sizes = dict.fromkeys(contenders, options.submissions) | {"stock nbgrader": stock}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, contender in contenders.items():
            wall, cpu = contender()
            found[name].append((wall / sizes[name], cpu / sizes[name]))
    base = statistics.median(wall for wall, _ in found["stock nbgrader"])
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; ",
        end="",
    )
    print(f"{options.submissions} submissions ({stock} for stock), medians of {options.rounds}\n")
    print("| | s per submission | times stock | coordinator's CPU, ms |")
    print("|---|---|---|---|")
    for name, runs in found.items():
        wall, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"| {name} | {wall:.3f} | {base / wall:.1f} | {1000 * cpu:.1f} |")


if __name__ == "__main__":
    main()
