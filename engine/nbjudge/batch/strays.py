"""Files in ``submitted/`` that belong to no submission, and what was probably meant."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

_STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")
_OF_SYSTEMS = ("__MACOSX", "Thumbs.db", "desktop.ini", "lost+found")
_MOST_ALIKE = 3
_LOOK_AT = 1000  # files of a folder, to see whether there is any


def find_strays(
    course: CourseDirectory, assignments: Mapping[str, list[str]]
) -> list[tuple[Path, str]]:
    """List what lies in ``submitted/`` without being part of a submission.

    Parameters
    ----------
    course : CourseDirectory
        Where the course is. One whose folders are not named as nbgrader names them is left alone.
    assignments : mapping of str to list of str
        The gradebook's assignments, and the names of their notebooks.

    Returns
    -------
    list of tuple of Path and str
        Path and explanation.
    """
    root = Path(course.root) / course.submitted_directory
    if course.directory_structure != _STRUCTURE or not root.is_dir():
        return []
    found = []
    unknown: dict[str, list[Path]] = {}
    for entry in _visible(root):
        if not entry.is_dir():
            found.append((entry, _loose_file(entry, assignments)))
            continue
        for below in _visible(entry):
            if not below.is_dir():
                found.append((below, _too_shallow(below, assignments)))
            elif below.name not in assignments and _has_files(below):
                why = _misplaced(below, assignments)
                if why is None:
                    unknown.setdefault(below.name, []).append(below)
                else:
                    found.append((below, why))
    for name, folders in unknown.items():
        what = f"the gradebook has no assignment {name!r}, so this folder is not graded"
        if len(folders) > _MOST_ALIKE:
            found.append((folders[0], f"{what}; {len(folders) - 1} other students have one, too"))
        else:
            found += [(folder, what) for folder in folders]
    return found


def _visible(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:  # a submission that cannot be read is named where it is graded
        return
    for name in names:
        if not name.startswith(".") and name not in _OF_SYSTEMS:
            yield folder / name


def _has_files(folder: Path) -> bool:
    seen = 0
    for _, folders, files in os.walk(folder):
        if files:
            return True
        seen += len(folders)
        if seen > _LOOK_AT:
            return True
    return False


def _loose_file(path: Path, assignments: Mapping[str, list[str]]) -> str:
    if path.suffix in _ARCHIVES:
        meant = _assignment_of(path.stem, assignments) or "ASSIGNMENT"
        return (
            "belongs to no student: an archive is not unpacked here. If it is the download of the "
            f"university's system: `nbjudge collect {meant} --from moodle submitted/{path.name}`, "
            "or canvas, or brightspace"
        )
    meant = _assignment_of(path.stem, assignments) or "<assignment>"
    return f"belongs to no student: submitted/<student>/{meant}/{path.name} is probably meant"


def _too_shallow(path: Path, assignments: Mapping[str, list[str]]) -> str:
    if path.parent.name in assignments:
        return (
            "belongs to no submission: submitted/<student>/"
            f"{path.parent.name}/{path.name} is probably meant"
        )
    meant = _assignment_of(path.stem, assignments) or "<assignment>"
    return (
        f"belongs to no assignment: submitted/{path.parent.name}/{meant}/{path.name} "
        "is probably meant"
    )


def _misplaced(folder: Path, assignments: Mapping[str, list[str]]) -> str | None:
    """Say what a folder that bears no assignment's name is, if that can be told."""
    student, name = folder.parent.name, folder.name
    if student in assignments:
        return f"student and assignment are swapped: submitted/{name}/{student}/ is probably meant"
    deeper = [below.name for below in _visible(folder) if below.name in assignments]
    if deeper:
        return f"one folder too deep: submitted/{student}/{deeper[0]}/ is probably meant"
    meant = _closest(name, assignments)
    if meant is None:
        return None
    return (
        f"the gradebook has no assignment {name!r}: submitted/{student}/{meant}/ is probably meant"
    )


def _assignment_of(stem: str, assignments: Mapping[str, list[str]]) -> str | None:
    """Guess an assignment by the name of a file."""
    for name, notebooks in assignments.items():
        if any(_plain(notebook) == _plain(stem) for notebook in (name, *notebooks)):
            return name
    for name, notebooks in assignments.items():
        if any(_plain(notebook) in _plain(stem) for notebook in (name, *notebooks)):
            return name
    return None


def _closest(name: str, assignments: Mapping[str, list[str]]) -> str | None:
    plain = {_plain(other): other for other in assignments}
    found = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.8)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
