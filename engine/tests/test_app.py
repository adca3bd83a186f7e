"""The command takes nbgrader's options as nbgrader does, and ends well whatever is in its way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time

import nbformat
import pytest
import small_course
from cells import code_cell, notebook
from in_a_fork import nbjudge
from nbgrader.apps import AutogradeApp
from small_course import NAME, Fork, incidents, sqlite, state

TEST = {"grade": True, "locked": True, "points": 1}
STUDENTS = ["ada", "anna b", " čeněk", "-dash", "[a]", "o'x", "zoë+1"]
"""Names that a shell, a glob, a regular expression or a command line may take for something else."""
HOOKS = """
def before(assignment, student, notebooks):
    with open("hooks", "a") as file:
        print("before", assignment, student, sorted(notebooks), file=file)

def after(assignment, student, notebooks):
    with open("hooks", "a") as file:
        print("after", assignment, student, sorted(notebooks), file=file)

c.Autograde.pre_convert_hook = before
c.Autograde.post_convert_hook = after
"""


@pytest.fixture(scope="module")
def two_notebooks(tmp_path_factory):
    """Return a course whose assignment has two notebooks, with submissions of every kind."""
    root = tmp_path_factory.mktemp("two") / "course"
    source = root / "source" / NAME
    source.mkdir(parents=True)
    small_course.configure(root)
    for name, points in (("first", 1), ("second", 2)):
        made = notebook(
            code_cell("### BEGIN SOLUTION\n### END SOLUTION", "answer", solution=True),
            code_cell("assert answer == 42", "right", **TEST | {"points": points}),
            code_cell("", "why", grade=True, solution=True, points=3),
        )
        nbformat.write(made, source / f"{name}.ipynb")
    (source / "data.csv").write_text("1,2\n")
    result = small_course.open_course(root).generate_assignment(NAME)
    assert result["success"], result["log"]
    for number, student in enumerate(STUDENTS):
        folder = root / "submitted" / student / NAME
        shutil.copytree(root / "release" / NAME, folder)
        (folder / "own.txt").write_text(student)
        (folder / "timestamp.txt").write_text("2026-10-01 12:00:00 UTC")
        for name in ("first", "second"):
            made = nbformat.read(folder / f"{name}.ipynb", as_version=4)
            made.cells[0].source = f"answer = {42 + (number + len(name)) % 2}\nprint({number})"
            nbformat.write(made, folder / f"{name}.ipynb")
    (root / "submitted" / STUDENTS[0] / NAME / "second.ipynb").unlink()
    third = root / "submitted" / STUDENTS[1] / NAME / "third.ipynb"
    nbformat.write(notebook(code_cell("1")), third)
    return root


def copied(course, root, *settings):
    """Copy a course."""
    shutil.copytree(course, root)
    small_course.configure(root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.writelines(settings)
    return root


def files(root):
    """Return the autograded files and folders, with their modes and what is in them."""
    found = {}
    for path in sorted((root / "autograded").rglob("*")):
        text = path.read_text() if path.is_file() else None
        if path.suffix == ".ipynb":
            text = [(cell.source, cell.get("outputs")) for cell in nbformat.reads(text, 4).cells]
        found[str(path.relative_to(root))] = (oct(path.stat().st_mode), text)
    return found


RUNS = {
    "one student, whose name begins with a dash": [("--student=-dash",)],
    "a glob of students": [("--student", "*a*"), ("--student", "[!a]*")],
    "a glob of notebooks, then the rest": [("--notebook", "f*"), ("--notebook=second",), ()],
    "a notebook again": [
        ("--student=[ao]*",),
        ("--notebook=second", "--force", "--student=o*"),
        ("-f", "--student=[ao]*"),
    ],
    "excluded students": [("--CourseDirectory.student_id_exclude=ada,-dash",), ("--create",)],
    "nothing is executed": [("--no-execute",)],
    "for a group": [
        ("--CourseDirectory.groupshared=True", "--Autograde.permissions=640", "--student=ada")
    ],
    "files of the student": [
        (f"--Autograde.exclude_overwriting={NAME}=data.csv", "--log-level=INFO", "--student=o*")
    ],
}


EVERY_DAY = {"a glob of students", "a notebook again", "nothing is executed", "for a group"}


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(runs, id=name, marks=() if name in EVERY_DAY else pytest.mark.thorough)
        for name, runs in RUNS.items()
    ],
)
def test_options_of_nbgrader_do_what_they_do_there(two_notebooks, tmp_path, runs):
    """Two notebooks a submission, odd names: gradebook, files, modes, all as `nbgrader autograde`."""
    theirs, ours = (copied(two_notebooks, tmp_path / name, HOOKS) for name in ("stock", "engine"))
    for options in runs:
        stock, engine = Fork(theirs, *options, app=AutogradeApp), Fork(ours, *options)
        assert (stock.end(), engine.end()) == (0, 0), stock.errors() + engine.errors()
        told = incidents(ours) if (ours / "incidents.csv").exists() else []
        for row in told:  # nbgrader says nothing of either
            student, _, _, what = row.split(",", 3)
            assert student in ("[a]", STUDENTS[0]), row
            assert student == "[a]" or ("second.ipynb" in row and "missing from the subm" in what)
        assert small_course.contents(sqlite(ours)) == small_course.contents(sqlite(theirs))
        assert small_course.tables(sqlite(ours)) == small_course.tables(sqlite(theirs))
        if any(
            "groupshared" in option for option in options
        ):  # stock nbgrader does not share a student's folder
            (ours / "autograded" / STUDENTS[0]).chmod(0o755)
        assert files(ours) == files(theirs)
    hooks = [sorted((root / "hooks").read_text().splitlines()) for root in (theirs, ours)]
    assert hooks[1] == [line.replace(str(theirs), str(ours)) for line in hooks[0]]


def test_the_course_and_its_gradebook_may_be_named(two_notebooks, tmp_path):
    """`--course-dir`, `--db` and `--assignment`, from another folder."""
    root = copied(two_notebooks, tmp_path / "course")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / "gradebook.db").rename(elsewhere / "grades.db")
    url = f"sqlite:///{elsewhere}/grades.db"
    done = nbjudge(
        elsewhere, "autograde", NAME, "--verbose", "--course-dir", str(root), "--db", url
    )
    assert done.code == 0, done.err
    assert {key[0] for key in small_course.contents(url)} == {*STUDENTS} - {"[a]"}
    assert "[a]" in done.out
    assert not (root / "gradebook.db").exists()


def test_an_assignment_that_is_not_there_is_named(small_course_copy):
    """Not handed in, not released, not named: one line each, and nothing changes."""
    before = small_course.tables(sqlite(small_course_copy))
    shutil.copytree(
        small_course_copy / "submitted" / "student00" / NAME,
        small_course_copy / "submitted" / "student00" / "never",
    )
    for name, said, code in (
        ("nothing", "the gradebook has no assignment 'nothing'", 1),
        ("never", "the gradebook has no assignment 'never'", 1),
        (None, "name one assignment", 2),
    ):
        done = nbjudge(small_course_copy, "autograde", *([name] if name else []))
        assert (done.code, said in done.err) == (code, True), done.err
        assert "Traceback" not in done.err
    assert small_course.tables(sqlite(small_course_copy)) == before
    assert not (small_course_copy / "autograded").exists()


def test_an_unknown_student_may_be_refused(small_course_copy):
    """Without `create_student` who is not in the gradebook is named, the others are graded."""
    with small_course.open_course(small_course_copy).gradebook as gradebook:
        gradebook.add_student("student00")
    assert Fork(small_course_copy, "--Autograde.create_student=False").end() == 0
    assert {key[0] for key in small_course.contents(sqlite(small_course_copy))} == {"student00"}
    named = [row for row in incidents(small_course_copy) if "has no student of this name" in row]
    assert len(named) == 8


def test_a_second_command_in_the_same_course_is_refused(small_course_copy, undisturbed):
    """It names the first one and changes nothing; the first goes on."""
    first = Fork(small_course_copy)
    first.said.readline()
    os.kill(first.pid, signal.SIGSTOP)  # it does not end meanwhile
    try:
        second = nbjudge(small_course_copy, "autograde", NAME)
    finally:
        os.kill(first.pid, signal.SIGCONT)
        ended = first.end()
    assert second.code == 1
    assert "another batch is grading in this course" in second.err
    assert f"process {first.pid} on" in second.err
    assert "Traceback" not in second.err
    assert ended == 0
    assert state(small_course_copy) == undisturbed


def test_interrupted_it_ends_clean_and_a_rerun_goes_on(small_course_copy, undisturbed):
    """Ctrl-C, which reaches every process of the terminal: one message, nothing left running."""
    last = small_course_copy / "submitted" / "student07" / NAME / f"{NAME}.ipynb"
    handed_in = last.read_text()
    made = nbformat.reads(handed_in, 4)
    made.cells[
        0
    ].source = "import time\ntime.sleep(90)"  # so the batch is at work, and nobody waits
    nbformat.write(made, last)
    with tempfile.TemporaryDirectory(prefix="t-") as temporary, subprocess.Popen(
        small_course.command("--workers", "2"), cwd=small_course_copy, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env=small_course.environment() | {"TMPDIR": temporary},
        # As on a terminal: what runs in the background of a shell ignores the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as run:  # fmt: skip
        for _ in range(3):
            run.stdout.readline()
        os.killpg(run.pid, signal.SIGINT)
        said, errors = run.communicate(timeout=60)
        deadline = time.monotonic() + 20
        while small_course.of_session(run.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not small_course.of_session(run.pid)
        assert not os.listdir(temporary)
    assert run.returncode == 130, errors
    assert errors.count("the batch ended: interrupted") == 1
    assert "run the same command again" in errors
    assert "Traceback" not in errors and "KeyboardInterrupt" not in errors, errors
    assert "for a person to look at" in said.lower()
    left = [row for row in incidents(small_course_copy) if "interrupted" in row]
    last.write_text(handed_in)
    assert 0 < len(left) < 8
    assert Fork(small_course_copy).end() == 0
    assert state(small_course_copy) == undisturbed


def test_what_cannot_be_read_or_named_is_an_incident(small_course_copy, undisturbed):
    """Files and folders without permission, a name that is not text."""
    submitted = small_course_copy / "submitted"
    right = submitted / "student00" / NAME / f"{NAME}.ipynb"
    odd = {
        "closed notebook": f"{NAME}.ipynb", "closed data": "data.txt",
        "closed time": "timestamp.txt", "closed folder": "",
    }  # fmt: skip
    for student, name in odd.items():
        folder = submitted / student / NAME
        folder.mkdir(parents=True)
        shutil.copy(right, folder)
        if name:
            (folder / name).touch()
        (folder / name).chmod(0)
    latin = os.fsencode(submitted) + "/zoë".encode("latin-1")
    shutil.copytree(submitted / "student00", os.fsdecode(latin))
    # The superuser reads everything; without two of its powers it is as others are.
    drop = "--bounding-set=-dac_override,-dac_read_search"
    powers = [] if os.getuid() else ["setpriv", drop]
    done = subprocess.run(
        # The sandbox of the superuser needs those powers.
        [*powers, *small_course.command("--workers", "2", "--no-sandbox")], cwd=small_course_copy,
        env=small_course.environment(), capture_output=True, text=True,
    )  # fmt: skip
    for student, name in odd.items():
        (submitted / student / NAME / name).chmod(0o700)
    assert done.returncode == 0, done.stderr
    contents, _, rows, _ = state(small_course_copy)
    assert contents == undisturbed[0]
    named = [row for row in rows if row not in undisturbed[2]]
    assert len(named) == len(odd) + 1, named
    assert sum("cannot be read" in row for row in named) == len(odd)
    assert any(rf"zo\xeb,{NAME}," in row and "not UTF-8" in row for row in named)
    assert "not UTF-8" in done.stdout
