"""What changed since submissions were graded: a due date, days given, points by hand, a release.

It is worked out for the whole class with each batch, whoever of it was due.
"""

from __future__ import annotations

from collections.abc import Collection

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde

from nbjudge.batch.late import LatePenalties
from nbjudge.batch.reading import Reader
from nbjudge.gradebook.database import one_transaction
from nbjudge.gradebook.people import extend_all, read_people
from nbjudge.gradebook.withdrawn import Withdrawals
from nbjudge.untrusted_text import one_line

_MOST_NAMED = 5


def settle(
    converter: Autograde, gradebook: Gradebook, reader: Reader, graded: Collection[str]
) -> list[str]:
    """Bring extensions, withdrawals and lateness up to date.

    Parameters
    ----------
    converter : Autograde
        nbgrader's converter, which knows the course and its settings.
    gradebook : Gradebook
        The course's.
    reader : Reader
        Knows by which version of the assignment submissions were graded.
    graded : collection of str
        Who was graded in this run, of whom nothing is to be said.

    Returns
    -------
    list of str
        What the instructor must know of it, in sentences.
    """
    name = converter.coursedir.assignment_id
    withdrawals = Withdrawals.read(gradebook, name)
    with one_transaction(gradebook):
        extend_all(gradebook, name, read_people(gradebook))
        if withdrawals.exercises:  # also in what nbgrader itself has graded
            for submission in gradebook.find_assignment(name).submissions:
                for sheet in submission.notebooks:
                    withdrawals.settle(sheet)
    notices = []
    late = LatePenalties.of_course(converter)
    changed = [] if late is None else late.settle(gradebook, name)
    changed = sorted({*changed} - {*graded})
    if changed:
        notices.append(
            f"lateness costs other points than before, since points were given by hand, days "
            f"were given, or the due date was moved: {_names(changed)}"
        )
    outdated = reader.graded_otherwise(gradebook)
    if outdated:
        notices.append(
            f"{len(outdated)} submissions were graded before {name} was released with other "
            f"tests or points ({_names(outdated)}): "
            f"`nbjudge regrade {name}` shows who gains and who loses, and grades them again"
        )
    return notices


def _names(students: list[str]) -> str:
    """Name some students, and how many more there are."""
    more = len(students) - _MOST_NAMED
    ending = f" and {more} more" if more > 0 else ""
    return one_line(f"{', '.join(students[:_MOST_NAMED])}{ending}")
