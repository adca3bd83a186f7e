"""What a page shows of the submissions whose tests failed: as much as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from nbjudge.report.anonymous import Names
from nbjudge.report.failures import FailureGroup, TestFailures
from nbjudge.report.grades import AssignmentGrades
from nbjudge.report.notebooks import ReadNotebook
from nbjudge.untrusted_text import one_line

ROOM = 1_600_000
"""The characters that answers and names may take on a page."""
_LONGEST_ANSWER = 4_000
_MOST_GROUPS = 12
_MOST_STUDENTS = 25
_LINK = 220  # characters of a name with its link

Link = Callable[[int, str], str]


@dataclass(frozen=True)
class ShownStudent:
    """A student with the address of the submission in formgrader."""

    name: str
    link: str


@dataclass(frozen=True)
class ShownAnswer:
    """An answer with those who gave it; ``more`` of them are not named."""

    text: str | None
    blank: bool
    students: list[ShownStudent]
    more: int


@dataclass
class ShownGroup:
    """Like messages; ``left`` of their submissions are not shown."""

    message: str
    example: str
    incident: bool
    count: int
    answers: list[ShownAnswer] = field(default_factory=list)
    left: int = 0


@dataclass
class ShownTest:
    """A test cell; ``left`` of its messages are not shown."""

    name: str
    graded: int
    failed: int
    groups: list[ShownGroup]
    left: int


@dataclass
class ShownExercise:
    """An exercise with its tests."""

    name: str
    tests: list[ShownTest]


class FailureView:
    """Chooses what a page shows of an assignment's failures.

    Parameters
    ----------
    grades : AssignmentGrades
        The grades.
    read : mapping of (int, str) to ReadNotebook
        The autograded notebooks, by row and name.
    names : Names
        How students are named.
    link : callable
        Gives the address of a submission in formgrader, from its row and the notebook's name;
        empty for none.
    room : int
        The characters that answers and names may take.
    """

    def __init__(
        self,
        grades: AssignmentGrades,
        read: Mapping[tuple[int, str], ReadNotebook | None],
        names: Names,
        link: Link,
        room: int = ROOM,
    ) -> None:
        self.grades = grades
        self.read = read
        self.names = names
        self.link = link
        self.room = room

    def exercises(self, failures: Sequence[TestFailures]) -> list[ShownExercise]:
        """Show the failures of each exercise's tests."""
        by_column = {test.column: test for test in failures}
        left = len(failures)
        found = []
        for i, exercise in enumerate(self.grades.exercises):
            tests = []
            for column in exercise.columns:
                if column in by_column:
                    room = self.room // left  # what one leaves is for those after it
                    tests.append(self._test(by_column[column], i, room))
                    left -= 1
            found.append(ShownExercise(exercise.name, tests))
        return found

    def _test(self, test: TestFailures, exercise: int, room: int) -> ShownTest:
        shown = []
        before = self.room
        for group in test.groups[:_MOST_GROUPS]:
            shown.append(self._group(group, test.column, exercise, room - (before - self.room)))
        return ShownTest(
            self.grades.cells[test.column].name,
            test.graded,
            test.failed,
            shown,
            max(0, len(test.groups) - _MOST_GROUPS),
        )

    def _group(self, group: FailureGroup, column: int, exercise: int, room: int) -> ShownGroup:
        view = ShownGroup(
            one_line(self.names.hide(group.message), 400),
            one_line(self.names.hide(group.example), 400),
            group.incident,
            len(group.rows),
        )
        notebook = self.grades.cells[column].notebook
        by_answer: dict[str | None, list[int]] = {}
        for row in group.rows:
            by_answer.setdefault(self._answer(row, exercise), []).append(row)
        spent = 0
        # The answer that most have given stands first.
        for text, rows in sorted(by_answer.items(), key=lambda pair: -len(pair[1])):
            shown = None
            if text is not None:
                shown = self.names.hide(text[:_LONGEST_ANSWER])
                shown += "\n…" if len(text) > _LONGEST_ANSWER else ""
            some = rows[:_MOST_STUDENTS]
            cost = len(escape(shown or "")) + _LINK * len(some)
            if spent + cost > room:
                view.left += len(rows)
                continue
            spent += cost
            students = [
                ShownStudent(self.names.of(self.grades.students[row]), self.link(row, notebook))
                for row in some
            ]
            blank = bool(self.grades.blank[rows, exercise].all())
            view.answers.append(ShownAnswer(shown, blank, students, len(rows) - len(some)))
        self.room -= spent
        return view

    def _answer(self, row: int, exercise: int) -> str | None:
        of = self.grades.exercises[exercise]
        notebook = self.read.get((row, of.notebook)) if of.answer else None
        return notebook.answers.get(of.name) if notebook is not None else None
