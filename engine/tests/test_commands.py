"""What is typed wrongly is answered in one line that says what to do, and nothing is done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import small_course
from in_a_fork import nbjudge
from nbjudge.commands import autograde, course_command, grade_classes  # noqa: F401 (before the fork)
from nbjudge.commands.door import NbjudgeApp
from nbjudge.gradebook.faults import gradebook_fault
from small_course import NAME
from sqlalchemy.exc import OperationalError
from traitlets.utils.importstring import import_item


def state(root):
    """Return what there is in a course."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


MISTYPED = {
    "a command": (["grad"], "there is no command 'grad': did you mean 'grade'?"),
    "an option before the command": (["--force"], "name a command first"),
    "an option with a value": (["grade", "--wrokers", "2"], "did you mean --workers?"),
    "one with an equals sign": (["autograde", NAME, "--wrokers=2"], "did you mean --workers?"),
    "a flag": (["grade", "--forse"], "did you mean --force?"),
    "a flag before another": (["autograde", NAME, "--studnet=ada", "--force"], "--student?"),
    "nothing like an option": (["grade", "--xyzzy=1"], "`nbjudge grade --help` lists the options"),
    "an option without its value": (["grade", "--workers"], "workers: a value is needed"),
    "no workers": (["grade", "--workers", "0"], "--workers 0: a whole number of at least 1"),
    "fewer than none": (["autograde", NAME, "--workers=-3"], "--workers -3: a whole number"),
    "workers in words": (["grade", "--workers", "abc"], "--workers abc: a whole number"),
    "half a worker": (["feedback", NAME, "--workers=1.5"], "--workers 1.5: a whole number"),
    "a setting": (["grade", "--SandboxedExecute.jugde=1"], "did you mean --SandboxedExecute.judge?"),
    "a setting's value": (["grade", "--SandboxedExecute.memory=much"], "memory much: a whole number"),
    "a class": (["autograde", NAME, "--Autogarde.force=1"], "did you mean Autograde?"),
    "an assignment": (["grade", "tinny"], "no assignment 'tinny': did you mean 'tiny'?"),
    "one of two assignments": (["grade", NAME, "softmx"], "nbgrader generate_assignment softmx"),
    "a student": (["grade", "--student", "studnet00"], "did you mean 'student00'?"),
    "one of two students": (["autograde", NAME, "--student=student0*", "--student=no"], "'no'"),
    "a student without grades": (["feedback", NAME, "--student=student00"], "autograded/ has nothing"),
    "no assignment": (["autograde"], "name one assignment"),
    "two assignments": (["autograde", NAME, NAME], "name one assignment"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), MISTYPED.values(), ids=list(MISTYPED))
def test_what_is_mistyped_is_said_in_one_line(small_course_made, arguments, said):
    """Before anything is graded: no traceback, no list of all options, an exit code."""
    before = state(small_course_made)
    done = nbjudge(small_course_made, *arguments)
    assert done.code in (1, 2)
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert state(small_course_made) == before


@pytest.mark.parametrize("command", ["grade", "autograde", "feedback"])
def test_outside_of_a_course_nothing_is_made(small_course_made, tmp_path, command):
    """In a folder of the course, and in an empty one: the folder is named, no gradebook appears."""
    for folder in (small_course_made / "source", tmp_path):
        done = nbjudge(folder, command, NAME)
        assert done.code == 1
        assert f"{folder} is no course" in done.err.splitlines()[-1]
        assert not (folder / "gradebook.db").exists()


