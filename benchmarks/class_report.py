"""How long does `nbjudge report` take for ten thousand submissions?

    python -m benchmarks.class_report

A thousand students with ten assignments, written straight into a gradebook, each submission with
its autograded notebook; and one assignment of ten thousand students.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbjudge.report.write import ReportSettings, ReportWriter
from traitlets.config import Config

from benchmarks.results import machine, table, write_section

sys.path.append(str(Path(__file__).resolve().parents[1] / "engine" / "tests" / "support"))

import class_gradebook

TASKS = tuple(class_gradebook.Task(f"exercise{n}", (1.0, 1.0, 2.0)) for n in range(8))
ANSWER = "def {name}(x):\n" + "    total = np.log(x) + {number}\n" * 12


def write_class(root: Path, students: int, assignments: int) -> None:
    """Write a gradebook, and the autograded notebook of each submission."""
    class_gradebook.TASKS = TASKS
    names = class_gradebook.students(students)
    points = {
        f"ps{n}": class_gradebook.draw_points(students, n, TASKS, missing=0.0)
        for n in range(assignments)
    }
    class_gradebook.make_gradebook(f"sqlite:///{root}/gradebook.db", names, points, TASKS)
    tests = [test for task in TASKS for test in task.tests]
    for assignment, given in points.items():
        for number, name in enumerate(names):
            failures = {
                test: ("AssertionError", f"{test}: expected {number}, got {number + 1}")
                for test, score in zip(tests, given[number], strict=True)
                if score == 0
            }
            answers = {task.name: ANSWER.format(name=task.name, number=number) for task in TASKS}
            class_gradebook.write_notebook(root, name, assignment, answers, failures)


def measure(students: int, assignments: int) -> list[str]:
    """Write a class and its report; return a row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_class(root, students, assignments)
        config = Config()
        config.CourseDirectory.update(root=folder, db_url=f"sqlite:///{root}/gradebook.db")
        writer = ReportWriter(CourseDirectory(config=config), ReportSettings())
        began = time.perf_counter(), sum(_cpu())
        writer.write([], root / "report")
        wall, cpu = time.perf_counter() - began[0], sum(_cpu()) - began[1]
        largest = max(path.stat().st_size for path in (root / "report").rglob("*.html"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"{students:,} students, {assignments} assignments", f"{wall:.1f} s", f"{cpu:.1f} s",
        f"{memory:.0f} MB", f"{largest / 1e6:.1f} MB",
    ]  # fmt: skip


def _cpu() -> list[float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return [part for one in used for part in (one.ru_utime, one.ru_stime)]


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    chosen = parser.parse_args()
    rows = [measure(1_000, 10), measure(10_000, 1)]
    heads = ["ten thousand submissions", "time", "CPU time", "memory so far", "the largest page"]
    text = f"On {machine('numpy', 'sqlalchemy', 'altair')}.\n\n{table(heads, rows)}"
    print(text)
    if not chosen.dry:
        write_section("The class report", text)


if __name__ == "__main__":
    main()
