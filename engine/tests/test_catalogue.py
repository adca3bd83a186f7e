"""The catalogue of what tests of real courses use: right answers pass, wrong ones do not.

The instructor's notebooks are made of ``catalogue/features.txt``, an answer and its test for each
row, and go through what `nbjudge check` does: graded without the judge, run to record the contract,
graded with it. The answers of ``catalogue/wrong.txt``, and those of ``catalogue/otherwise.txt``, which
are right in another way, are then graded against the contract of the right ones beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from cells import code_cell, notebook
from nbgrader.utils import determine_grade, is_grade
from nbjudge.execution.checking import check_notebook
from nbjudge.execution.contracts import record
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in
from traitlets.config import Config

CATALOGUE = Path(__file__).parent / "catalogue"
MOST_NAMED = 15
"""So many rows may need the judge switched off, each named by `nbjudge check`."""
TEST = {"grade": True, "locked": True, "points": 1}


@dataclass
class Row:
    """One row of the catalogue."""

    name: str
    says: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    locked: str = ""
    answer: str = ""
    reference: str = ""
    test: str = ""


def read_rows(name: str) -> list[Row]:
    """Read the rows of a file of the catalogue."""
    text = (CATALOGUE / name).read_text(encoding="utf-8")
    parts = re.split(r"^# == (.*)\n", text, flags=re.MULTILINE)[1:]
    rows = []
    for head, body in zip(parts[::2], parts[1::2], strict=True):
        says = dict(re.findall(r"\[(\w+): ([^\]]*)\]", head))
        answer, *rest = re.split(r"^# -- (\w+)\n", body, flags=re.MULTILINE)
        sections = dict(zip(rest[::2], rest[1::2], strict=True))
        rows.append(
            Row(
                head.split("  [")[0],
                says,
                dict(re.findall(r"^# file (\S+): (.*)$", answer, re.MULTILINE)),
                "\n".join(re.findall(r"^# locked: (.*)$", answer, re.MULTILINE)),
                re.sub(r"^# (file|locked).*\n", "", answer, flags=re.MULTILINE),
                sections.get("reference", ""),
                sections["test"],
            )
        )
    return rows


def grade_id(row: Row) -> str:
    """Return the name of a row's test cell."""
    return re.sub(r"\W+", "_", row.name)


def cells_of(row: Row, answer: str) -> list:
    """Make the cells of a row: what is locked, the answer, the test."""
    name = grade_id(row)
    locked = [code_cell(row.locked, f"{name}_locked", locked=True)] if row.locked else []
    return [
        *locked,
        code_cell(answer, f"{name}_answer", solution=True),
        code_cell(row.test, name, **TEST),
    ]


def rebinds(row: Row) -> bool:
    """Whether a row's answer would spoil those after it: it has the name of a builtin."""
    return re.search(r"^def (sum|len)\b|linecache", row.answer, re.MULTILINE) is not None


def in_notebooks(rows: list[Row]) -> list[list[Row]]:
    """Put rows together in notebooks: most in one, those that spoil others in their own."""
    together = [row for row in rows if not rebinds(row)]
    return [together, *([row] for row in rows if rebinds(row))]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Return an assignment's folder, its files in it."""
    folder = tmp_path_factory.mktemp("catalogue") / "source" / "all"
    folder.mkdir(parents=True)
    for row in (*read_rows("features.txt"), *read_rows("wrong.txt"), *read_rows("otherwise.txt")):
        for name, text in row.files.items():
            (folder / name).write_text(f"{text}\n")
    return folder


def config() -> Config:
    """Return a course's settings."""
    settings = Config()
    settings.SandboxedExecute.update(judge=True, cpu_seconds=20, submission_seconds=600)
    return settings


def test_right_answers_pass_and_check_names_the_others(source, proven_sandbox):
    """What `check` names is what the catalogue says, and that is little."""
    rows, named = read_rows("features.txt"), {}
    for number, part in enumerate(in_notebooks(rows)):
        path = source / f"features{number}.ipynb"
        nbformat.write(notebook(*(c for row in part for c in cells_of(row, row.answer))), path)
        count, found, _ = check_notebook(path, config(), str(source.parents[1]))
        assert count == len(part)
        named.update({difference.cell: difference for difference in found})
    expected = {grade_id(row): row.says["check"] for row in rows if "check" in row.says}
    assert named.keys() == expected.keys(), {n: d for n, d in named.items() if n not in expected}
    for name, words in expected.items():
        assert words in named[name].reason and named[name].remedy, named[name]
        assert named[name].without == "passes"
    assert len(named) <= MOST_NAMED


def test_wrong_answers_fail_whatever_the_contract_holds(source, proven_sandbox):
    """The right answer beside each passes, and the judge is what stops those that pass without."""
    root, rows = str(source.parents[1]), read_rows("wrong.txt")
    for number, part in enumerate(in_notebooks(rows)):
        path = source / f"wrong{number}.ipynb"
        nbformat.write(notebook(*(c for row in part for c in cells_of(row, row.reference))), path)
        contracts = record([path], config(), root)
        right = points(path, part, "reference", root, contracts)
        assert right == {grade_id(row): 1 for row in part}
        wrong = points(path, part, "answer", root, contracts)
        assert wrong == {grade_id(row): 0 for row in part}
        off = points(path, part, "answer", root, {}, judge=False)
        passing = {grade_id(row) for row in part if row.says.get("off") == "passes"}
        assert {name for name, got in off.items() if got} >= passing


def test_right_answers_pass_that_are_not_the_instructors(source, proven_sandbox):
    """Neither another class nor what a test does not look at costs a point."""
    root, rows = str(source.parents[1]), read_rows("otherwise.txt")
    path = source / "otherwise.ipynb"
    nbformat.write(notebook(*(c for row in rows for c in cells_of(row, row.reference))), path)
    contracts = record([path], config(), root)
    right = {grade_id(row): 1 for row in rows}
    assert points(path, rows, "reference", root, contracts) == right
    assert points(path, rows, "answer", root, contracts) == right
    assert points(path, rows, "answer", root, {}, judge=False) == right


def points(path, rows, answers, root, contracts, *, judge=True):
    """Grade answers of the rows; return the points of each test, those that wait included as 0."""
    settings = config()
    settings.CourseDirectory.root = root
    settings.SandboxedExecute.update(course_root=root, contracts=contracts, judge=judge)
    if not judge:
        settings.SandboxedExecute.cpu_seconds = 5  # an iterator without end uses them all
    nb = notebook(*(c for row in rows for c in cells_of(row, getattr(row, answers))))
    resources = {
        "metadata": {"path": str(path.parent)},
        "nbgrader": {"assignment": "all", "notebook": path.stem},
    }
    graded, resources = SandboxedExecute(config=settings).preprocess(nb, resources)
    waiting = findings_in(resources).waiting
    return {
        cell.metadata.nbgrader.grade_id: 0
        if cell.metadata.nbgrader.grade_id in waiting
        else determine_grade(cell)[0]
        for cell in graded.cells
        if "nbgrader" in cell.metadata and is_grade(cell) and not cell.metadata.nbgrader.solution
    }
