"""What a batch remembers of each submission, beside nbgrader's gradebook.

The gradebook does not say which files were graded, with which version of the assignment, or when a
grade was changed. So a small file for each submission does: in ``.nbjudge/graded/`` for what was
graded, in ``.nbjudge/feedback/`` for what a page of feedback shows. They can be deleted: then
submissions are due as nbgrader decides it, and pages are written again.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from nbjudge.gradebook.sharing import share_file, share_folder

FOLDER = ".nbjudge"
"""The folder in the course for what the engine keeps for itself."""


class Records:
    """The records of one kind on one assignment.

    Parameters
    ----------
    root : Path
        The course's folder.
    kind : str
        ``"graded"`` or ``"feedback"``.
    assignment : str
        The assignment.
    groupshared : bool
        Whether the course's group may write them, too.
    """

    def __init__(self, root: Path, kind: str, assignment: str, groupshared: bool = False) -> None:
        self.folder = root / FOLDER / kind / assignment
        self.groupshared = groupshared

    def read(self, student: str) -> dict[str, str]:
        """Return what is remembered of a submission, if anything."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads((self.folder / student).read_text(encoding="utf-8"))
            if isinstance(found, dict):
                return found
        return {}

    def write(self, student: str, **values: str) -> None:
        """Remember values of a submission, in the place of what was remembered."""
        make_folder(self.folder, self.groupshared)
        path = self.folder / student
        path.unlink(missing_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
        if self.groupshared:
            share_file(path)

    def forget(self, student: str) -> None:
        """Remember nothing of a submission."""
        (self.folder / student).unlink(missing_ok=True)


def make_folder(folder: Path, groupshared: bool) -> None:
    """Make a folder of the engine's own, and those that it lies in."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if groupshared:
        for place in missing:
            share_folder(place)
