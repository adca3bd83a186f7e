"""When the assignment was wrong: grades given again, exercises withdrawn, and taken back."""

from __future__ import annotations

import csv
import os
import pty
import shutil
import signal
import sqlite3

import nbformat
import pytest
import small_course
from cells import code_cell
from in_a_fork import become, nbjudge
from nbgrader.api import Gradebook
from nbjudge.batch.recorder import Recorder
from nbjudge.commands.grade import load_course
from nbjudge.gradebook import notes
from nbjudge.regrade import change, table
from nbjudge.regrade.draft import read_draft
from small_course import NAME

ENGINE = """
import nbjudge
nbjudge.configure(c)
c.SandboxedExecute.preload = []
c.ParallelAutograde.workers = 1
"""
BY_HAND = {"student00": 2.5, "student01": 1.0}


@pytest.fixture(scope="module")
def graded(small_course_made, tmp_path_factory):
    """Return a graded class of four: right, half right and late, wrong, and half right.

    A person has graded an answer in words of the first, and a test of the second.
    """
    root = tmp_path_factory.mktemp("regrade") / "course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(ENGINE)
    for folder in (root / "submitted").iterdir():
        if folder.name not in ("student00", "student01", "student02", "student05", "broken"):
            shutil.rmtree(folder)
    late = root / "submitted" / "student01" / NAME / "timestamp.txt"
    late.write_text("2026-10-01 12:00 UTC")
    with small_course.open_course(root).gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-10-01 00:00:00")
    done = nbjudge(root, "grade", NAME)
    assert done.code == 0, done.err
    small_course.grade_by_hand(root)
    done = nbjudge(root, "grade", NAME)  # pages of what a person gave
    assert done.code == 0, done.err
    return root


