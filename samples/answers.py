"""The answer banks: for each exercise, answers that get full marks and answers that do not.

A bank is one Python file, ``samples/answers/<chapter>/<exercise>.py``. Its cells are separated
in the percent format, and each opens with what it is::

    # %% right: a loop over the tosses
    def score(x, p): ...

    # %% wrong: the minus sign lost
    # fails: score_on_small_examples, score_is_the_slope
    def score(x, p): ...

A wrong answer names exactly the test cells that it must fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

BANKS = Path(__file__).resolve().parent / "answers"

_CELL = re.compile(r"^# %% ?(?P<header>.*)$", re.MULTILINE)
_HEADER = re.compile(r"(?P<kind>right|wrong): (?P<title>.+)")
_FAILS = re.compile(r"^# fails: (?P<cells>.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """One answer to an exercise.

    Attributes
    ----------
    exercise : str
        The ``grade_id`` of the cell that it answers.
    title : str
        What is particular about it.
    fails : frozenset of str
        The ``grade_id`` of every test cell that it must fail; empty for a right answer.
    source : str
        The code of the cell.
    """

    exercise: str
    title: str
    fails: frozenset[str]
    source: str

    @property
    def is_right(self) -> bool:
        """Whether the answer must get full marks."""
        return not self.fails


def read_bank(path: Path) -> list[Answer]:
    """Read the answers of one exercise.

    Parameters
    ----------
    path : Path
        The bank, named after the exercise.

    Returns
    -------
    list of Answer
        In the order of the file.

    Raises
    ------
    ValueError
        If a cell's header is neither ``right: …`` nor ``wrong: …``, if a wrong answer does not say
        what it fails, or a right one does. The message names the file and the header.
    """
    _, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    answers = []
    for header, source in zip(parts[::2], parts[1::2], strict=True):
        match = _HEADER.fullmatch(header.strip())
        if match is None:
            raise ValueError(
                f"{path}: '# %% {header}' should be '# %% right: …' or '# %% wrong: …'"
            )
        named = _FAILS.search(source)
        if (match["kind"] == "wrong") != (named is not None):
            raise ValueError(f"{path}: '# fails: …' belongs below wrong answers only: {header}")
        fails = (
            frozenset(name.strip() for name in named["cells"].split(",")) if named else frozenset()
        )
        source = _FAILS.sub("", source).strip("\n")
        answers.append(Answer(path.stem, match["title"], fails, source))
    return answers


def read_banks(chapter: str) -> dict[str, list[Answer]]:
    """Read the banks of all exercises of a chapter.

    Parameters
    ----------
    chapter : str
        The chapter's folder name.

    Returns
    -------
    dict of str to list of Answer
        By exercise.
    """
    return {path.stem: read_bank(path) for path in sorted((BANKS / chapter).glob("*.py"))}
