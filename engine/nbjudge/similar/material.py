"""Read the answers that are compared: of the class, and of previous years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.handed_in import student_folders
from nbjudge.report.failures import failed_rows
from nbjudge.report.grades import AssignmentGrades
from nbjudge.report.notebooks import ReadNotebook, read_all, read_notebook
from nbjudge.similar.tokens import Token, fingerprints, tokens_of

Key = tuple[str, str]
"""A notebook's name and the ``grade_id`` of an answer in it."""


@dataclass(frozen=True)
class Answer:
    """An answer, read as words.

    Attributes
    ----------
    source : str
        The text.
    tokens : list of Token
        Its words.
    prints : dict of tuple of str to list of int
        Its fingerprints without those that were given, and where they begin; none where all of it
        was.
    """

    source: str
    tokens: list[Token]
    prints: dict[tuple[str, ...], list[int]]


@dataclass
class Person:
    """Somebody whose answers are compared.

    Attributes
    ----------
    name : str
        The student, or the path of a notebook of a previous year.
    earlier : bool
        Whether this is one.
    answers : dict of Key to Answer
        The answers that are not as released.
    mistakes : dict of Key to frozenset of str
        The tests that an answer failed.
    """

    name: str
    earlier: bool = False
    answers: dict[Key, Answer] = field(default_factory=dict)
    mistakes: dict[Key, frozenset[str]] = field(default_factory=dict)


@dataclass
class _Given:
    """Of an answer, the fingerprints that nobody had to find: of what was released, and of the
    reference; and whether it is code, which a submission may say otherwise.
    """

    released: set[tuple[str, ...]] = field(default_factory=set)
    reference: set[tuple[str, ...]] = field(default_factory=set)
    code: bool = True

    @property
    def all(self) -> set[tuple[str, ...]]:
        return self.released | self.reference


def read_people(
    course: CourseDirectory, grades: AssignmentGrades, against: Path | None = None
) -> tuple[list[Person], list[str]]:
    """Read everybody's answers to an assignment.

    Parameters
    ----------
    course : CourseDirectory
        Where the course is.
    grades : AssignmentGrades
        Which answers there are, and what failed.
    against : Path, optional
        A folder with notebooks of previous years, at any depth.

    Returns
    -------
    list of Person
        Who has at least one notebook.
    list of str
        What could not be read, each in a line.
    """
    notebooks = sorted({exercise.notebook for exercise in grades.exercises})
    given = _given(course, grades, notebooks)
    people: dict[str, Person] = {}
    notices = []
    for (name, notebook), read in read_all(_places(course, grades.name, notebooks)):
        if read is None:
            notices.append(f"{name}: {notebook}.ipynb cannot be read: left out")
            continue
        person = people.setdefault(name, Person(name))
        person.answers |= _answers(read, notebook, given)
    _add_mistakes(people, grades)
    earlier: list[Person] = []
    if against is not None:
        earlier = _read_earlier(against, notebooks, given)
        if not earlier:
            notices.append(
                f"{against}: no notebook there answers {grades.name}: "
                f"{' or '.join(f'{name}.ipynb' for name in notebooks)} is looked for"
            )
    return [*people.values(), *earlier], notices


def _given(
    course: CourseDirectory, grades: AssignmentGrades, notebooks: list[str]
) -> dict[Key, _Given]:
    """Return the fingerprints of what was released, and of the reference, of each answer."""
    found: dict[Key, _Given] = {}
    for key, released in grades.released.items():
        known = found.setdefault(key, _Given(code=key not in grades.prose))
        for code in (True, False):
            known.released |= fingerprints(tokens_of(released, code)).keys()
    for notebook in notebooks:
        for step in (course.source_directory, course.release_directory):
            folder = Path(course.format_path(step, ".", grades.name))
            read = read_notebook(folder / f"{notebook}.ipynb")
            if read is not None:
                for name, source in read.answers.items():
                    known = found.setdefault((notebook, name), _Given())
                    tokens = tokens_of(source, known.code)
                    known.reference |= fingerprints(tokens).keys()
    return found


def _places(
    course: CourseDirectory, assignment: str, notebooks: list[str]
) -> dict[tuple[str, str], Path]:
    """Return the notebook that each student handed in, or the autograded one."""
    found = {}
    for step in (course.submitted_directory, course.autograded_directory):
        for student, folder in student_folders(course, step, assignment).items():
            for notebook in notebooks:
                path = folder / f"{notebook}.ipynb"
                if (student, notebook) not in found and path.is_file():
                    found[student, notebook] = path
    return found


def _answers(read: ReadNotebook, notebook: str, given: Mapping[Key, _Given]) -> dict[Key, Answer]:
    found = {}
    for name, source in read.texts.items():
        known = given.get((notebook, name))
        if known is None:
            continue
        tokens = tokens_of(source, known.code)
        all_prints = fingerprints(tokens)
        if not all_prints.keys() <= known.released:
            prints = {f: at for f, at in all_prints.items() if f not in known.all}
            found[notebook, name] = Answer(source, tokens, prints)
    return found


def _add_mistakes(people: Mapping[str, Person], grades: AssignmentGrades) -> None:
    failed: dict[tuple[str, Key], set[str]] = {}
    for exercise in grades.exercises:
        for column in exercise.columns:
            if grades.cells[column].test:
                for row in map(int, failed_rows(grades, column)):
                    whose = (grades.students[row], (exercise.notebook, exercise.name))
                    failed.setdefault(whose, set()).add(grades.cells[column].name)
    for (student, key), tests in failed.items():
        if student in people:
            people[student].mistakes[key] = frozenset(tests)


def _read_earlier(folder: Path, notebooks: list[str], given: Mapping[Key, _Given]) -> list[Person]:
    """Read the notebooks of a previous year: each file of the assignment's name is somebody's."""
    people: dict[str, Person] = {}
    paths = {
        path: path
        for path in sorted(folder.rglob("*.ipynb"))
        if path.stem in notebooks and not path.is_symlink()
    }
    for path, read in read_all(paths):
        if read is None:
            continue
        name = str(path.parent.relative_to(folder))
        person = people.setdefault(name, Person(f"{folder.name}/{name}", earlier=True))
        person.answers |= _answers(read, path.stem, given)
    return [person for person in people.values() if person.answers]
