"""The mutants that pass every test and may: a list with reasons, ``kept/<chapter>.toml``.

An entry names where its mutants are (an exercise, and the function of the library or the title of
the bank's answer that is changed), the changes, and why they are kept::

    [[kept]]
    where = ["sigmoid | sigmoid._exp_of_minus_abs", "log_sigmoid | sigmoid._exp_of_minus_abs"]
    changes = ["keyword dropped: np.abs(a, out=out) -> np.abs(a)"]
    reason = "The array that is written to is only a place; what is returned has the same values."

In both, ``...`` stands for any text. An entry whose mutants no longer survive is reported, so that
the list stays as long as it must be. ``kept/common.toml`` holds what is the same in every chapter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "kept"


@dataclass(frozen=True)
class Survivor:
    """A mutant that passes every test of its exercise.

    Parameters
    ----------
    exercise : str
        The function that is asked for.
    place : str
        What was changed: a function of the library, an answer of the bank, or a habit.
    change : str
        How.
    """

    exercise: str
    place: str
    change: str

    @property
    def where(self) -> str:
        """The exercise and the place."""
        return f"{self.exercise} | {self.place}"


@dataclass
class Kept:
    """Some survivors, and why they may survive.

    Parameters
    ----------
    where, changes : list of str
        Patterns; ``...`` stands for any text.
    reason : str
        Why no test is to tell them from a right answer.
    """

    where: list[str]
    changes: list[str]
    reason: str
    used: set[tuple[str, str]] = field(default_factory=set)

    def holds(self, survivor: Survivor) -> bool:
        """Tell whether a survivor is among these, and remember by which patterns."""
        found = [
            (where, change)
            for where in self.where
            for change in self.changes
            if _fits(where, survivor.where) and _fits(change, survivor.change)
        ]
        self.used.update(found)
        return bool(found)

    @property
    def unused(self) -> list[str]:
        """The patterns that no survivor fits."""
        places, changes = {w for w, _ in self.used}, {c for _, c in self.used}
        return [w for w in self.where if w not in places] + [
            c for c in self.changes if c not in changes
        ]


def read_kept(chapter: str, folder: Path = FOLDER) -> list[Kept]:
    """Read the list of a chapter.

    Parameters
    ----------
    chapter : str
        The chapter's folder.
    folder : Path
        Where the lists are.

    Returns
    -------
    list of Kept
        In the order of the file; empty where there is none.

    Raises
    ------
    ValueError
        If an entry lacks a place, a change or a reason.
    """
    path = folder / f"{chapter}.toml"
    if not path.exists():
        return []
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("kept", [])
    for entry in entries:
        if set(entry) != {"where", "changes", "reason"} or not all(entry.values()):
            raise ValueError(f"{path}: an entry needs where, changes and reason: {entry}")
    return [Kept(**entry) for entry in entries]


def not_kept(survivors: Iterable[Survivor], kept: list[Kept]) -> list[Survivor]:
    """Return the survivors that no entry holds, neither of the list nor of the common one."""
    entries = [*kept, *read_kept("common")]
    # Every entry is asked, so that each knows what it is good for.
    return [s for s in survivors if not any([entry.holds(s) for entry in entries])]


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("..."))), text) is not None
