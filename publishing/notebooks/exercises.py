"""Which cells of a notebook make an exercise, read from nbgrader's metadata alone.

An exercise is a statement, a place for the answer and the tests of that answer. nbgrader marks the
last two, and says nothing of statements: what stands in front of the place is taken for one, from
the cell on that begins with ``**Exercise`` or a heading.
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

from nbgrader.utils import is_grade, is_solution, is_task

OPENING = re.compile(r"\*\*(Exercise|Task|Problem|Question)\b")
HEADING = re.compile(r"\A(?:\([^()\n]+\)=\s*\n)*#{1,6} +\S")
# What stands in a place that a student writes into: nothing, or one line in italics.
PLACEHOLDER = re.compile(r"\s*(?:([*_])(?!\1)[^\n]+\1)?\s*")


@dataclass(frozen=True)
class Exercise:
    """The cells of one exercise, by their positions in the notebook.

    Parameters
    ----------
    name : str
        The ``grade_id`` of the cell that is answered.
    statement : tuple of int
        The Markdown cells that say what is asked.
    place : int or None
        The cell that is answered; None where students add one of their own.
    tests : tuple of int
        The cells that test the answer, between which others may stand.
    points : float
        What all of it is worth.
    by_hand : bool
        Whether a person grades it.
    """

    name: str
    statement: tuple[int, ...]
    place: int | None
    tests: tuple[int, ...]
    points: float
    by_hand: bool

    @property
    def cells(self):
        """All of its cells, in the order in which a page shows them."""
        place = () if self.place is None else (self.place,)
        return (*self.statement, *(p for p in place if p not in self.statement), *self.tests)

    @property
    def start(self):
        """Where it begins."""
        return min(self.cells)


def is_test(cell):
    """Tell whether a cell tests an answer."""
    return (
        cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and not is_task(cell)
    )


def find_exercises(cells):
    """Find the exercises of a notebook.

    Parameters
    ----------
    cells : list of NotebookNode
        The cells of a notebook of nbgrader, solutions taken out or not.

    Returns
    -------
    list of Exercise
        In the order of the notebook. Tests in front of the first answer belong to none.
    """
    found, position = [], 0
    while position < len(cells):
        if is_task(cells[position]):
            place = _place_of_task(cells, position)
            answer = position if place is None or not is_grade(cells[place]) else place
            graded = {position, answer}
            found.append(
                Exercise(
                    name=_name(cells[answer]),
                    statement=(position,),
                    place=place,
                    tests=(),
                    points=sum(_points(cells[number]) for number in graded),
                    by_hand=True,
                )
            )
            position = position if place is None else place
        elif is_solution(cells[position]):
            found.append(_answered(cells, position, _tests_after(cells, position)))
        position += 1
    return found


def _answered(cells, place, tests):
    by_hand = is_grade(cells[place])
    graded = [place, *tests] if by_hand else tests
    return Exercise(
        name=_name(cells[place]),
        statement=_statement_before(cells, place),
        place=place,
        tests=tests,
        points=sum(_points(cells[number]) for number in graded),
        by_hand=by_hand,
    )


def _tests_after(cells, place):
    """Return the tests between an answer and the next one."""
    tests = []
    for position in range(place + 1, len(cells)):
        if is_solution(cells[position]) or is_task(cells[position]):
            break
        if is_test(cells[position]):
            tests.append(position)
    return tuple(tests)


def _statement_before(cells, place):
    """Return the Markdown cells in front of an answer that say what is asked."""
    first = place
    while first > 0 and _is_text(cells[first - 1]):
        first -= 1
        source = cells[first].source.lstrip()
        if OPENING.match(source) or HEADING.match(source):
            return tuple(range(first, place))
    nearest = range(max(first, place - 1), place)
    return tuple(nearest)


def _is_text(cell):
    return cell.cell_type == "markdown" and not (
        is_solution(cell) or is_grade(cell) or is_task(cell)
    )


def _place_of_task(cells, position):
    """Return the cell that a task is answered in, if there is one right below it."""
    following = position + 1
    if following == len(cells) or cells[following].cell_type != "markdown":
        return None
    cell = cells[following]
    is_ready = "nbgrader" not in cell.metadata and PLACEHOLDER.fullmatch(cell.source)
    return following if is_ready or is_solution(cell) else None


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "no grade_id")


def _points(cell):
    return float(cell.metadata.get("nbgrader", {}).get("points") or 0)


def points_in_words(points):
    """Return the words '1 point', '0.5 points'."""
    return f"{points:g} point{'' if points == 1 else 's'}"


def worth_in_words(exercises):
    """Say how many exercises there are and what they are worth.

    Parameters
    ----------
    exercises : list of Exercise
        Those of a notebook.

    Returns
    -------
    str
        A sentence; empty where there are none.

    Examples
    --------
    >>> one = Exercise("f", (0,), 1, (2,), points=3.0, by_hand=False)
    >>> worth_in_words([one, one])
    '2 exercises, 6 points.'
    """
    if not exercises:
        return ""
    named = "1 exercise" if len(exercises) == 1 else f"{len(exercises)} exercises"
    by_hand = sum(exercise.points for exercise in exercises if exercise.by_hand)
    told = f"{named}, {points_in_words(sum(exercise.points for exercise in exercises))}"
    return f"{told}, {by_hand:g} of them graded by a person." if by_hand else f"{told}."


def tell_worth(cells):
    """Say below the title of a chapter what its exercises are worth, as its page does.

    Parameters
    ----------
    cells : list of NotebookNode
        Those of the chapter; the first is changed.
    """
    if worth := worth_in_words(find_exercises(cells)):
        title, *rest = cells[0].source.split("\n\n")
        has_question = bool(rest) and re.fullmatch(r"\*[^*]+\*", rest[0].strip())
        place = 1 if has_question else 0
        cells[0].source = "\n\n".join([title, *rest[:place], worth, *rest[place:]])


def purpose(source):
    """Say in words what a test cell is for: its docstring, or else its first comment.

    Parameters
    ----------
    source : str
        The code of the cell.

    Returns
    -------
    str
        One line; empty where the cell has neither.
    """
    try:
        told = ast.get_docstring(ast.parse(source))
    except SyntaxError:  # an IPython magic, say
        told = None
    told = (told or _first_comment(source)).strip()
    return " ".join(told.split("\n\n")[0].split())


def _first_comment(source):
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            words = token.string.lstrip("# \t")
            if token.type == tokenize.COMMENT and not token.string.startswith("###") and words:
                return words
            if token.type not in (tokenize.COMMENT, tokenize.NL):
                break
    except (tokenize.TokenError, SyntaxError):
        pass
    return ""
