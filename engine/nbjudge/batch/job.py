"""What a worker is given, and what it sends back."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    config : dict
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
    config: dict
    root: str
    notebooks: str = "*"
    coordinator: int = 0
    modules: dict[str, bytes] = field(default_factory=dict)


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
        By notebook, the automatic score of each graded cell that is in it.
    comments : dict
        By notebook, the automatic comment of each cell.
    lost : list of tuple of str
        Notebook, cell and what happened, where a kernel was lost.
    error : str or None
        Why it could not be graded; then there is nothing else.
    """

    student: str
    files: dict[str, bytes] = field(default_factory=dict)
    scores: dict[str, dict[str, float | None]] = field(default_factory=dict)
    comments: dict[str, dict[str, str | None]] = field(default_factory=dict)
    lost: list[tuple[str, str, str]] = field(default_factory=list)
    error: str | None = None
