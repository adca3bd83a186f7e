"""Where the tracebacks go: a log in the course for errors of the engine and of libraries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from nbjudge.batch.job import Fault
from nbjudge.batch.records import FOLDER, make_folder
from nbjudge.gradebook.sharing import share_file
from nbjudge.untrusted_text import printable, printable_lines


class FaultLog:
    """The log of one batch; its file is made with the first fault.

    Parameters
    ----------
    root : Path
        The course's folder.
    assignment : str
        The assignment that the batch grades.
    groupshared : bool
        Whether the course's group may write it, too.
    """

    def __init__(self, root: Path, assignment: str, groupshared: bool = False) -> None:
        self.root = root
        started = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
        self.path = root / FOLDER / "log" / f"{started}-{assignment}.log"
        self.groupshared = groupshared

    def write(self, student: str, fault: Fault) -> str | None:
        """Add a traceback; return where, relative to the course, or None on a full disk."""
        try:
            make_folder(self.path.parent, self.groupshared)
            with self.path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"== {printable(student)}: {fault.kind}\n")
                file.write(f"{printable_lines(fault.traceback.rstrip())}\n\n")
            if self.groupshared:
                share_file(self.path)
        except OSError:
            return None
        return str(self.path.relative_to(self.root))
