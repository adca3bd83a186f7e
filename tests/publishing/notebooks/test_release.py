"""A chapter is released when the instructor's notebook has changed, hidden parts included."""

from __future__ import annotations

import copy

import nbformat
import pytest
from courses import ROOT

from publishing.notebooks.plain_markdown import plain
from publishing.notebooks.release import GenerateError, NeedsRegradeError, main, release

CHAPTER = "coin_mle"


def edit(root, change):
    """Change the cells of the instructor's notebook."""
    path = root / "book" / CHAPTER / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


@pytest.fixture
def course(course_copy, monkeypatch):
    """Return a course of one chapter, released and up to date, without checks of the whole book."""
    monkeypatch.setattr("publishing.notebooks.release.check_course", lambda root: None)
    # References to other chapters are looked up where those are, as PlainMarkdown.root says it.
    monkeypatch.setattr(
        "publishing.notebooks.student_version.plain",
        lambda made, root, page: plain(made, ROOT, page),
    )
    root, course = course_copy(CHAPTER)
    release(root)
    assert release(root) == []
    return root, course


@pytest.mark.parametrize("part", ["HIDDEN TESTS", "MARK SCHEME"])
def test_a_corrected_hidden_part_reaches_the_gradebook(course, part):
    """Nothing of it is in the release, and all of it in the gradebook, where grading finds it."""
    root, course = course
    released = root / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    before = nbformat.read(released, as_version=4)
    changed = []

    def correct(cells):
        cell = next(c for c in cells if f"END {part}" in c.source and "nbgrader" in c.metadata)
        lines = cell.source.split("\n")
        end = next(number for number, line in enumerate(lines) if f"END {part}" in line)
        cell.source = "\n".join([*lines[:end], "# corrected", *lines[end:]])
        changed.append(cell.metadata.nbgrader["grade_id"])

    edit(root, correct)
    assert release(root) == [CHAPTER]
    with course.gradebook as gradebook:
        saved = gradebook.find_source_cell(changed[0], CHAPTER, CHAPTER).source
    assert "# corrected" in saved
    after = nbformat.read(released, as_version=4)
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    assert release(root) == []


@pytest.fixture
def handed_in(course):
    """Return the course after somebody has handed the chapter in."""
    root, api = course
    with api.gradebook as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(CHAPTER, "ada")
    return root


def rename(cells):
    cell = next(c for c in cells if c.metadata.get("nbgrader", {}).get("grade"))
    cell.metadata.nbgrader["grade_id"] = cell.id = "renamed"


def add(cells):
    cell = copy.deepcopy(next(c for c in cells if c.metadata.get("nbgrader", {}).get("grade")))
    cell.metadata.nbgrader["grade_id"] = cell.id = "another"
    cells.append(cell)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (add, r"^coin_mle: another was added since students handed in coin_mle\. "
         r"`nbjudge regrade coin_mle` shows who gains and who loses"),
        (rename, r"^coin_mle: renamed was added and (\w+) was taken out since .*\. Put \1 back"),
    ],
)  # fmt: skip
def test_other_cells_than_a_class_has_handed_in_need_a_regrade(
    handed_in, change, said, monkeypatch, capsys
):
    """The release before stays, and one line names the command; other chapters are released."""
    released = handed_in / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    before = released.read_bytes()
    edit(handed_in, change)
    with pytest.raises(NeedsRegradeError, match=said):
        release(handed_in)
    assert released.read_bytes() == before
    assert not (handed_in / ".release.part").exists()
    monkeypatch.chdir(handed_in)
    assert main([]) == 0  # `make grade` goes on with the assignment that the class has
    told = capsys.readouterr()
    assert told.out == "released: nothing\n"
    assert "Traceback" not in told.err and len(told.err.splitlines()) == 2


def test_a_release_that_fails_leaves_the_one_before(course):
    """nbgrader refuses two cells of a name."""
    root, _ = course
    released = root / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    before = released.read_bytes()

    def repeat(cells):
        add(cells)
        first = next(c for c in cells if c.metadata.get("nbgrader", {}).get("grade"))
        cells[-1].metadata.nbgrader["grade_id"] = first.metadata.nbgrader["grade_id"]

    edit(root, repeat)
    with pytest.raises(
        GenerateError, match=r"^coin_mle: jsonschema.*ValidationError: Duplicate grade id"
    ):
        release(root)
    assert released.read_bytes() == before
    assert not (root / ".release.part").exists()
