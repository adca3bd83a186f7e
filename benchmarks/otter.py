"""``python -m benchmarks.otter``: the small assignment beside Otter-Grader, in one run.

Otter-Grader is installed in an environment of its own in a temporary folder, which needs a package
registry. What is printed goes into a section of ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import nbformat
import psutil
from nbjudge.batch.coordinator import ParallelAutograde

from benchmarks.classes import ANSWER, SETUP, small_class
from benchmarks.grading import run
from benchmarks.results import machine, met, others_used, table, write_section

TARGET = 15.0
TESTS = """from otter.test_files import test_case

OK_FORMAT = False
name = "mean"
"""
TEST = """

@test_case(points=1)
def test_{n}(env):
    import numpy as np

    assert np.isclose(env["mean"](np.arange({n})), ({n} - 1) / 2)
"""
# As an instructor's script calls it; its own command for a class wraps each call in a container.
GRADE = """
import contextlib, io, json, sys, time
from otter.api import grade_submission

seconds = []
for path in sys.argv[2:]:
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        graded = grade_submission(path, sys.argv[1], quiet=True)
    assert graded.total == 5, graded.total
    seconds.append(time.perf_counter() - began)
print(json.dumps(seconds))
"""


class Otter:
    """Otter-Grader in an environment of its own.

    Parameters
    ----------
    folder : Path
        Where it is installed, and where its files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._python = folder / "venv" / "bin" / "python"
        uv = [sys.executable, "-m", "uv", "--quiet"]
        _call([*uv, "venv", "--python", sys.executable, folder / "venv"])
        install = [*uv, "pip", "install", "--compile-bytecode", "--python", self._python]
        _call([*install, "otter-grader", "numpy", "matplotlib", "ipykernel"])
        code = "from importlib.metadata import version; print(version('otter-grader'))"
        self.version = _call([self._python, "-c", code]).strip()
        tests = folder / "tests"
        tests.mkdir()
        text = TESTS + "".join(TEST.format(n=n) for n in range(5, 10))
        (tests / "mean.py").write_text(text, encoding="utf-8")
        self._grader = folder / "autograder.zip"
        otter = folder / "venv" / "bin" / "otter"
        _call([otter, "generate", "-t", tests, "--no-environment", "-o", self._grader])

    def seconds(self, submissions: int) -> float:
        """Grade so many submissions, one after the other; return the seconds of one."""
        begin = "import otter\n\ngrader = otter.Notebook()"
        sources = [begin, SETUP, ANSWER, 'grader.check("mean")']
        notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, sources)])
        notebook.metadata.kernelspec = {
            "name": "python3", "language": "python", "display_name": "Python 3",
        }  # fmt: skip
        paths = [self._folder / f"student-{number}.ipynb" for number in range(submissions)]
        for path in paths:
            nbformat.write(notebook, path)
        (self._folder / "grade.py").write_text(GRADE, encoding="utf-8")
        said = _call([self._python, self._folder / "grade.py", self._grader, *paths])
        return statistics.mean(json.loads(said.splitlines()[-1]))


def _call(command: list) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")
    return done.stdout


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=100, help="for the engine")
    parser.add_argument("--otter", type=int, default=10, help="submissions for Otter-Grader")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    others = psutil.cpu_percent(interval=5) / 100
    rounds = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        otter = Otter(Path(folder))
        for number in range(options.rounds):
            theirs = otter.seconds(options.otter)
            with tempfile.TemporaryDirectory(prefix="bench-") as course:
                small = small_class(Path(course), options.submissions)
                ours = run(ParallelAutograde, small, options.submissions, workers=2).wall
            rounds.append((theirs, ours))
            print(f"round {number + 1}: {theirs:.2f} s and {ours:.3f} s", flush=True)
    theirs, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = theirs / ours
    text = "\n\n".join(
        [
            f"On {machine('nbgrader', 'ipykernel')}, Otter-Grader {otter.version}. "
            f"{others_used(others)}",
            f"The small assignment (numpy, matplotlib, one function, five tests), medians of "
            f"{options.rounds}: {options.otter} submissions by Otter's `grade_submission` in one "
            f"process, {options.submissions} by the engine with 2 workers, in turn. Otter runs a "
            "submission here without a sandbox; its command for a class, `otter grade`, does the "
            "same in a Docker container for each submission, which was not measured. The engine "
            "runs it in bubblewrap, its tests in the judge, and every fifth one is blank.",
            table(
                ["", "s a submission", "times Otter", "target", ""],
                [
                    ["Otter-Grader", f"{theirs:.2f}", "1.0", "", ""],
                    [
                        "engine, 2 workers", f"{ours:.3f}", f"{ratio:.1f}",
                        f"at least {TARGET:g}", met(ratio, TARGET),
                    ],
                ],
            ),
        ]
    )  # fmt: skip
    print(text)
    if not options.print:
        write_section("Grading beside Otter-Grader", text)


if __name__ == "__main__":
    main()
