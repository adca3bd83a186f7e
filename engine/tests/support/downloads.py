"""Downloads of submissions, and tables, as the universities' systems make them.

Names and columns are those of their documentation: Canvas *Download Submissions* and *Export
gradebook*, Moodle *Download all submissions* and the grading worksheet, Brightspace *Download*
and *Export grades*.
"""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import small_course
from small_course import ANSWERS, NAME

CLASS = {
    "ada": ("Ada", "Lovelace", "ada@example.org", 101),
    "zoe": ("Zoë", "O'Brien-Müller", "zoe@example.org", 102),
    "kurt": ("Kurt", "Gödel", "kurt@example.org", 103),
    "emmy": ("Emmy", "Noether", "emmy@example.org", 104),
}
"""First name, last name, address and number, by login."""


def make_zip(path: Path, entries: dict, when=(2026, 11, 3, 10, 15, 0)) -> Path:
    """Write a zip; a value is the contents, or the contents and when."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            contents, time = data if isinstance(data, tuple) else (data, when)
            made.writestr(zipfile.ZipInfo(name, time), contents, zipfile.ZIP_DEFLATED)
    return path


def table(rows: list[list[str]], delimiter: str = ",", mark: bool = False) -> bytes:
    """Return a table as a system writes it."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return (b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode()


def roster() -> bytes:
    """Return the class as ``students.csv``."""
    rows = [[login, first, last, email] for login, (first, last, email, _) in CLASS.items()]
    return table([["student_id", "first_name", "last_name", "email"], *rows])


def canvas_gradebook() -> bytes:
    """Return Canvas' export: its own rows and columns, and the test student."""
    heads = [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *("tiny (5551)", "Essay (5552)", "Current Score", "Final Score"),
    ]
    rows = [
        heads,
        ["", "", "", "", "", "Manual Posting", "", "(read only)", "(read only)"],
        ["    Points Possible", "", "", "", "", "6.00", "10.00", "(read only)", "(read only)"],
    ]
    for login, (first, last, _, number) in CLASS.items():
        name = f"{last}, {first}"
        rows.append([name, str(number), f"S{number}", login, "A", "", "7.5", "75", "75"])
    rows.append(['=cmd|" /C calc"!A0', "199", "S199", "mallory", "A", "", "", "", ""])
    rows.append(["Student, Test", "999", "", "9a8b7c", "A", "", "", "", ""])
    return table(rows)


def moodle_worksheet() -> bytes:
    """Return a German grading worksheet: semicolons, a byte order mark, decimal commas."""
    heads = [
        *("ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung"),
        *("Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Feedback als Kommentar"),
    ]
    rows = [heads]
    for first, last, email, number in CLASS.values():
        rows.append(
            [
                *(f"Teilnehmer/in{number}900", f"{first} {last}", email, "Zur Bewertung abgegeben"),
                *("", "6,00", "Ja", "Dienstag, 3. November 2026, 10:15", ""),
            ]
        )
    return table(rows, ";", mark=True)


def moodle_grades() -> bytes:
    """Return an English export of Moodle's grader report, for import."""
    heads = [
        *("First name", "Last name", "ID number", "Email address"),
        *("Assignment: tiny (Real)", "Course total (Real)"),
    ]
    rows = [[f, last, "", mail, "-", "-"] for f, last, mail, _ in CLASS.values()]
    return table([heads, *rows], mark=True)


def brightspace_grades() -> bytes:
    """Return Brightspace's export."""
    heads = [
        *("OrgDefinedId", "Username", "Last Name", "First Name", "Email"),
        "tiny Points Grade <Numeric MaxPoints:6 Weight:10 Category:Homework>",
        "End-of-Line Indicator",
    ]
    rows = [
        [f"#{number}", f"#{login}", last, first, email, "", "#"]
        for login, (first, last, email, number) in CLASS.items()
    ]
    return table([heads, *rows])


def configure(root: Path) -> None:
    """Tell a course where it is, with the engine's own configuration and few processes."""
    small_course.configure(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(
            "import nbjudge\nnbjudge.configure(c)\n"
            "c.SandboxedExecute.preload = []\nc.ParallelAutograde.workers = 1\n"
        )


def hand_in(root: Path) -> None:
    """Import the class, collect from Moodle what three of four handed in, and grade it."""
    from in_a_fork import nbjudge

    configure(root)
    shutil.rmtree(root / "submitted")
    (root / "students.csv").write_bytes(roster())
    with small_course.open_course(root).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-04 00:00:00")
    text = (root / "release" / NAME / f"{NAME}.ipynb").read_text()
    answers = [text.replace("# YOUR CODE HERE", ANSWERS[n].split("\n    ")[1], 1) for n in (0, 1)]
    answers = [answer.replace("raise NotImplementedError()", "", 1) for answer in answers]
    make_zip(root / "download.zip", {
        "Ada Lovelace_101900_assignsubmission_file_/tiny.ipynb": answers[0],
        "O'Brien-Müller Zoë_102900_assignsubmission_file_/tiny.ipynb":
            (answers[0], (2026, 11, 5, 12, 0, 0)),
        "Kurt Gödel_103900_assignsubmission_file_/tiny.ipynb": answers[1],
    })  # fmt: skip
    for command in (
        ("students", "import", "students.csv"),
        ("collect", "--from", "moodle", "download.zip", "--timezone", "UTC"),
        ("grade", NAME),
    ):
        done = nbjudge(root, *command)
        assert done.code == 0, done.out + done.err
