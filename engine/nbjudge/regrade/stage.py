"""The files of a change of grades: written beside their places first, and moved when it counts.

In ``.nbjudge/regrades/ASSIGNMENT/ID/`` lie the autograded notebooks and the release that a change
brings (``after``) and those that it replaces (``before``). The gradebook's note says which change
it has. So whenever a command is killed, the next one either forgets what never counted or finishes
what does.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from nbjudge.batch.grade_one import write_files
from nbjudge.batch.recorder import Recorder
from nbjudge.batch.records import FOLDER, Records, make_folder
from nbjudge.gradebook.sharing import share_folder
from nbjudge.regrade.change import last_change
from nbjudge.regrade.table import NAME, Row, append_rows
from nbjudge.temp_folders import replace_folder

_PENDING = "pending.json"
_DONE = "done.json"
Shown = Callable[[str], str]
"""Returns a fingerprint of what a student's feedback would show."""


class Stage:
    """The files of one change.

    Parameters
    ----------
    converter : Autograde
        nbgrader's converter, which knows the course and the assignment.
    name : str
        The change's id.
    """

    def __init__(self, converter: Autograde, name: str) -> None:
        self.converter = converter
        self.course = converter.coursedir
        self.assignment = self.course.assignment_id
        self.root = Path(self.course.root)
        self.name = name
        self.folder = _home(self.root, self.assignment) / name

    @property
    def release(self) -> Path:
        """Where the assignment's release is."""
        course = self.course
        return Path(course.format_path(course.release_directory, ".", self.assignment))

    def autograded(self, student: str) -> Path:
        """Return where a student's autograded notebooks are."""
        return Path(self.converter._format_dest(self.assignment, student))

    # -- before the gradebook is changed --------------------------------------------------------

    def keep(self, student: str, files: dict[str, bytes]) -> None:
        """Write autograded files of a student, to be moved into their place by `finish`."""
        write_files(self.folder / "after" / "autograded" / student, files)

    def keep_release(self, files: dict[str, bytes]) -> None:
        """Write the release, to be moved into its place by `finish`."""
        write_files(self.folder / "after" / "release", files)

    def take_over(self, other: Stage) -> dict[str, str]:
        """Bring back the files that another change has replaced, where they are still there.

        Those of who handed in and was graded again since stay as they are.

        Returns
        -------
        dict of str to str
            By student, the version of the submission that the files are of.
        """
        found: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError):
            told = json.loads((other.folder / _DONE).read_text(encoding="utf-8"))
            records = self._records("graded")
            for student, digest in told["digests"].items():
                if records.read(student).get("files") == digest:
                    found[student] = digest
        before = other.folder / "before"
        for student in found:
            if (before / "autograded" / student).is_dir():
                after = self.folder / "after" / "autograded" / student
                shutil.copytree(before / "autograded" / student, after)
        if (before / "release").is_dir():
            shutil.copytree(before / "release", self.folder / "after" / "release")
        return found

    def make_ready(self, digests: dict[str, str], version: str, shown: dict[str, str]) -> None:
        """Keep what is replaced, and all that `finish` must know.

        Parameters
        ----------
        digests : dict of str to str
            By which version of their submission students were graded.
        version : str
            The fingerprint of the assignment by which they were.
        shown : dict of str to str
            What the feedback of every student shows before the change.
        """
        make_folder(self.folder, self.course.groupshared)
        for student in self._students():
            if self.autograded(student).is_dir():
                before = self.folder / "before" / "autograded" / student
                shutil.copytree(self.autograded(student), before)
        if (self.folder / "after" / "release").is_dir() and self.release.is_dir():
            shutil.copytree(self.release, self.folder / "before" / "release")
        told = {"digests": digests, "version": version, "shown": shown}
        part = self.folder / "pending.part"
        part.write_text(json.dumps(told), encoding="utf-8")
        part.replace(self.folder / _PENDING)

    def drop(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.parent.rmdir()
            self.folder.parent.parent.rmdir()

    # -- afterwards -----------------------------------------------------------------------------

    def finish(
        self, gradebook: Gradebook, note: dict[str, Any], same_page: Callable[[Path, Path], bool],
        shown: Shown,
    ) -> set[str]:  # fmt: skip
        """Move the files of a change that the gradebook has into their places.

        Parameters
        ----------
        gradebook : Gradebook
            The course's.
        note : dict
            What it has noted of the change.
        same_page : callable
            Whether two autograded folders of a student make the same feedback.
        shown : callable
            Returns a fingerprint of what the feedback of a student shows now.

        Returns
        -------
        set of str
            Whose feedback is due.
        """
        told = json.loads((self.folder / _PENDING).read_text(encoding="utf-8"))
        recorder = Recorder(self.converter, gradebook, None)
        due = set(note["students"])
        for student in self._students():
            new = self.folder / "after" / "autograded" / student
            if not same_page(self.folder / "before" / "autograded" / student, new):
                due.add(student)
            files = {name: (new / name).read_bytes() for name in _files(new)}
            recorder.write_beside(student, files)
            recorder.move_into_place(student)
        release = self.folder / "after" / "release"
        if release.is_dir():
            self._replace_release(release)
        records = self._records("graded")
        for student, digest in told["digests"].items():
            records.write(student, files=digest, version=told["version"])
        pages = self._records("feedback")
        for student, before in told["shown"].items():
            if student not in due and pages.read(student).get("state") == before:
                pages.write(student, state=shown(student))
        rows = [Row(*row) for row in note["rows"]]
        append_rows(self.root / NAME, rows, self.course.groupshared)
        shutil.rmtree(self.folder / "after", ignore_errors=True)
        (self.folder / _PENDING).replace(self.folder / _DONE)
        for other in _home(self.root, self.assignment).iterdir():
            if other.name != self.name:  # only the last change can be undone
                shutil.rmtree(other, ignore_errors=True)
        return due

    def _replace_release(self, new: Path) -> None:
        part = self.release.with_name(f".{self.release.name}.part")
        old = self.release.with_name(f".{self.release.name}.old")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(new, part)
        if self.course.groupshared:
            for place, _, _ in os.walk(part):
                share_folder(Path(place))
        replace_folder(part, self.release, old)

    def _students(self) -> list[str]:
        folder = self.folder / "after" / "autograded"
        return sorted(os.listdir(folder)) if folder.is_dir() else []

    def _records(self, kind: str) -> Records:
        return Records(self.root, kind, self.assignment, self.course.groupshared)


def pending(converter: Autograde, gradebook: Gradebook) -> Stage | None:
    """Return the change that the gradebook has and whose files are not all in place, if any.

    What is left of changes that never counted is removed.
    """
    course = converter.coursedir
    home = _home(Path(course.root), course.assignment_id)
    if not home.is_dir():
        return None
    note = last_change(gradebook, course.assignment_id) or {}
    found = None
    for name in sorted(os.listdir(home)):
        stage = Stage(converter, name)
        if name != note.get("id"):
            stage.drop()
        elif (stage.folder / _PENDING).exists():
            found = stage
    return found


def _home(root: Path, assignment: str) -> Path:
    return root / FOLDER / "regrades" / assignment


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder))
