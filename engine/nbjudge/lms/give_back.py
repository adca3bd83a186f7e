"""The feedback of a class as the zip that a system takes back, under the names of its download."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.handed_in import student_folders
from nbjudge.batch.records import Records
from nbjudge.lms.identity import Columns, Register
from nbjudge.lms.table import Table


def moodle_prefixes(table: Table, register: Register) -> dict[str, str]:
    """Return how Moodle's download would name each student's files, by its worksheet.

    Parameters
    ----------
    table : Table
        The grading worksheet.
    register : Register
        Knows the class.
    """
    columns = Columns(table)
    found = {}
    for row in table.rows:
        student = register.of_row(columns, row) if columns.is_student(row) else None
        number = next((key for key in columns.keys(row) if key.isdigit()), "")
        name = " ".join(part for part in columns.name(row) if part).replace("_", " ")
        if student and number:
            safe = name.replace("/", "").strip() or "Participant"
            found[student] = f"{safe}_{number}_assignsubmission_file_/"
    return found


def write_feedback(
    course: CourseDirectory,
    assignment: str,
    system: str,
    path: Path,
    prefixes: dict[str, str],
) -> tuple[list[str], list[str]]:
    """Write the feedback of an assignment into a zip.

    Parameters
    ----------
    course : CourseDirectory
        Where the feedback is.
    assignment : str
        Which assignment.
    system : str
        Which system takes it.
    path : Path
        The zip; replaced in one step.
    prefixes : dict of str to str
        How a student's files are named of whom `nbjudge collect` has kept nothing.

    Returns
    -------
    written : list of str
        Whose feedback is in it.
    unknown : list of str
        Whose is not, since nothing tells what the system calls their files.
    """
    records = Records(Path(course.root), "collected", assignment)
    folders = student_folders(course, course.feedback_directory, assignment)
    written: list[str] = []
    unknown: list[str] = []
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as made:
        for student, folder in folders.items():
            names = records.read(student)
            told = names if names.get("system") == system else {}
            pages = sorted(folder.glob("*.html"))
            there = {page: _name(page, told, prefixes.get(student)) for page in pages}
            known = {page: name for page, name in there.items() if name}
            (written if known else unknown).append(student)
            for page, name in known.items():
                made.write(page, name)
    if written:
        os.replace(part, path)
    else:
        part.unlink()
    return written, unknown


def _name(page: Path, told: dict[str, str], prefix: str | None) -> str | None:
    """Return what a page of feedback is called in the zip."""
    submitted = told.get(f"{page.stem}.ipynb")
    if submitted is not None:
        return f"{submitted.removesuffix('.ipynb')}.html"
    return None if prefix is None else f"{prefix}{page.name}"
