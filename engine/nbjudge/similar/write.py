"""Write who worked together: a ranked list of pairs, and each pair side by side."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

from markupsafe import Markup, escape
from nbgrader.coursedir import CourseDirectory

from nbjudge.gradebook.read_only import open_read_only
from nbjudge.report.pages import PageWriter, file_name, is_ours
from nbjudge.report.reading import assignment_names, read_class
from nbjudge.report.tables import write_table
from nbjudge.similar.material import Answer, read_people
from nbjudge.similar.pairs import Comparison, Pair, compare
from nbjudge.similar.tokens import LENGTH
from nbjudge.temp_folders import replace_folder

GENERATOR = "nbjudge similar"
COLUMNS = (
    *("rank", "student", "other", "figure", "stands_out", "similarity", "exercises", "mistakes"),
    *("cluster", "page"),
)
PATIENCE = 20.0
_TEMPLATES = Path(__file__).parent / "templates"
_MOST_PAGES = 100
_RARE = 0.1  # of the class: what so few have is marked the more


class SimilarError(ValueError):
    """Answers cannot be compared; the message says why and what to do."""


def write_similar(
    course: CourseDirectory, name: str, folder: Path, against: Path | None = None
) -> tuple[Comparison, list[str]]:
    """Compare the answers of a class, and write what came of it.

    Parameters
    ----------
    course : CourseDirectory
        The course.
    name : str
        The assignment.
    folder : Path
        Where to write; what was there is replaced in one step.
    against : Path, optional
        A folder with notebooks of previous years.

    Returns
    -------
    Comparison
        The pairs.
    list of str
        What could not be read, each in a line.

    Raises
    ------
    SimilarError
        If there is nothing to compare, or the folder has other files in it.
    UnreadableGradebookError, sqlalchemy.exc.SQLAlchemyError
        If the gradebook cannot be read.
    """
    if not is_ours(folder, GENERATOR):
        raise SimilarError(
            f"{folder} holds files that this command did not write: move them, or name another "
            "folder by --to"
        )
    if against is not None and not against.is_dir():
        raise SimilarError(f"--against {against}: there is no such folder")
    with open_read_only(course.db_url, PATIENCE) as connection:
        known = assignment_names(connection)
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            said = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known) or 'none'}"
            raise SimilarError(f"the gradebook has no assignment {name!r}: {said}")
        grades = read_class(connection, [name], lambda *_: []).assignments[0]
    people, notices = read_people(course, grades, against)
    current = sum(not p.earlier and any(a.prints for a in p.answers.values()) for p in people)
    if current < 1 or len(people) < 2:
        there = sum(not person.earlier for person in people)
        raise SimilarError(
            f"{name}: there are no answers to compare: {there} submissions, {current} of them with "
            "an answer that was not given"
        )
    found = compare([person for person in people if person.answers])
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _write(found, name, part, notices)
        replace_folder(part, folder, folder.with_name(f".{folder.name}.old"))
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return found, notices


def _write(found: Comparison, assignment: str, folder: Path, notices: list[str]) -> None:
    pages = PageWriter(folder, GENERATOR, _TEMPLATES, anonymous=False, assignment=assignment)
    of = {person: n for n, members in enumerate(found.clusters, 1) for person in members}
    rows, listed = [], []
    for rank, pair in enumerate(found.pairs, 1):
        one, other = found.people[pair.one], found.people[pair.other]
        place = ""
        if rank <= _MOST_PAGES:
            place = f"pairs/{rank:03}-{file_name(one.name)[:40]}-{file_name(other.name)[:40]}.html"
            pages.write(
                place, "pair.html.j2", rank=rank, pair=pair, one=one, other=other,
                threshold=found.threshold, exercises=_side_by_side(found, pair),
            )  # fmt: skip
        cluster = of.get(pair.one) if of.get(pair.one) == of.get(pair.other) else None
        alike = [name for _, name in pair.exercises]
        wrong = [name for _, name in pair.mistakes]
        rows.append(
            [
                rank, one.name, other.name, pair.figure, "yes" if pair.stands_out else "no",
                pair.similarity, " ".join(alike), " ".join(wrong), cluster or "", place,
            ]
        )  # fmt: skip
        listed.append(
            {
                "rank": rank, "one": one.name, "other": other.name, "figure": pair.figure,
                "out": pair.stands_out, "similarity": pair.similarity, "alike": alike,
                "wrong": wrong, "cluster": cluster, "page": place,
            }
        )  # fmt: skip
    write_table(folder / "pairs.csv", COLUMNS, rows)
    pages.write(
        "index.html", "similar.html.j2", pairs=listed[:_MOST_PAGES], notices=notices,
        more=max(0, len(listed) - _MOST_PAGES), threshold=found.threshold,
        people=sum(not person.earlier for person in found.people),
        earlier=sum(person.earlier for person in found.people),
        clusters=[[found.people[n].name for n in members] for members in found.clusters],
    )  # fmt: skip


def _side_by_side(found: Comparison, pair: Pair) -> list[dict[str, object]]:
    """Return both answers to each exercise that one of them answered, what is shared marked."""
    one, other = found.people[pair.one], found.people[pair.other]
    shown = []
    for key in found.agreements:
        mine, theirs = one.answers.get(key), other.answers.get(key)
        if mine is None and theirs is None:
            continue
        agreement = found.agreements[key]
        shared = set(mine.prints) & set(theirs.prints) if mine and theirs else set()
        few = max(2, int(_RARE * len(found.people)))
        rare = {f for f in shared if agreement.shared_by[f] <= few}
        shown.append(
            {
                "name": key[1],
                "similarity": float(agreement.similarity[pair.one, pair.other]),
                "evidence": float(agreement.evidence[pair.one, pair.other]),
                "mistake": sorted(one.mistakes[key]) if key in pair.mistakes else [],
                "one": marked(mine, shared, rare) if mine else None,
                "other": marked(theirs, shared, rare) if theirs else None,
            }
        )
    shown.sort(key=lambda exercise: -float(exercise["evidence"]))  # type: ignore[arg-type]
    return shown


def marked(answer: Answer, shared: set[tuple[str, ...]], rare: set[tuple[str, ...]]) -> Markup:
    """Mark in an answer what is shared, and what of it few others have.

    Parameters
    ----------
    answer : Answer
        The answer.
    shared, rare : set of tuple of str
        The fingerprints that are shared, and those of them that are rare.

    Returns
    -------
    Markup
        The escaped text with ``<mark>`` around what is shared, of the class ``rare`` where it is.
    """
    levels = [0] * len(answer.tokens)
    for some, level in ((shared, 1), (rare, 2)):
        for fingerprint in some:
            for place in answer.prints[fingerprint]:
                for n in range(place, min(place + LENGTH, len(levels))):
                    levels[n] = max(levels[n], level)
    parts: list[Markup] = []
    at = n = 0
    while n < len(levels):
        end = n
        while end + 1 < len(levels) and levels[end + 1] == levels[n]:
            end += 1
        if levels[n]:
            start, stop = answer.tokens[n].start, answer.tokens[end].end
            parts.append(escape(answer.source[at:start]))
            head = Markup('<mark class="rare">' if levels[n] == 2 else "<mark>")
            parts.append(head + escape(answer.source[start:stop]) + Markup("</mark>"))
            at = stop
        n = end + 1
    parts.append(escape(answer.source[at:]))
    return Markup("").join(parts)
