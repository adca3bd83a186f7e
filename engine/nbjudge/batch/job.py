"""What a worker is given, and what it sends back."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traitlets.config import Config

from nbjudge.gradebook.snapshot import NotebookSnapshot


@dataclass(frozen=True)
class Job:
    """What the submissions of a batch have in common.

    Attributes
    ----------
    assignment : str
        Its name.
    sheets : dict of str to NotebookSnapshot
        Its notebooks, as the gradebook has them.
    gradebook : bytes or None
        For a course with steps of its own, which may ask a gradebook: one that holds assignments
        and no submissions, as an SQLite file.
    source : dict of str to bytes
        The files that go with the assignment, notebooks left out.
    config : Config
        nbgrader's settings.
    root : str
        The course's folder, from which test cells import.
    notebooks : str
        Which notebooks to grade, as a glob.
    coordinator : int
        The process that writes the gradebook.
    modules : dict of str to bytes
        What test cells import, for workers that do not see the course's folder.
    """

    assignment: str
    sheets: dict[str, NotebookSnapshot]
    gradebook: bytes | None
    source: dict[str, bytes]
    config: Config
    root: str
    notebooks: str = "*"
    coordinator: int = 0
    modules: dict[str, bytes] = field(default_factory=dict)

    def executes(self) -> bool:
        """Return whether cells are run: ``--no-execute`` takes the outputs that were handed in."""
        sections = self.config.Execute, self.config.SandboxedExecute
        return all(section.get("enabled", True) for section in sections)


@dataclass(frozen=True)
class Fault:
    """An error of the engine or of a library, as data.

    Attributes
    ----------
    kind : str
        The error's class and the line that raised it: the same for the same fault.
    traceback : str
        All of it, for the log.
    errno : int or None
        The system's number, of an `OSError`.
    """

    kind: str
    traceback: str
    errno: int | None = None

    @classmethod
    def of(cls, error: BaseException) -> Fault:
        """Describe an error that was caught."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        return cls(
            f"{type(error).__module__}.{type(error).__qualname__}{place}",
            "".join(traceback.format_exception(error)),
            getattr(error, "errno", None),
        )


@dataclass
class Result:
    """What came of a submission.

    Attributes
    ----------
    student : str
        Whose it is.
    files : dict of str to bytes
        The autograded folder.
    scores : dict
        By notebook, the automatic score of each graded cell that is in it; None where a person
        must decide.
    comments : dict
        By notebook, the automatic comment of each cell.
    incidents : list of tuple of str
        Notebook, cell and what happened, such as a lost kernel.
    error : str or None
        Why it could not be graded; then there is nothing else.
    fault : Fault or None
        Where ``error`` is one of the engine or of a library.
    """

    student: str
    files: dict[str, bytes] = field(default_factory=dict)
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    incidents: list[tuple[str, str, str]] = field(default_factory=list)
    error: str | None = None
    fault: Fault | None = None