def test_a_course_without_assignments_says_how_to_begin(tmp_path):
    """And has no gradebook afterwards, too."""
    root = tmp_path / "course"
    root.mkdir()
    small_course.configure(root)
    done = nbjudge(root, "grade")
    assert done.code == 1
    assert "run `nbgrader generate_assignment NAME` first" in done.err
    assert [path.name for path in root.iterdir()] == ["nbgrader_config.py"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c = get_config()\nc.X.y = 1 / 0\n", "line 2: ZeroDivisionError: division by zero"),
        ("c = get_config(\n", "SyntaxError"),
        ("import nosuchmodule\n", "line 1: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("from grading import pages\n", "import nbjudge; nbjudge.configure(c)"),
    ],
)
def test_a_configuration_that_cannot_be_read_grades_nobody(tmp_path, text, said):
    """nbgrader shows a traceback and goes on without the course's settings."""
    root = tmp_path / "course"
    (root / "source").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(text)
    done = nbjudge(root, "grade")
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_class_is_a_few_lines_and_with_verbose_a_line_each(small_course_copy):
    """Piped: plain text without colours, a table, and how far it is."""
    done = nbjudge(small_course_copy, "grade", NAME, "--student=student00", "--student=student01")
    assert done.code == 0, done.err
    assert done.err == ""
    assert "\x1b" not in done.out and ": graded" not in done.out
    assert "tiny: 2 of 2" in done.out
    assert done.out.count("student") == 0
    rows = [line.split() for line in done.out.splitlines() if line.startswith("tiny ")]
    assert rows == [["tiny", "2", "2.0", "1.0", "3.0", "6.0", "2", "0"]]
    assert (small_course_copy / "grades.csv").exists()
    assert (small_course_copy / "feedback" / "student00" / NAME / f"{NAME}.html").exists()
    done = nbjudge(small_course_copy, "grade", "--student=student0[01]", "--force", "--verbose")
    assert done.code == 0, done.err
    assert "tiny: student00: graded" in done.out and "tiny: student01: graded" in done.out


