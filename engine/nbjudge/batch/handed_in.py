"""Find what is handed in: the folder of each student, and the files in it.

nbgrader's own search takes names for patterns, cannot see a folder whose name begins with a dot,
and reads a whole folder again for every file in it.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

MOST_FILES = 10_000
"""The files that a submission may have."""

DEEPEST = 50
"""How deep its folders may be nested."""

_PATTERNS = "*?["
_STUDENT = "\0"  # stands in no file name


class TooManyFilesError(ValueError):
    """A folder holds more files, or deeper folders, than a submission may have."""


def student_folders(course: CourseDirectory, step: str, assignment: str) -> dict[str, Path]:
    """Find the students who have a folder of an assignment.

    Parameters
    ----------
    course : CourseDirectory
        Where the course is, and how its folders are named.
    step : str
        nbgrader's folder, such as `course.submitted_directory`.
    assignment : str
        The assignment.

    Returns
    -------
    dict of str to Path
        The folders, by student, in alphabetical order. Names are as the file system has them.
    """
    before, _, after = course.format_path(step, _STUDENT, assignment).partition(_STUDENT)
    parent, prefix = os.path.split(before)
    suffix, _, rest = after.partition(os.sep)
    found = {}
    try:
        names = sorted(os.listdir(parent))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    for name in names:
        folder = Path(parent, name, rest)
        student = name[len(prefix) : len(name) - len(suffix)]
        if name == f"{prefix}{student}{suffix}" and student and os.path.lexists(folder):
            found[student] = folder
    return found


def name_fault(student: str) -> str | None:
    """Say why nbgrader cannot grade a student whose folder has this name, if so."""
    try:
        student.encode()
    except UnicodeEncodeError:
        return "the folder's name is not UTF-8 text"
    if "\n" in student:
        return "the folder's name has a line break, which nbgrader does not read"
    if student.startswith("."):
        return "the folder's name begins with a dot, so nbgrader does not see it: rename it"
    if any(sign in student for sign in _PATTERNS):
        return "nbgrader takes *, ? and [ in a student's name for a pattern"
    return None


def path_fault(root: str) -> str | None:
    """Say why nbgrader finds nothing in a course that stands here, if so."""
    for sign in _PATTERNS:
        if sign in root:
            return (
                f"nbgrader takes {sign} in the path of a course for a pattern, and finds nothing "
                f"in {root}: rename the folder that has it"
            )
    return None


def is_selected(student: str, pattern: str) -> bool:
    """Whether a student is among those that ``--student`` names, by a name or a pattern."""
    return student == pattern or fnmatch.fnmatchcase(student, pattern)


def list_files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """List what lies in a folder and below, except for folders.

    Parameters
    ----------
    folder : Path
        Where.

    Yields
    ------
    name : str
        The path relative to the folder.
    entry : os.DirEntry
        What is there. A link is listed and not followed.

    Raises
    ------
    TooManyFilesError
        If there is more than a submission may have.
    OSError
        If a folder cannot be read.
    """
    waiting = [("", 0)]
    count = 0
    while waiting:
        below, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooManyFilesError(f"its folders are nested more than {DEEPEST} deep")
        with os.scandir(folder / below) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        for entry in inside:
            count += 1
            if count > MOST_FILES:
                raise TooManyFilesError(f"more than {MOST_FILES} files and folders")
            name = os.path.join(below, entry.name)
            if entry.is_dir(follow_symlinks=False):
                waiting.append((name, depth + 1))
            else:
                yield name, entry


def files_to_grade(folder: Path, ignore: list[str]) -> dict[str, Path]:
    """Return the files of a submission that are graded with it.

    Parameters
    ----------
    folder : Path
        The submission.
    ignore : list of str
        Patterns of the names of files and folders to leave out, as `CourseDirectory.ignore`.

    Returns
    -------
    dict of str to Path
        By path relative to the folder: the notebooks at its top, and all other files.
    """
    found = {}
    for name, entry in list_files(folder):
        parts = Path(name).parts
        notebook = name.endswith(".ipynb")
        if notebook and len(parts) > 1:
            continue
        if any(fnmatch.fnmatchcase(part, pattern) for part in parts for pattern in ignore):
            continue
        found[name] = Path(entry.path)
    return found


def digest(files: dict[str, bytes]) -> str:
    """Return a fingerprint of a submission: another one, whatever its timestamp says, differs."""
    total = hashlib.sha256()
    for name in sorted(files):
        data = hashlib.sha256(files[name]).digest()
        total.update(os.fsencode(name) + b"\0" + data)
    return total.hexdigest()
