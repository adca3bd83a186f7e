"""A course whose large class has handed in through Moodle: what an instructor would download.

The answers are of the banks, each in somebody's own hand, with planted copies. Some hand in late,
blank, nothing, or a broken file. A hidden test is wrong at first.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import nbformat
from nbformat import NotebookNode

from benchmarks.classes import copy_course
from benchmarks.copies import PlantedClass, plant
from samples.submission import exercises, put_answers, read_release

CHAPTER = "coin_mle"
DUE = datetime(2026, 10, 8, 12)
"""When the chapter is due, in UTC."""

ZONE = "Europe/Berlin"
_AHEAD = timedelta(hours=2)  # of UTC, in October

WRONG_TEST = "likelihood_interval_in_general"
_RIGHT = "        got = likelihood_interval(x, *given)\n"
_WRONG = (
    f"{_RIGHT}        assert isinstance(got, tuple), "
    'f"likelihood_interval should return a tuple, got a {type(got).__name__}"\n'
)

_FIRST = (
    "Ada", "Björn", "Chloé", "Deniz", "Elif", "François", "Greta", "Håkon", "İpek", "José",
    "Katarína", "Łukasz", "María", "Noor", "Oğuz", "Priya", "Quentin", "Rania", "Søren",
    "Thị", "Uwe", "Valérie", "Wei", "Xenia", "Yusuf", "Zoë",
)  # fmt: skip
_LAST = (
    "Anderson", "Błaszczyk", "Çelik", "D'Angelo", "Eriksen", "Fernández Ruiz", "Großmann",
    "Haddad", "Ivanova", "Jansen", "Kim", "Le Guin", "Müller-Schmidt", "Nguyễn", "O'Brien",
    "Petrović", "Quispe", "Rossi", "Şahin", "Tanaka", "Úrsúla", "van den Berg", "Wójcik",
    "Xu", "Yılmaz", "Zhang",
)  # fmt: skip
_DERIVATIONS = (
    "",
    "The derivative of the logarithm is set to zero and solved for p; the second one is negative.",
    "I set the derivative to zero and get the share of heads.",
)


@dataclass(frozen=True)
class Person:
    """A student, by the names and numbers that the university's systems have."""

    login: str
    first: str
    last: str
    participant: int
    canvas: int
    section: str
    extra_days: int

    @property
    def email(self) -> str:
        """The address."""
        return f"{self.login}@students.example.org"


@dataclass
class LargeClass:
    """A class, and what must come of it.

    Attributes
    ----------
    course : Path
        The course's folder, released, with ``students.csv``.
    downloads : Path
        What the systems exported: ``submissions.zip`` and ``worksheet.csv`` of Moodle,
        ``canvas.csv`` of Canvas.
    chapter : str
        The assignment.
    people : list of Person
        Everybody who is enrolled.
    days_late : dict of str to int
        Started days after the due date, extensions taken off, of who handed in a notebook.
    broken : set of str
        Whose file is no notebook.
    planted : list of frozenset of str
        Who copied from whom.
    points : dict of str to float
        What the tests must give for honest answers, lateness aside.
    lost : dict of str to float
        What the wrong test takes from them.
    """

    course: Path
    downloads: Path
    chapter: str
    people: list[Person]
    days_late: dict[str, int] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    planted: list[frozenset[str]] = field(default_factory=list)
    points: dict[str, float] = field(default_factory=dict)
    lost: dict[str, float] = field(default_factory=dict)


def draw_people(count: int, rng: Random) -> list[Person]:
    """Enrol so many; two of them are called the same."""
    names = [(first, last) for first in _FIRST for last in _LAST]
    chosen = rng.sample(names, count)
    chosen[1] = chosen[0]
    people = []
    for number, (first, last) in enumerate(chosen):
        login = "".join(
            sign
            for sign in unicodedata.normalize("NFKD", f"{first[:2]}{last[:5]}").casefold()
            if sign.isascii() and sign.isalpha()
        )
        people.append(
            Person(
                f"{login}{number:03}", first, last, 4_102_000 + 7 * number, 88_000 + 3 * number,
                f"Tutorial {number % 8 + 1}", 2 if number % 41 == 5 else 0,
            )
        )  # fmt: skip
    return people


def make_course(root: Path) -> None:
    """Write the instructor's course with its one chapter, in which a hidden test is wrong.

    Parameters
    ----------
    root : Path
        The folder, which is made.
    """
    copy_course(root)
    edit_test(root, _RIGHT, _WRONG)


def mend_course(root: Path) -> None:
    """Mend the hidden test, as the instructor does after having seen the report."""
    edit_test(root, _WRONG, _RIGHT)


def edit_test(root: Path, old: str, new: str) -> None:
    """Change the hidden test in the instructor's notebook."""
    notebook = nbformat.read(_source(root), as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == WRONG_TEST)
    if old not in cell.source:
        raise ValueError(f"{WRONG_TEST} has not the line {old!r}")
    cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, _source(root))


def _source(root: Path) -> Path:
    return root / "book" / CHAPTER / f"{CHAPTER}.ipynb"


