"""``python -m samples``: write the sample class to ``submitted/``, and what it should get.

Submissions are made from the released notebooks and the answer banks. What is there already and
the same is left alone; in a course that has students of its own nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbjudge.commands.grade import load_course

from publishing.notebooks.files import chapters_in_order
from samples.answers import read_banks
from samples.students import CLASS, Student
from samples.submission import delete_cell, exercises, put_answers, read_release

DUE = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
"""When the sample class had to hand in the first chapter; the next are due a week apart."""

EXPECTED = Path(__file__).resolve().parent / "expected.csv"
"""The points that every submission of the sample class must get, one row each."""

MARK = ".sample"
"""The file that says that a student's folder belongs to the sample class."""


class NotASampleError(Exception):
    """The course has students of its own; the sample class does not join them."""


def due_date(chapters: Sequence[str], chapter: str) -> datetime:
    """Return when a chapter is due for the sample class."""
    return DUE + timedelta(weeks=list(chapters).index(chapter))


def submission(student: Student, number: int, chapter: str, released: NotebookNode) -> str:
    """Make the text of the file that a student hands in.

    Parameters
    ----------
    student : Student
        Who hands in.
    number : int
        The chapter's place in the book, from 0.
    chapter : str
        The chapter's folder name.
    released : NotebookNode
        The notebook that students of the chapter receive.

    Returns
    -------
    str
        A notebook in JSON, or whatever the student's broken file holds.
    """
    if student.broken and number in student.broken:
        return student.broken[number]
    banks = ordered_banks(chapter, released)
    answers = {name: answer.source for name, answer in student.choice(banks).items()}
    if student.derivation:
        derivation = next(cell.id for cell in released.cells if cell.id.endswith("derivation"))
        answers[derivation] = student.derivation
    notebook = put_answers(released, answers)
    if student.delete_first_test:
        first = next(iter(exercises(released).values()))
        notebook = delete_cell(notebook, next(iter(first)))
    return nbformat.writes(notebook)


def ordered_banks(chapter: str, released: NotebookNode):
    """Read a chapter's banks, in the order of its exercises."""
    banks = read_banks(chapter)
    return {exercise: banks[exercise] for exercise in exercises(released)}


def expected_points(student: Student, number: int, chapter: str, released: NotebookNode):
    """Work out what a submission must get, from what its answers say of themselves.

    Returns
    -------
    tuple of float and float, or None
        Points of the tests that are passed, and what lateness takes from them; None where the
        file cannot be graded.
    """
    if student.broken and number in student.broken:
        return None
    chosen = student.choice(ordered_banks(chapter, released))
    points = 0.0
    for exercise, tests in exercises(released).items():
        if exercise in chosen:
            fails = chosen[exercise].fails
            points += sum(p for test, p in tests.items() if test not in fails and "*" not in fails)
    days = max(0, -(-student.hours_late // 24))
    return points, points * min(0.1 * days, 0.5)


def write_class(root: Path, only: Collection[str] | None = None) -> int:
    """Write every submission of the sample class that is not there yet.

    Parameters
    ----------
    root : Path
        The course's folder.
    only : collection of str, optional
        The chapters to hand in, by default all.

    Returns
    -------
    int
        How many files were written.

    Raises
    ------
    NotASampleError
        If anybody else has handed in or stands in the gradebook: strangers would join their class,
        and the due dates of the sample class would cost them points.
    """
    chapters = chapters_in_order(root)
    wanted = set(chapters if only is None else only)
    released = {
        chapter: read_release(chapter, root / "release")
        for chapter in chapters
        if chapter in wanted
    }
    course = load_course(root)
    with course.gradebook as gradebook:
        others = real_students(root, gradebook)
        if others:
            more = f" and {len(others) - 5} more" if len(others) > 5 else ""
            raise NotASampleError(
                f"{', '.join(others[:5])}{more}: not of the sample class, so this is a real "
                "course, and nothing is written. Grade your own class with `make grade`."
            )
        for chapter in released:
            due = due_date(chapters, chapter).replace(tzinfo=None)
            if gradebook.find_assignment(chapter).duedate is None:
                gradebook.update_or_create_assignment(chapter, duedate=due)
    written = 0
    for student in CLASS:
        (root / "submitted" / student.name).mkdir(parents=True, exist_ok=True)
        (root / "submitted" / student.name / MARK).touch()
        for number, chapter in list(enumerate(chapters))[: student.chapters]:
            if chapter not in released:
                continue
            folder = root / "submitted" / student.name / chapter
            folder.mkdir(exist_ok=True)
            handed_in = due_date(chapters, chapter) + timedelta(hours=student.hours_late)
            files = {
                f"{chapter}.ipynb": submission(student, number, chapter, released[chapter]),
                "timestamp.txt": handed_in.strftime("%Y-%m-%d %H:%M:%S %Z"),
            }
            for name, text in files.items():
                path = folder / name
                if not path.exists() or path.read_text(encoding="utf-8") != text:
                    path.write_text(text, encoding="utf-8")
                    written += 1
                    # The same hour on a new file: nbgrader would take the old grade for good.
                    shutil.rmtree(root / "autograded" / student.name / chapter, ignore_errors=True)
    return written


def real_students(root: Path, gradebook: Gradebook) -> list[str]:
    """Name the students of a course whom the sample class did not bring."""
    submitted = root / "submitted"
    folders = submitted.iterdir() if submitted.exists() else []
    handed_in = {
        folder.name
        for folder in folders
        if folder.is_dir() and not folder.name.startswith(".") and not (folder / MARK).exists()
    }
    known = {student.id for student in gradebook.students}
    return sorted(handed_in | (known - {student.name for student in CLASS}))


def expected_rows(root: Path) -> list[list[str]]:
    """List what every submission must get: student, chapter, points, late penalty, story."""
    rows = []
    chapters = chapters_in_order(root)
    released = {chapter: read_release(chapter, root / "release") for chapter in chapters}
    for student in CLASS:
        for number, chapter in list(enumerate(chapters))[: student.chapters]:
            expected = expected_points(student, number, chapter, released[chapter])
            points, penalty = ("", "") if expected is None else (f"{x:g}" for x in expected)
            rows.append([student.name, chapter, points, penalty, student.story])
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sample class; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m samples", description=__doc__)
    parser.add_argument(
        "--expect", action="store_true", help="rewrite samples/expected.csv from the answer banks"
    )
    options = parser.parse_args(arguments)
    root = Path()
    try:
        if options.expect:
            with EXPECTED.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["student", "chapter", "points", "late_penalty", "story"])
                writer.writerows(expected_rows(root))
            print(f"{EXPECTED.name} written")
            return 0
        written = write_class(root)
    except (FileNotFoundError, NotASampleError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"sample class: {len(CLASS)} students, {written or 'no'} files written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
