"""``python -m nbjudge``: grade what is new in ``submitted/``, and say what came out."""

from __future__ import annotations

import nbjudge.lean  # noqa: F401  # isort: skip

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from nbformat.warnings import MissingIDFieldWarning
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import SAWarning

from nbjudge.batch.coordinator import BatchInterrupted
from nbjudge.commands.grade import assignments, find_alembic, grade, load_course
from nbjudge.commands.summary import format_table, summarise, write_grades
from nbjudge.untrusted_text import printable, printable_lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command in the course's folder; return the exit code.

    Submissions that cannot be graded are named and do not count as a failure of the command: the
    class is graded, and a person looks at ``incidents.csv``.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    find_alembic()
    # What nbgrader's own code makes its libraries say is no news for an instructor.
    warnings.simplefilter("ignore", SAWarning)
    warnings.simplefilter("ignore", MissingIDFieldWarning)
    if arguments[:1] == ["autograde"]:
        from nbjudge.commands.autograde import ParallelAutogradeApp

        ParallelAutogradeApp.launch_instance(arguments[1:])
        return 0
    if arguments[:1] == ["feedback"]:
        from nbjudge.commands.feedback import ParallelFeedbackApp

        ParallelFeedbackApp.launch_instance(arguments[1:])
        return 0
    if arguments[:1] == ["doctor"]:
        from nbjudge.commands.doctor import main as doctor

        return doctor()
    parser = argparse.ArgumentParser(prog="python -m nbjudge", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grading = commands.add_parser("grade", help="autograde what is new, write feedback and grades")
    grading.add_argument("assignments", nargs="*", help="default: all that the gradebook knows")
    grading.add_argument("--student", action="append", help="only this student; may be repeated")
    grading.add_argument("--force", action="store_true", help="grade again what is graded")
    commands.add_parser("autograde", help="as `nbgrader autograde`, in parallel", add_help=False)
    commands.add_parser(
        "feedback", help="as `nbgrader generate_feedback`, in parallel", add_help=False
    )
    commands.add_parser("doctor", help="say whether this machine can grade safely")
    grading.add_argument("--workers", type=int, help="submissions at a time; default: the cores")
    options = parser.parse_args(arguments)
    root = Path()
    try:
        course = load_course(root)
        names = options.assignments or assignments(course)
        incidents = []
        for name in names:
            incidents += grade(
                course,
                name,
                students=options.student,
                force=options.force,
                workers=options.workers,
                progress=_say,
            )
    except (FileNotFoundError, ValueError, NbGraderException) as error:
        print(printable_lines(str(error)), file=sys.stderr)
        return 130 if isinstance(error, BatchInterrupted) else 1
    write_grades(course, root / "grades.csv")
    with course.gradebook as gradebook:
        print(f"\n{format_table(summarise(gradebook, names, incidents))}\n")
    for graded, head in (("no", "Not graded"), ("yes", "Graded, and to be looked at")):
        told = [i for i in dict.fromkeys(incidents) if i.graded == graded]
        if told:
            print(f"{head} (incidents.csv):")
        for incident in told:
            print(printable(f"  {incident.file}: {incident.what}"))
    print("Grades are in grades.csv and gradebook.db, feedback for students in feedback/.")
    return 0


def _say(line: str) -> None:
    """Show progress: on a terminal over itself, elsewhere line by line."""
    line = printable(line)
    if sys.stdout.isatty():
        print(f"\r\x1b[K{line}", end="", flush=True)
    else:
        print(line, flush=True)


def run() -> None:
    """Be the console script ``nbjudge``."""
    sys.exit(main())


if __name__ == "__main__":
    run()