def hand_in(course: Path, downloads: Path, count: int, seed: int = 0) -> LargeClass:
    """Let a class answer the released chapter, and write what the systems would export.

    Parameters
    ----------
    course : Path
        From `make_course`, its chapter released.
    downloads : Path
        The folder for the exports, which is made.
    count : int
        How many are enrolled.
    seed : int
        For what is drawn.
    """
    rng = Random(seed)
    people = draw_people(count, rng)
    made = LargeClass(course, downloads, CHAPTER, people)
    planted = plant(CHAPTER, count, max(2, count // 20), seed)
    logins = dict(zip(sorted(planted.answers), (one.login for one in people), strict=True))
    copied = {logins[student] for pair in planted.planted for student in pair}
    made.planted = [frozenset(logins[student] for student in pair) for pair in planted.planted]
    released = read_release(CHAPTER, course / "release")
    breaks = Random(seed).sample(sorted({*logins.values()} - copied), 1 + (count > 100))
    derivation = next(cell.id for cell in released.cells if cell.id.endswith("derivation"))
    downloads.mkdir()
    with zipfile.ZipFile(downloads / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for student, login in logins.items():
            one = next(person for person in people if person.login == login)
            draw = rng.random()
            if draw < 0.07 and login not in {*copied, *breaks}:
                continue
            blank = draw < 0.11 and login not in copied
            answers = {} if blank else planted.answers[student]
            words = {derivation: rng.choice(_DERIVATIONS)} if answers else {}
            text = nbformat.writes(put_answers(released, answers | words))
            late = 0 if rng.random() > 0.1 else rng.randint(1, 3)
            at = DUE + timedelta(days=late) - timedelta(minutes=rng.randint(5, 1300))
            made.days_late[login] = max(0, late - one.extra_days)
            if login in breaks:
                made.broken.add(login)
                text = text[: len(text) // 2]
            elif login not in copied:
                chosen = {} if blank else planted.chosen[student]
                made.points[login], made.lost[login] = points_of(chosen, released)
            place = f"{one.first} {one.last}_{one.participant}_assignsubmission_file_"
            _add(archive, f"{place}/{_file_name(rng)}", text, at + _AHEAD)
    _write(course / "students.csv", _roster(people))
    _write(downloads / "worksheet.csv", _worksheet(people))
    _write(downloads / "canvas.csv", _canvas(people))
    return made


def points_of(chosen: Mapping[str, object], released: NotebookNode) -> tuple[float, float]:
    """Add up what tests must give for answers of the banks, and what the wrong test takes."""
    points = lost = 0.0
    for exercise, tests in exercises(released).items():
        answer = chosen.get(exercise)
        for test, worth in tests.items():
            if answer is None or test in answer.fails:
                continue
            points += worth
            if test == WRONG_TEST and _returns_no_tuple(answer.source):
                lost += worth
    return points, lost


def _returns_no_tuple(source: str) -> bool:
    """Run an answer to the exercise of the wrong test; its second and third forms return others."""
    import numpy as np

    names: dict = {"np": np}
    exec(source, names)
    return not isinstance(names["likelihood_interval"](np.array([1, 0])), tuple)


def _file_name(rng: Random) -> str:
    """Return what a student calls the file, a browser's copies included."""
    return f"{CHAPTER} (1).ipynb" if rng.random() < 0.04 else f"{CHAPTER}.ipynb"


def _add(archive: zipfile.ZipFile, name: str, text: str, when: datetime) -> None:
    entry = zipfile.ZipInfo(name, when.timetuple()[:6])
    archive.writestr(entry, text, zipfile.ZIP_DEFLATED)


def _write(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _roster(people: list[Person]) -> list[list[str]]:
    heads = ["student_id", "first_name", "last_name", "email", "section", "extra_days"]
    return [
        heads,
        *(
            [p.login, p.first, p.last, p.email, p.section, str(p.extra_days or "")]
            for p in people
        ),
    ]  # fmt: skip


def _worksheet(people: list[Person]) -> list[list[str]]:
    heads = [
        *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"),
        *("Grade can be changed", "Last modified (submission)", "Feedback comments"),
    ]
    return [
        heads,
        *(
            [
                f"Participant {p.participant}", f"{p.first} {p.last}", p.email,
                "Submitted for grading", "", "22.00", "Yes", "", "",
            ]
            for p in people
        ),
    ]  # fmt: skip


def _canvas(people: list[Person]) -> list[list[str]]:
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{CHAPTER} (77012)"]
    rows = [heads, ["    Points Possible", "", "", "", "", "22.00"]]
    for one in sorted(people, key=lambda one: (one.last, one.first)):
        name = f"{one.last}, {one.first}"
        rows.append([name, str(one.canvas), f"S{one.canvas}", one.login, one.section, ""])
    return [*rows, ["Student, Test", "99999", "", "a1b2c3d4", "Tutorial 1", ""]]


__all__ = ["LargeClass", "Person", "PlantedClass", "hand_in", "make_course", "mend_course"]