def test_grade_takes_the_options_of_autograde(small_course_copy, tmp_path):
    """Another gradebook, a course elsewhere, without a sandbox, which is said."""
    (small_course_copy / "gradebook.db").rename(tmp_path / "grades.db")
    url = f"sqlite:///{tmp_path}/grades.db"
    done = nbjudge(
        tmp_path, "grade", "--course-dir", str(small_course_copy), "--db", url, "--no-sandbox",
        "--student", "student00", "--workers", "1",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "WITHOUT A SANDBOX" in done.err
    assert {key[0] for key in small_course.contents(url)} == {"student00"}
    assert not (small_course_copy / "gradebook.db").exists()
    assert (small_course_copy / "grades.csv").exists()


def test_nobody_reads_the_output_and_the_class_is_graded(small_course_copy):
    """As with `nbjudge grade | head -1`: no traceback, and the batch goes on."""
    command = [sys.executable, "-m", "nbjudge", "grade", "--verbose"]
    with subprocess.Popen(
        command, cwd=small_course_copy, env=small_course.environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        run.stdout.readline()
        run.stdout.close()
        errors = run.stderr.read()
        assert run.wait(timeout=300) == 0
    assert errors == ""
    graded = {key[0] for key in small_course.contents(small_course.sqlite(small_course_copy))}
    assert len(graded) == 8


@pytest.mark.parametrize(
    "command", ["grade", "autograde tiny", "feedback tiny", "regrade tiny", "check tiny", "doctor"]
)
def test_a_course_in_a_folder_that_nbgrader_cannot_search(small_course_made, tmp_path, command):
    """nbgrader itself would say that no notebooks were matched."""
    course = tmp_path / "term [1]"
    shutil.copytree(small_course_made, course)
    small_course.configure(course)
    done = nbjudge(course, *command.split())
    assert done.code == 1
    assert (
        f": nbgrader takes [ in the path of a course for a pattern, and finds nothing in {course}: "
        "rename the folder that has it\n"
    ) in done.err
    assert command == "doctor" or len(done.err.splitlines()) == 1


def test_progress_counts_those_that_are_due(small_course_copy):
    """A folder whose name cannot be graded is named, and is not one more of so many."""
    for number in range(4):
        (small_course_copy / "submitted" / f"odd[{number}" / NAME).mkdir(parents=True)
    done = nbjudge(small_course_copy, "autograde", NAME)
    counts = re.findall(rf"{NAME}: (\d+) of (\d+)", done.out)
    assert done.code == 0
    assert counts
    assert all(int(through) <= int(due) == 9 for through, due in counts)


def without_bubblewrap():
    """Leave on the path what nbgrader itself needs."""
    os.environ["PATH"] = str(Path(sys.executable).parent)


@pytest.mark.parametrize("command", ["grade", "autograde"])
def test_a_machine_without_bubblewrap_is_told_what_to_install(small_course_copy, command):
    """In two lines for the whole class, and nobody's work is blamed."""
    done = nbjudge(small_course_copy, command, NAME, before=without_bubblewrap)
    assert done.code == 1
    assert "bubblewrap is missing: install the package bubblewrap" in done.err
    assert "FileNotFoundError" not in done.err
    assert len(done.err.splitlines()) == 2
    assert small_course.contents(small_course.sqlite(small_course_copy)) == {}


@pytest.mark.parametrize("command", [[], ["grade"], ["doctor"]])
def test_nobody_reads_the_help_to_its_end(small_course_made, command):
    """As with `nbjudge doctor --help | head -5`: nothing is said of it."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "nbjudge", *command, "--help"], cwd=small_course_made,
        env=small_course.environment(), stdout=writing, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_and_version_import_no_engine():
    """They are there at once: what a command needs is imported when it is called."""
    code = (
        "import sys\nfrom nbjudge.__main__ import main\nassert main(['--version']) == 0\n"
        "print(*(m for m in ('nbgrader', 'nbconvert', 'numpy', 'rich', 'sqlalchemy', 'zmq')"
        " if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == [""]
    done = subprocess.run([sys.executable, "-m", "nbjudge"], capture_output=True, text=True)
    assert done.returncode == 2
    for command in ("grade", "autograde", "feedback", "doctor"):
        assert f"\n{command}\n" in done.stdout


@pytest.mark.parametrize("name", NbjudgeApp.subcommands)
def test_each_command_has_an_example(name):
    """What ``--help`` ends with is typed as it stands there."""
    where, words = NbjudgeApp.subcommands[name]
    examples = import_item(where).examples
    assert words and f"nbjudge {name}" in getattr(examples, "default_value", examples)


@pytest.mark.parametrize(
    ("url", "cause", "said"),
    [
        ("sqlite:///{path}", "database is locked", "may not lock files (NFS without its lock service?)"),
        ("sqlite:///{path}", "attempt to write a readonly database", "chmod u+w {path}"),
        ("sqlite:///{folder}/no/g.db", "unable to open database file", "chmod u+w {folder}"),
        ("sqlite:///{path}", "file is not a database", "put a copy from a backup"),
        ("postgresql://ada:secret@host/x", "connection refused\nIs it?", "is the server running"),
    ],
)  # fmt: skip
def test_a_gradebook_that_cannot_be_used_is_explained_in_a_line(tmp_path, url, cause, said):
    """Its file or server, what was said, the remedy; and never a password."""
    names = {"path": tmp_path / "gradebook.db", "folder": tmp_path}
    names["path"].touch()
    error = OperationalError("SELECT 1", {}, Exception(cause))
    line = gradebook_fault(error, url.format(**names))
    assert said.format(**names) in line
    assert cause.splitlines()[0] in line
    assert "secret" not in line and "\n" not in line


def test_a_missing_driver_is_named():
    """PostgreSQL's is an extra of the package."""
    line = gradebook_fault(ModuleNotFoundError(name="psycopg"), "postgresql://host/x")
    assert "pip install 'nbjudge[postgres]'" in line


def test_a_gradebook_that_is_locked_ends_with_a_line(small_course_made, tmp_path, monkeypatch):
    """Met while the assignments are looked up."""
    root = tmp_path / "course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    Path(root / "gradebook.db").write_bytes(b"no database" * 100)
    done = nbjudge(root, "grade")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "put a copy from a backup in its place" in done.err