@pytest.fixture
def course(graded, tmp_path):
    """Return the graded class, to be changed."""
    root = tmp_path / "course"
    shutil.copytree(graded, root)
    small_course.configure(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(ENGINE)
    return root


def mend(root, edit):
    """Change the instructor's notebook."""
    path = root / "source" / NAME / f"{NAME}.ipynb"
    made = nbformat.read(path, as_version=4)
    edit({cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in made.cells}, made)
    nbformat.write(made, path)


def mend_hidden_test(cells, made):
    """The test was wrong: it let pass what is right only."""
    cells["of_many"].source = "### BEGIN HIDDEN TESTS\nassert double(21) == 2\n### END HIDDEN TESTS"


def mend_points(cells, made):
    cells["of_one"].metadata.nbgrader.points = 4


def files(root, *folders):
    """Return the contents of a course's files, and when they were written."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def data(found):
    return {name: contents for name, (contents, _) in found.items()}


def everything(root):
    """Return all that a command which only shows must leave alone."""
    place = ("source", "release", "submitted", "autograded", "feedback", ".nbjudge")
    tables = {path.name: path.read_bytes() for path in root.glob("*.csv")}
    return files(root, *place), tables, small_course.tables(small_course.sqlite(root))


def score(root, student, cell):
    return small_course.contents(small_course.sqlite(root))[student, NAME, cell]


def log(root):
    with (root / "regrades.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def regrade(root, *options):
    done = nbjudge(root, "regrade", NAME, *options)
    assert done.code == 0, done.err
    return done.out


def test_what_changes_is_shown_and_nothing_is_written(course):
    """Who gains and who loses how much in which cell, lateness included; no file is another."""
    mend(course, mend_hidden_test)
    before = everything(course)
    said = regrade(course)
    assert everything(course) == before
    rows = [line.split() for line in said.splitlines() if line.startswith("student0")]
    assert rows == [
        ["student00", "of_many", "2", "0", "−2"],
        ["student05", "of_many", "0", "2", "+2"],
    ]
    assert "Other text: tiny/of_many" in said
    assert "1 gain, 1 lose, 2 stay" in said
    assert "student01, of_many: 1 given by hand stays; the tests give 2 now" in said
    assert "Nothing is written" in said


def test_a_regrade_is_consistent_everywhere_and_can_be_undone(course):
    """Gradebook, release, autograded notebooks, feedback, tables; then all of it as it was."""
    url = small_course.sqlite(course)
    before, rows_before = small_course.contents(url), small_course.tables(url)
    old = files(course, "release", "autograded", "feedback")
    mend(course, mend_hidden_test)
    regrade(course, "--yes", "--because", "=the hidden test, wrong")
    after = small_course.contents(url)
    assert after["student00", NAME, "of_many"][0] == 0.0
    assert after["student05", NAME, "of_many"][0] == 2.0
    # What a person gave stays, the comment too, and need not be looked at again.
    assert after["student01", NAME, "of_many"] == (2.0, 1.0, 1.0, 2.0, False, None)
    assert after["student00", NAME, "why"] == before["student00", NAME, "why"]
    assert after["student00", NAME, "comment", "why"] == (None, "well said")
    new = files(course, "release", "autograded", "feedback")
    autograded = f"autograded/student05/{NAME}/{NAME}.ipynb"
    assert b"double(21) == 2" in new[autograded][0]
    pages = {name for name in new if name.endswith(".html") and new[name] != old[name]}
    # The second shows a test that fails no more, though a person's points stand; nobody's else do.
    assert pages == {f"feedback/student0{n}/{NAME}/{NAME}.html" for n in (0, 1, 5)}
    found = log(course)
    assert [(row["student"], row["cell"], row["old"], row["new"]) for row in found] == [
        ("student00", "of_many", "2.0", "0.0"),
        ("student05", "of_many", "0.0", "2.0"),
    ]
    assert {row["who"] for row in found} == {table.account()}
    assert {row["why"] for row in found} == {"'=the hidden test, wrong"}
    assert all(row["when"].endswith("UTC") and row["assignment"] == NAME for row in found)

    again = nbjudge(course, "grade", NAME)
    assert "mended" not in again.out
    assert "were graded before" not in again.out
    assert files(course, "autograded", "feedback") == files(course, "autograded", "feedback")
    assert data(files(course, "feedback")) == {
        name: contents for name, (contents, _) in new.items() if name.startswith("feedback")
    }

    said = regrade(course, "--undo", "--yes")
    assert "1 gain, 1 lose, 2 stay" in said
    assert small_course.contents(url) == before
    assert small_course.tables(url) == rows_before
    undone = files(course, "release", "autograded", "feedback")
    assert {n: c for n, c in data(undone).items() if "feedback" not in n} == {
        n: c for n, c in data(old).items() if "feedback" not in n
    }
    assert [(row["old"], row["new"]) for row in log(course)[2:]] == [("2.0", "0.0"), ("0.0", "2.0")]
    again = nbjudge(course, "regrade", NAME, "--undo", "--yes")
    assert again.code == 1
    assert "there is nothing to undo in tiny" in again.err


def test_other_points_cells_and_lateness(course):
    """Points of an exercise, a test that is new and an exercise that nobody was given."""

    def edit(cells, made):
        mend_points(cells, made)
        made.cells.insert(
            3, code_cell("assert double(0) == 0", "of_none", grade=True, locked=True, points=5)
        )
        made.cells.append(
            code_cell("### BEGIN SOLUTION\nthree = 3\n### END SOLUTION", "three", solution=True)
        )
        made.cells.append(
            code_cell("assert three == 3", "three_is_three", grade=True, locked=True, points=1)
        )

    mend(course, edit)
    said = regrade(course, "--yes", "--because", "forgotten")
    assert "Other points: tiny/of_one 1 → 4" in said
    assert (
        "New: tiny/of_none, tiny/three, tiny/three_is_three. 4 submissions came in without" in said
    )
    assert "out of 6 → 15" in said
    found = small_course.contents(small_course.sqlite(course))
    assert [found[f"student0{n}", NAME, "of_none"][2] for n in (0, 1, 2, 5)] == [5, 0, 0, 0]
    assert [found[f"student0{n}", NAME, "of_one"][2:4] for n in (0, 2)] == [(4, 4), (0, 4)]
    assert all(found[f"student0{n}", NAME, "three_is_three"][2] == 0 for n in (0, 1, 2, 5))
    assert found["student00", NAME, "comment", "three"] == (None, None)
    # A tenth of 1 + 1 by hand before, of 4 + 1 by hand now.
    assert found["student01", NAME] == (0.5,)
    late = [row for row in log(course) if row["cell"] == change.LATE]
    assert [(row["student"], row["old"], row["new"]) for row in late] == [
        ("student01", "-0.2", "-0.5")
    ]
    with small_course.open_course(course).gradebook as gradebook:
        names = [cell.name for cell in gradebook.find_notebook(NAME, NAME).source_cells]
    assert names == ["double", "of_one", "of_many", "of_none", "why", "three", "three_is_three"]
    # nbgrader itself has nothing against the assignment as it is now.
    assert small_course.open_course(course).generate_assignment(NAME, force=True)["success"]
    assert "Nothing of tiny changes" in regrade(course)


def without(name):
    def edit(cells, made):
        made.cells = [cell for cell in made.cells if cell is not cells[name]]

    return edit


def a_test_becomes_a_task(cells, made):
    cells["of_one"].cell_type = "markdown"
    cells["of_one"].metadata.nbgrader.update(grade=False, task=True)
    del cells["of_one"]["outputs"], cells["of_one"]["execution_count"]


def twice_the_same_name(cells, made):
    cells["of_one"].metadata.nbgrader.grade_id = "of_many"


REFUSED = {
    "a cell that is gone": (without("of_many"), "tiny/of_many: the cell is not there any more"),
    "another kind of cell": (a_test_becomes_a_task, "tiny/of_one: an answer, a test and a task"),
    "not a sound assignment": (twice_the_same_name, "nbgrader makes no assignment of it"),
}


@pytest.mark.parametrize(("edit", "said"), REFUSED.values(), ids=list(REFUSED))
def test_a_source_that_grades_cannot_follow_is_refused_in_one_line(course, edit, said):
    mend(course, edit)
    before = everything(course)
    done = nbjudge(course, "regrade", NAME, "--yes")
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert everything(course) == before


def test_what_was_handed_in_since_is_left_to_grade(course):
    """A regrade is of the versions that were graded."""
    path = course / "submitted" / "student02" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("raise NotImplementedError", "return 2"))
    (course / "submitted" / "student05" / NAME / f"{NAME}.ipynb").unlink()
    mend(course, mend_hidden_test)
    said = regrade(course, "--yes")
    assert "student02, student05 keep the grade there was: another version was handed in" in said
    assert score(course, "student02", "of_many")[0] == 0.0
    said = nbjudge(course, "grade", NAME).out
    assert score(course, "student02", "of_many")[0] == 2.0
    # The one that cannot be graded any more is still named.
    assert "graded before tiny was released with other tests or points (student05)" in said
    assert f"`nbjudge regrade {NAME}`" in said


def test_grade_says_that_the_source_was_mended_and_names_the_command(course):
    """Before anything of it is in the gradebook, and after nbgrader has released it anew."""
    assert "mended" not in nbjudge(course, "grade", NAME).out
    mend(course, mend_hidden_test)
    said = nbjudge(course, "grade", NAME).out
    assert "tiny was mended since (tiny/of_many): 4 grades were given by other tests" in said
    assert f"`nbjudge regrade {NAME}`" in said
    assert small_course.open_course(course).generate_assignment(NAME, force=True)["success"]
    said = nbjudge(course, "grade", NAME).out
    assert "4 submissions were graded before tiny was released with other tests" in said
    assert f"`nbjudge regrade {NAME}`" in said


def test_on_a_terminal_it_is_written_when_a_person_agrees(course):
    """And not when they press return."""
    mend(course, mend_hidden_test)
    for answer, expected in (("\n", 0.0), ("y\n", 2.0)):
        pid, terminal = pty.fork()
        if pid == 0:
            become(course, "regrade", NAME)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(terminal, 4096)
        os.write(terminal, answer.encode())
        try:
            while os.read(terminal, 4096):
                pass
        except OSError:  # the terminal's other end is closed
            pass
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        os.close(terminal)
        assert score(course, "student05", "of_many")[0] == expected


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("moment", ["before it counts", "while files are moved", "at the table"])
def test_killed_at_any_moment_it_is_wholly_done_or_not_at_all(course, monkeypatch, moment):
    """The next command finishes what the gradebook has, or forgets what it has not."""
    mend(course, mend_hidden_test)
    before = everything(course)

    def set_trap():
        if moment == "before it counts":
            monkeypatch.setattr(change, "write_note", die)
        elif moment == "while files are moved":
            moved = []
            place = Recorder.move_into_place

            def second(self, student):
                moved.append(student)
                die() if len(moved) == 2 else place(self, student)

            monkeypatch.setattr(Recorder, "move_into_place", second)
        else:
            monkeypatch.setattr("nbjudge.regrade.stage.append_rows", die)

    assert nbjudge(course, "regrade", NAME, "--yes", before=set_trap).code == -signal.SIGKILL
    done = nbjudge(course, "grade", NAME)
    assert done.code == 0, done.err
    if moment == "before it counts":
        written, tables, rows = everything(course)
        left = {n: c for n, (c, _) in written.items() if not n.startswith(".nbjudge/regrades")}
        assert left == data(before[0])
        assert tables == before[1]
        assert rows == before[2]
        assert not list((course / ".nbjudge" / "regrades" / NAME).glob("*"))
        return
    assert score(course, "student05", "of_many")[0] == 2.0
    assert len(log(course)) == 2
    assert "mended" not in done.out
    assert "were graded before" not in done.out
    for student in ("student00", "student01", "student02", "student05"):
        text = (course / "autograded" / student / NAME / f"{NAME}.ipynb").read_text()
        assert "double(21) == 2" in text
    page = (course / "feedback" / "student05" / NAME / f"{NAME}.html").read_text()
    assert "3 of 3" in page
    assert "1 gain, 1 lose" in regrade(course, "--undo", "--yes")


POINTS = {
    "full": ({"of_one": [1, 1, 1, 1], "of_many": [2, 2, 2, 2], "why": [2.5, 0, 0, 0]}, 6),
    "none": ({"of_one": [0] * 4, "of_many": [0] * 4, "why": [2.5, 0, 0, 0]}, 3),
    "rescale": ({"of_one": [0] * 4, "of_many": [0] * 4, "why": [5, 0, 0, 0]}, 6),
}
CLASS = ("student00", "student01", "student02", "student05")


@pytest.mark.parametrize(("points", "expected"), POINTS.items(), ids=list(POINTS))
def test_an_exercise_is_withdrawn_with_its_consequences_shown(course, points, expected):
    """Shown first, then written; whoever is graded later is treated alike."""
    scores, out_of = expected
    rows = everything(course)
    command = ("withdraw", NAME, "double", "--points", points)
    shown = nbjudge(course, *command, "--dry-run")
    assert "Nothing is written" in shown.out
    assert everything(course) == rows
    done = nbjudge(course, *command, "--yes", "--because", "was never taught")
    assert done.code == 0, done.err
    assert done.out.startswith(shown.out.partition("Nothing is written")[0])

    def check():
        found = small_course.contents(small_course.sqlite(course))
        for cell, given in scores.items():
            assert [found[student, NAME, cell][2] for student in CLASS] == given, cell
        with small_course.open_course(course).gradebook as gradebook:
            assert gradebook.find_assignment(NAME).max_score == out_of

    check()
    assert {row["why"] for row in log(course)} == {"was never taught"}
    with small_course.open_course(course).gradebook as gradebook:  # as nbgrader's own autograding
        gradebook.find_grade("of_many", NAME, NAME, "student05").auto_score = 1.5
        gradebook.db.commit()
    again = nbjudge(course, "grade", NAME, "--student", "student02", "--force")
    assert again.code == 0, again.err
    assert "mended" not in again.out
    assert "were graded before" not in again.out
    check()
    # A mended test of what is left changes nothing of the withdrawal.
    mend(course, lambda cells, made: setattr(cells["of_one"], "source", "assert double(1) == 3"))
    regrade(course, "--yes")
    check()
    # Nor does a release, of which the source still has the exercise with its points.
    released = load_course(course).generate_assignment(NAME, force=True)
    assert released["success"], released["log"]
    check()
    undone = nbjudge(course, "regrade", NAME, "--yes")
    assert "0 gain, 0 lose" in undone.out or "Nothing" in undone.out, undone.out
    check()


def test_a_withdrawal_is_undone(course):
    """Points given by hand come back with it."""
    url = small_course.sqlite(course)
    before = small_course.tables(url)
    for exercise, points in (("double", "none"), ("why", "full"), ("why", "rescale")):
        done = nbjudge(course, "withdraw", NAME, exercise, "--points", points, "--yes")
        assert done.code == 0, done.err
        regrade(course, "--undo", "--yes")
        assert small_course.tables(url) == before


def test_very_many_changes_are_shown_by_student(course, monkeypatch):
    """And cell by cell where that is asked for."""
    monkeypatch.setattr("nbjudge.commands.corrections._MOST_ROWS", 3)
    command = ("withdraw", NAME, "double", "--points", "full")
    said = nbjudge(course, *command).out
    rows = [line.split() for line in said.splitlines() if line.startswith("student")]
    assert rows == [
        ["student", "cells", "before", "after", "change"],
        ["student01", "2", "1.8", "2.7", "+0.9"],
        ["student05", "1", "1", "3", "+2"],
        ["student02", "2", "0", "3", "+3"],
    ]
    assert "5 cells in all; --verbose shows each of them." in said
    assert "student05  of_many       0      2      +2" in nbjudge(course, *command, "--verbose").out


MISTYPED = {
    "no exercise": (["withdraw", NAME], "name an assignment and an exercise"),
    "no points": (["withdraw", NAME, "double"], "--points is needed: full, none or rescale"),
    "other points": (["withdraw", NAME, "double", "--points=half"], "--points half: full, none or"),
    "a slip": (["withdraw", NAME, "duoble", "--points=full"], "did you mean 'double'?"),
    "a test": (["withdraw", NAME, "of_one", "--points=full"], "is a test of the exercise 'double'"),
    "no assignment": (["regrade"], "name one assignment"),
    "another one": (["regrade", "tinny"], "did you mean 'tiny'?"),
    "both": (["regrade", NAME, "--yes", "--dry-run"], "give one of them"),
    "never": (["regrade", NAME, "--undo"], "there is nothing to undo in tiny"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTYPED.values(), ids=list(MISTYPED))
def test_what_is_mistyped_is_said_in_one_line(graded, arguments, said):
    before = everything(graded)
    done = nbjudge(graded, *arguments)
    assert done.code in (1, 2)
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert everything(graded) == before


def test_a_draft_is_what_nbgrader_would_release(graded):
    """The same files for students and the same cells for the gradebook, from nbgrader's own steps."""
    from nbjudge.configuration import load_settings
    from nbjudge.gradebook.snapshot import take_snapshot

    draft = read_draft(load_settings(graded), NAME)
    with small_course.open_course(graded).gradebook as gradebook:
        assert draft.sheets == take_snapshot(gradebook, NAME)
    assert draft.files == data(
        {n.removeprefix(f"release/{NAME}/"): c for n, c in files(graded, "release").items()}
    )


def test_notes_stand_beside_nbgraders_tables(tmp_path):
    """What is noted is read again, and a gradebook without notes has none."""
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "small") as gradebook:
        assert notes.read_note(gradebook, "x") is None
        notes.make_notes(gradebook)
        notes.write_note(gradebook, "x", {"a": [1, None]})
        gradebook.db.commit()
        assert notes.read_note(gradebook, "x") == {"a": [1, None]}
        notes.write_note(gradebook, "x", None)
        assert notes.read_note(gradebook, "x") is None


