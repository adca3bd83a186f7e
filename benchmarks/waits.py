"""``python -m benchmarks.waits``: the commands that people wait for, and how long each takes.

What it prints goes into a section of ``benchmarks/RESULTS.md``. The commands of the course run in a
copy of the checkout, from nothing, with the packages of this one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
from nbjudge.batch.coordinator import ParallelAutograde

from benchmarks.classes import COURSE, small_class
from benchmarks.grading import run
from benchmarks.results import machine, met, others_used, table, write_section

CLASS = 121
CHAPTER = "softmax"
Row = tuple[str, float, float, str]
"""What is waited for, seconds, at most how many, and what they are made of."""


def seconds(command: list[str], root: Path) -> float:
    """Run a command in a folder; return how long it took."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    took = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return took


def median(measure: Callable[[], float], rounds: int) -> float:
    """Return the median of some measurements."""
    return statistics.median(measure() for _ in range(rounds))


def grading(rounds: int) -> list[Row]:
    """Measure what an instructor waits for: one submission, nothing to do, the first of a class."""
    command = [sys.executable, "-m", "nbjudge", "autograde", "one"]
    bare = [sys.executable, "-c", "import nbgrader.apps"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        small_class(root, 1)
        cold = median(lambda: seconds([*command, "--force"], root), rounds)
        imports = median(lambda: seconds(bare, root), rounds)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        small_class(root, CLASS)
        seconds(command, root)
        idle = median(lambda: seconds(command, root), rounds)
    rows: list[Row] = [
        (
            "one small submission, cold command", cold, 1.5,
            f"nbgrader's imports alone take {imports:.2f} s; a sandbox and a judge start meanwhile "
            "(not at a course's first batch); then a known submission and the student's are graded",
        ),
        (
            f"a batch of {CLASS} with nothing to do", idle, 1.5,
            f"nbgrader's imports alone take {imports:.2f} s",
        ),
    ]  # fmt: skip

    def first(workers: int) -> float:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            course = small_class(Path(folder), 10)
            return run(ParallelAutograde, course, 10, workers=workers).first

    for workers in (1, 2):
        name = f"the first submission of a batch, {workers} worker{'s' * (workers > 1)}"
        limit = "a worker, its sandbox and judge start; the known submission is graded first"
        rows.append((name, median(lambda n=workers: first(n), rounds), 0.8, limit))
    return rows


def link(source: str, target: str) -> None:
    """Give a file a second name, or copy it where that lies on another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def copy_checkout(root: Path) -> None:
    """Copy what git knows, and the environment as links to its files."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=COURSE, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, names.split("\0")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(COURSE / name, root / name)
    shutil.copytree(COURSE / ".venv", root / ".venv", symlinks=True, copy_function=link)
    stamp = root / ".venv" / "installed-for"
    installed = stamp.read_text(encoding="utf-8")
    stamp.unlink()  # the checkout's own is the same file
    stamp.write_text(installed.replace(str(COURSE), str(root)), encoding="utf-8")


def course(tests: bool) -> list[Row]:
    """Measure what an author or a developer waits for, each once."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder).resolve()
        copy_checkout(root)
        check, again = (seconds(["make", "check"], root) for _ in range(2))
        publishing = [sys.executable, "-m", "publishing"]
        seconds([*publishing, "release"], root)
        both = seconds([*publishing, "build", "--quiet", "student", "instructor"], root)
        path = root / "book" / CHAPTER / f"{CHAPTER}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source += "\n\nOne sentence more."
        nbformat.write(notebook, path)
        edited = seconds([*publishing, "release"], root)
        edited += seconds([*publishing, "build", "--quiet", "student"], root)
        shutil.rmtree(root / "_build")
        shutil.rmtree(root / "release")
        shutil.copy2(COURSE / path.relative_to(root), path)
        everything = seconds(["make", "run"], root)
        rows: list[Row] = [
            (
                "both editions of the book, from scratch", both, 25,
                "Sphinx, the drawings, and the Python of the page, which is cut and packed anew",
            ),
            (
                "one chapter edited: its release and the student's edition", edited, 5,
                "Sphinx reads its environment and writes the chapter; the edition is searched for "
                "secrets",
            ),
            (
                "`make run`, without installation", everything, 90,
                "both editions, and nine chapters of the sample class graded from nothing",
            ),
            (
                "`make check`, the first time", check, 60,
                "the engine's types are checked without what mypy keeps",
            ),
            ("`make check`, again", again, 60, "lint, the tests of units, one chapter run"),
        ]  # fmt: skip
        if tests:
            rows.append(
                (
                    "`make test`, without installation", seconds(["make", "test"], root), 480,
                    "banks of answers, attacks, kills and browsers, all of it CPU",
                )
            )  # fmt: skip
    return rows


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="of the commands for grading")
    parser.add_argument("--tests", action="store_true", help="time `make test`, too")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    others = psutil.cpu_percent(interval=5) / 100
    rows = [*grading(options.rounds), *course(options.tests)]
    lines = [
        [name, f"{took:.1f} s", f"{most:g} s", met(took, most, at_most=True), limit]
        for name, took, most, limit in rows
    ]
    text = "\n\n".join(
        [
            f"On {machine('nbgrader', 'jupyter-book', 'sphinx')}. {others_used(others)}",
            f"Of the commands for grading the medians of {options.rounds}, of the others one run "
            "each, in a copy of the checkout with nothing made. The first submission of a batch is "
            "timed from when the batch begins, imports done.",
            table(["", "measured", "at most", "", "what it is made of"], lines),
        ]
    )
    print(text)
    if not options.print:
        write_section("What one waits for", text)


if __name__ == "__main__":
    main()
