"""The students of the sample class: what each of them answers, and what becomes of the file.

Between them they hand in what a real class does: everything right, in three ways of writing; partly
right; typical mistakes; nothing; too late; only some chapters; with a cell deleted; broken files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from samples.answers import Answer

Banks = Mapping[str, Sequence[Answer]]
"""The answers of a chapter, by exercise, in the order of the chapter."""

Choice = Callable[[Banks], dict[str, Answer]]
"""Which exercises a student answers, and how; an exercise left out stays blank."""


def nth_right(n: int) -> Choice:
    """Answer everything rightly, in the n-th way of writing."""
    return lambda banks: {
        exercise: [a for a in answers if a.is_right][n] for exercise, answers in banks.items()
    }


def nth_wrong(n: int) -> Choice:
    """Answer everything with the n-th mistake."""
    return lambda banks: {
        exercise: [a for a in answers if not a.is_right][n] for exercise, answers in banks.items()
    }


def first_exercises_right(banks: Banks) -> dict[str, Answer]:
    """Answer all but the last two exercises rightly, and those with a mistake."""
    chosen = nth_right(0)(banks)
    wrong = nth_wrong(1)(banks)
    return chosen | {exercise: wrong[exercise] for exercise in list(banks)[-2:]}


def every_other(banks: Banks) -> dict[str, Answer]:
    """Answer the first, third, fifth… exercise rightly and leave the others blank."""
    chosen = nth_right(1)(banks)
    return {exercise: chosen[exercise] for exercise in list(banks)[::2]}


def nothing(banks: Banks) -> dict[str, Answer]:
    """Leave everything blank."""
    return {}


def syntax_error_in_the_first(banks: Banks) -> dict[str, Answer]:
    """Answer everything rightly, but the first exercise with code that Python cannot read."""
    chosen = nth_right(2)(banks)
    first = next(iter(banks))
    broken = f"def {first}(:\n    return"
    return chosen | {first: Answer(first, "a syntax error", frozenset({"*"}), broken)}


@dataclass(frozen=True)
class Student:
    """One student of the sample class.

    Attributes
    ----------
    name : str
        The id in the gradebook.
    story : str
        What is particular, in a few words.
    choice : callable
        What the student answers.
    hours_late : float
        How long after the due date the work is handed in; negative is in time.
    chapters : int or None
        How many of the chapters are handed in, from the first on; None is all.
    delete_first_test : bool
        Whether the first test cell of every chapter is deleted.
    broken : mapping of int to str
        By the chapter's place in the book, the text of a file that is no notebook.
    derivation : str
        What stands in the cell for the derivation by hand.
    """

    name: str
    story: str
    choice: Choice
    hours_late: float = -24.0
    chapters: int | None = None
    delete_first_test: bool = False
    broken: Mapping[int, str] | None = None
    derivation: str = ""


CLASS = [
    Student("ada", "everything right", nth_right(0), derivation="Set the derivative to zero…"),
    Student("blaise", "everything right, written another way", nth_right(1)),
    Student("caroline", "everything right, in a third way", nth_right(2)),
    Student("daniel", "the last two exercises wrong", first_exercises_right),
    Student("emmy", "every other exercise", every_other),
    Student("florence", "one typical mistake everywhere", nth_wrong(0)),
    Student("george", "other typical mistakes everywhere", nth_wrong(2)),
    Student("hypatia", "handed in blank", nothing),
    Student("ivan", "right, but two days late", nth_right(0), hours_late=30.0),
    Student("jerzy", "right, but a week late", nth_right(1), hours_late=7 * 24.0),
    Student("karl", "only the first three chapters", nth_right(2), chapters=3),
    Student("lise", "deleted the first test cell", nth_right(0), delete_first_test=True),
    Student("maryam", "a syntax error in the first exercise", syntax_error_in_the_first),
    Student(
        "niels",
        "right, but the second file is not JSON and the fourth is empty",
        nth_right(1),
        broken={1: "{'cells': not JSON at all", 3: ""},
    ),
]
"""The sample class."""