def test_what_there_is_nothing_to_correct_in_is_said_in_one_line(small_course_made, course):
    """An assignment without submissions, and a gradebook of an nbgrader before this one."""
    commands = (["regrade", NAME], ["withdraw", NAME, "double", "--points=full"])
    for command in commands:
        done = nbjudge(small_course_made, *command)
        assert done.code == 1
        assert "nothing of tiny is graded yet" in done.err
        assert len(done.err.splitlines()) == 1
    connection = sqlite3.connect(course / "gradebook.db")
    connection.execute("ALTER TABLE student DROP COLUMN lms_user_id")
    connection.commit()
    connection.close()
    exports = (["export", "--to", "csv"], ["students", "import", "class.csv"])
    (course / "class.csv").write_text("student_id\nada\n")
    for command in (*commands, *exports):
        done = nbjudge(course, *command, *(["--yes"] if command in commands else []))
        assert done.code == 1
        assert "an older nbgrader made it: back it up, then `nbgrader db upgrade`" in done.err
        assert len(done.err.splitlines()) == 1


def test_a_source_that_cannot_be_released_does_not_keep_a_class_from_being_graded(course):
    """Not even by a step of the course's own that fails; the one that regrades says so."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.GenerateAssignment.preprocessors = ['nowhere.Step']\n")
    done = nbjudge(course, "grade", NAME)
    assert done.code == 0, done.err
    assert "mended" not in done.out
    done = nbjudge(course, "regrade", NAME)
    assert done.code == 1
    assert "nbgrader makes no assignment of it" in done.err
    assert len(done.err.splitlines()) == 1
