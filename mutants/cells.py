"""Exercises with their test cells, and running these against an answer."""

from __future__ import annotations

import os
import re
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import nbformat
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted(path.parent.name for path in (ROOT / "book").glob("*/*.ipynb"))

_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)


class OutOfTime(BaseException):
    """A test cell has used up its CPU time; no ``except Exception`` of an answer stops it."""


@dataclass(frozen=True)
class Test:
    """One test cell.

    Parameters
    ----------
    name : str
        Its ``grade_id``.
    code : CodeType
        All of it.
    visible : CodeType
        What a student sees of it.
    has_hidden : bool
        Whether there is more in it than a student sees.
    """

    __test__ = False

    name: str
    code: CodeType
    visible: CodeType
    has_hidden: bool


@dataclass(frozen=True)
class Exercise:
    """One exercise of a chapter.

    Parameters
    ----------
    chapter : str
        The chapter's folder.
    name : str
        The function that it asks for.
    tests : tuple of Test
        In the order of the notebook.
    earlier : tuple of str
        The functions that the exercises before it ask for.
    """

    chapter: str
    name: str
    tests: tuple[Test, ...]
    earlier: tuple[str, ...]


def read_exercises(chapter: str, root: Path = ROOT) -> list[Exercise]:
    """Read the exercises of a chapter from its notebook.

    Parameters
    ----------
    chapter : str
        The chapter's folder.
    root : Path
        The course.

    Returns
    -------
    list of Exercise
        In the order of the notebook.
    """
    path = root / "book" / chapter / f"{chapter}.ipynb"
    tests: dict[str, list[Test]] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and nbgrader.get("solution"):
            current = tests.setdefault(nbgrader.grade_id, [])
        elif cell.cell_type == "code" and nbgrader.get("grade"):
            seen = _HIDDEN.sub("", cell.source)
            compiled = (compile(text, nbgrader.grade_id, "exec") for text in (cell.source, seen))
            current.append(Test(nbgrader.grade_id, *compiled, seen != cell.source))
    names = list(tests)
    return [
        Exercise(chapter, name, tuple(tests[name]), tuple(names[:number]))
        for number, name in enumerate(names)
    ]


def failure(code: CodeType, name: str, function: Callable, seconds: float) -> str | None:
    """Run a test cell against a function.

    Parameters
    ----------
    code : CodeType
        The test cell.
    name : str
        What the exercise asks for.
    function : callable
        The answer.
    seconds : float
        CPU time that the cell may use.

    Returns
    -------
    str or None
        What went wrong; None if the cell passes.
    """
    try:
        with _quiet(), _cpu_time(seconds):
            exec(code, {"__name__": "__main__", name: function})
    except OutOfTime:
        return f"OutOfTime: more than {seconds:.0f} s"
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"
    return None


def failures(exercise: Exercise, function: Callable, seconds: float) -> Iterator[tuple[str, str]]:
    """Yield the name of each test cell that a function fails, and what went wrong."""
    for test in exercise.tests:
        wrong = failure(test.code, exercise.name, function, seconds)
        if wrong is not None:
            yield test.name, wrong


@contextmanager
def _quiet() -> Iterator[None]:
    """Let warnings and printed text pass as they do in a kernel, unseen."""
    with (
        open(os.devnull, "w") as nowhere,
        warnings.catch_warnings(),
        np.errstate(all="warn", under="ignore"),
        redirect_stdout(nowhere),
    ):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _cpu_time(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` in the code within after some seconds of CPU time, not of the clock."""

    def stop(signum, frame):
        raise OutOfTime

    before = signal.signal(signal.SIGPROF, stop)
    # Again and again, should a handler of the answer swallow the first.
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
