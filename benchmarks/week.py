"""One week of an instructor with a large class, by the console script alone: how long, and right?

    python -m benchmarks.week

From Moodle's zip to Canvas' table: import, collect, grade, report, similar, regrade after a hidden
test was mended, export. What comes out is compared with what the class was made of.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from nbjudge.commands.grade import load_course

from benchmarks.large_class import (
    CHAPTER,
    DUE,
    WRONG_TEST,
    ZONE,
    LargeClass,
    hand_in,
    make_course,
    mend_course,
)
from benchmarks.results import machine, table, write_section

_SHARE = 0.1  # of the points, for a started day
_MOST = 0.5


class WeekError(Exception):
    """A command failed, or did something else than the class was made for."""


@dataclass
class Step:
    """A command as it was typed, and what it took.

    Attributes
    ----------
    name : str
        What it is for.
    words : str
        The command.
    wall, cpu : float
        Seconds; of all that runs on the machine meanwhile.
    said : str
        What it printed.
    """

    name: str
    words: str
    wall: float
    cpu: float
    said: str


@dataclass
class Week:
    """The commands of a week, and the class that they were typed for."""

    made: LargeClass
    steps: list[Step] = field(default_factory=list)


Typist = Callable[[Path, Sequence[str]], tuple[int, str]]
"""Types a command of ``nbjudge`` in a course: returns its exit code, and what it printed."""


def run_week(
    folder: Path,
    count: int,
    *,
    seed: int = 0,
    rehearse: bool = True,
    typist: Typist | None = None,
) -> Week:
    """Make a class and go through a week with it.

    Parameters
    ----------
    folder : Path
        Where the course and the downloads are put.
    count : int
        How many are enrolled.
    seed : int
        For what is drawn.
    rehearse : bool
        Whether the regrade is shown first, by a command of its own.
    typist : callable
        How commands are typed; by default each is a process of the console script.

    Raises
    ------
    WeekError
        If a command fails, or if what came out is not what was put in.
    """
    course, downloads = folder / "course", folder / "downloads"
    make_course(course)
    api = load_course(course)
    released = api.generate_assignment(CHAPTER)
    if not released["success"]:
        raise WeekError(released["log"])
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment(CHAPTER, duedate=DUE)
    week = Week(hand_in(course, downloads, count, seed))

    def step(name: str, *words: str) -> None:
        before, cpu = time.perf_counter(), _cpu()
        code, said = (typist or _by_process)(course, words)
        taken = time.perf_counter() - before, _cpu() - cpu
        week.steps.append(Step(name, f"nbjudge {' '.join(words)}", *taken, said))
        if code:
            raise WeekError(f"`{week.steps[-1].words}` ended with {code}:\n{said}")

    step("names and extra days", "students", "import", "students.csv")
    step(
        "Moodle's zip", "collect", CHAPTER, "--from", "moodle", "../downloads/submissions.zip",
        "--roster", "../downloads/worksheet.csv", "--timezone", ZONE,
    )  # fmt: skip
    step("grading", "grade", CHAPTER)
    _check_grades(week, mended=False)
    step("the report", "report")
    _check_report(week)
    step("similarity", "similar", CHAPTER)
    _check_similar(week)
    mend_course(course)
    if rehearse:
        step("regrade, shown", "regrade", CHAPTER, "--dry-run")
        _check_grades(week, mended=False)
    step("regrade, written", "regrade", CHAPTER, "--yes", "--because", "a list is right, too")
    _check_grades(week, mended=True)
    step(
        "Canvas' table", "export", CHAPTER, "--to", "canvas", "--roster", "../downloads/canvas.csv"
    )
    _check_canvas(week)
    return week


def _by_process(course: Path, words: Sequence[str]) -> tuple[int, str]:
    program = Path(sys.executable).with_name("nbjudge")
    done = subprocess.run([program, *words], cwd=course, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def _cpu() -> float:
    """Return the CPU seconds that the whole machine has used.

    Kernels and judges that were ended with their sandbox are in no account of their parents.
    """
    used = psutil.cpu_times()
    return used.user + used.nice + used.system


def _check(right: bool, what: str) -> None:
    if not right:
        raise WeekError(what)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


# -- what must come out ----------------------------------------------------------------------------


def expected_scores(made: LargeClass, *, mended: bool) -> dict[str, float]:
    """Return what honest students must have, lateness taken off."""
    scores = {}
    for login, points in made.points.items():
        earned = points if mended else points - made.lost[login]
        scores[login] = earned * (1 - min(_SHARE * made.days_late[login], _MOST))
    return scores


def _check_grades(week: Week, *, mended: bool) -> None:
    given = {row["student_id"]: row["score"] for row in _read(week.made.course / "grades.csv")}
    wrong = [
        f"{login}: {given.get(login)} instead of {score:g}"
        for login, score in expected_scores(week.made, mended=mended).items()
        if abs(float(given.get(login) or "nan") - score) > 0.01 or login not in given
    ]
    _check(not wrong, f"grades.csv: {'; '.join(wrong[:5])} and {len(wrong) - 5} more")


def _check_report(week: Week) -> None:
    """Among the failures of right answers are those of the wrong test, and it stands first."""
    rows = _read(week.made.course / "report" / "failures.csv")
    of_test = {row["student"] for row in rows if row["cell"] == WRONG_TEST}
    hit = {login for login, lost in week.made.lost.items() if lost}
    _check(hit <= of_test, f"failures.csv does not name {sorted(hit - of_test)[:5]}")


def _check_similar(week: Week) -> None:
    """Most of the planted pairs stand at the top of the list, as many as were planted."""
    found = [
        frozenset((row["student"], row["other"]))
        for row in _read(week.made.course / "similar" / "pairs.csv")
    ][: 2 * len(week.made.planted)]
    there = sum(pair in found for pair in week.made.planted)
    _check(2 * there >= len(week.made.planted), f"only {there} planted pairs are near the top")


def _check_canvas(week: Week) -> None:
    rows = _read(week.made.course / "export-canvas.csv")
    column = next(head for head in rows[0] if head.startswith(CHAPTER))
    given = {row["SIS Login ID"]: row[column] for row in rows}
    scores = expected_scores(week.made, mended=True)
    wrong = [x for x in scores if abs(float(given[x] or "nan") - scores[x]) > 0.01]
    _check(not wrong, f"export-canvas.csv is wrong for {wrong[:5]}")


def main() -> None:
    """Go through the week, and write the section."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="a folder that is kept, to look at")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        week = run_week(folder, chosen.students)
    rows = [
        [step.name, f"`{step.words.split(' --')[0]}`", f"{step.wall:.1f} s", f"{step.cpu:.1f} s"]
        for step in week.steps
    ]
    text = "\n\n".join(
        [
            f"On {machine('nbgrader', 'ipykernel', 'numpy')}.",
            f"{chosen.students} students are enrolled, {len(week.made.days_late)} handed in the "
            f"chapter `{CHAPTER}`: answers from the banks, some late or blank, planted copies, a "
            "broken file, and a hidden test that "
            "is wrong until the regrade. Every grade is compared with what the banks say.",
            table(["", "command", "time", "CPU time"], rows),
            "CPU time is that of the whole machine while a command runs; where other work has the "
            "cores, or there are more of them, the time is another.",
        ]
    )
    print(text)
    if not chosen.dry:
        write_section("A week with a large class", text)


if __name__ == "__main__":
    main()
