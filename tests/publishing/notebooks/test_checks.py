"""Each way in which a course can be unsound is named, with its file, and nothing is touched."""

import json

import nbformat
import pytest

from publishing.notebooks.checks import CourseError, check_course, find_problems


def alpha(root):
    return root / "book" / "alpha" / "alpha.ipynb"


def edit_alpha(root, change):
    notebook = nbformat.read(alpha(root), as_version=4)
    change(notebook)
    alpha(root).write_text(json.dumps(notebook), encoding="utf-8")


def forget_in_toc(root):
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text().replace("      - file: book/alpha/alpha\n", ""))


def list_a_ghost(root):
    toc = root / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/ghost\n")


def drop_tests(notebook):
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]


def drop_cells(notebook):
    notebook.cells = []


def leave_region_open(notebook):
    (cell,) = [cell for cell in notebook.cells if cell.id == "alpha_halve"]
    cell.source = cell.source.replace("### END SOLUTION", "")


def rename_type(notebook):
    notebook.cells[0]["cell_type"] = "prose"


def grade_a_page(root):
    (root / "book" / "remarks.ipynb").write_bytes(alpha(root).read_bytes())


NOTEBOOK = "book/alpha/alpha.ipynb"

BREAKAGES = {
    "folder not in toc": (forget_in_toc, "book/alpha", "not in the table of contents"),
    "no module": (
        lambda root: (root / "solutions" / "alpha.py").unlink(),
        "book/alpha",
        "there is no solutions/alpha.py",
    ),
    "folder without notebook": (
        lambda root: (root / "book" / "empty").mkdir(),
        "book/empty",
        "has no notebook book/empty/empty.ipynb",
    ),
    "toc entry without file": (list_a_ghost, "_toc.yml", "no file book/ghost.md"),
    "no toc": (lambda root: (root / "_toc.yml").unlink(), "_toc.yml", "no table of contents"),
    "toc not yaml": (
        lambda root: (root / "_toc.yml").write_text("root: [unclosed"),
        "_toc.yml",
        "cannot be read",
    ),
    "toc without root": (
        lambda root: (root / "_toc.yml").write_text("format: jb-book\n"),
        "_toc.yml",
        "malformed",
    ),
    "not JSON": (lambda root: alpha(root).write_text("{"), NOTEBOOK, "is not JSON"),
    "not a notebook": (lambda root: alpha(root).write_text("[1]"), NOTEBOOK, "not a notebook"),
    "empty": (lambda root: alpha(root).write_text(" \n"), NOTEBOOK, "is empty"),
    "not text": (lambda root: alpha(root).write_bytes(b"\xff\xfe"), NOTEBOOK, "UTF-8"),
    "no cells": (lambda root: edit_alpha(root, drop_cells), NOTEBOOK, "has no cells"),
    "no tests": (lambda root: edit_alpha(root, drop_tests), NOTEBOOK, "has no test cells"),
    "bad cell": (lambda root: edit_alpha(root, rename_type), NOTEBOOK, "not a valid notebook"),
    "graded page": (grade_a_page, "book/remarks.ipynb", "has cells for nbgrader"),
    "open region": (
        lambda root: edit_alpha(root, leave_region_open),
        NOTEBOOK,
        "(alpha_halve): its solutions cannot be taken out: no end solution",
    ),
}


def test_a_sound_course_has_no_problems(small_course):
    """The small course passes, so that each breakage below is what is reported."""
    assert find_problems(small_course) == []


@pytest.mark.parametrize("name", BREAKAGES)
def test_breakage_is_named_with_its_file(small_course, name):
    """A broken course is reported with the file and what is wrong with it."""
    breaks, path, what = BREAKAGES[name]
    breaks(small_course)
    problems = find_problems(small_course)
    assert any(problem.path == path and what in problem.what for problem in problems), problems


def test_all_problems_are_reported_together(small_course):
    """One run tells of a broken notebook, a missing module and a ghost in the contents."""
    alpha(small_course).write_text("{")
    (small_course / "solutions" / "beta.py").unlink()
    list_a_ghost(small_course)
    with pytest.raises(CourseError) as caught:
        check_course(small_course)
    assert {problem.path for problem in caught.value.problems} == {
        NOTEBOOK,
        "book/beta",
        "_toc.yml",
    }
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)


@pytest.mark.parametrize("name", BREAKAGES)
def test_checking_changes_nothing(small_course, name):
    """Files are the same after the check as before."""
    BREAKAGES[name][0](small_course)
    before = {p: p.read_bytes() for p in small_course.rglob("*") if p.is_file()}
    find_problems(small_course)
    assert {p: p.read_bytes() for p in small_course.rglob("*") if p.is_file()} == before


def test_check_command_fails_on_problems(small_course, run):
    """``python -m publishing check`` exits with 1 and prints the problem."""
    alpha(small_course).write_text("")
    result = run(small_course, "check")
    assert (result.returncode, result.stderr) == (1, f"{NOTEBOOK}: is empty\n")
