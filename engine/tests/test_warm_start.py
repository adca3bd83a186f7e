"""A command that grades starts a sandbox and a judge before it has imported nbgrader."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import small_course
from nbjudge.execution import warm_start
from nbjudge.execution.warm_start import RECORD, Warm, start_for_command
from nbjudge.judge.client import JudgeServer
from nbjudge.judge.course import Course
from nbjudge.sandbox.sandbox import Sandbox
from small_course import contents, sqlite

COMMAND = ["autograde", small_course.NAME]
# Each start of a sandbox and of a judge's server, and by which process, the first one's own name.
WATCHED = """
import os, sys
from pathlib import Path
from nbjudge.execution import warm_start
from nbjudge.judge.client import JudgeServer
from nbjudge.sandbox.sandbox import Sandbox

command = os.getpid()

def watch(kind):
    start = kind.__init__
    def started(self, *arguments, **options):
        who = "command" if os.getpid() == command else "worker"
        with open("started", "a") as file:
            print(who, kind.__name__, file=file)
        start(self, *arguments, **options)
    kind.__init__ = started

watch(Sandbox)
watch(JudgeServer)
from nbjudge.__main__ import run
sys.argv[0] = "nbjudge"
run()
"""


@pytest.fixture
def course(small_course_made, tmp_path):
    """Return a small course with one student, in a path with a space."""
    root = tmp_path / "a course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    for folder in (root / "submitted").iterdir():
        if folder.name != "student00":
            shutil.rmtree(folder)
    return root


@pytest.fixture(autouse=True)
def _nothing_is_left():
    yield
    warm_start.end()


def started(root, *options, cpus=2):
    """Grade by the command on so many CPUs; return what was started, and by whom."""
    before = os.sched_getaffinity(0)
    if len(before) < cpus:
        pytest.fail(f"this test needs {cpus} CPUs")
    (root / "started").unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *COMMAND, "--force", *options], cwd=root, text=True,
        capture_output=True, preexec_fn=lambda: os.sched_setaffinity(0, sorted(before)[:cpus]),
        env=small_course.environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted((root / "started").read_text(encoding="utf-8").splitlines())


def test_the_worker_takes_over_what_the_command_has_started(course):
    """From the second batch on; on one CPU, or for another Python's sandbox, it starts its own."""
    own = ["worker JudgeServer", "worker Sandbox"]
    assert started(course) == own
    marks = contents(sqlite(course))
    assert started(course) == ["command JudgeServer", "command Sandbox"]
    assert contents(sqlite(course)) == marks
    assert started(course, cpus=1) == own
    record = json.loads((course / RECORD).read_text(encoding="utf-8"))
    other = {**record, "preload": ["csv"]}
    (course / RECORD).write_text(json.dumps(other), encoding="utf-8")
    assert started(course) == sorted(["command JudgeServer", "command Sandbox", *own])
    assert json.loads((course / RECORD).read_text(encoding="utf-8")) == record
    assert contents(sqlite(course)) == marks


def test_workers_that_need_all_cpus_take_nothing_over(course):
    """Each of theirs is on a CPU of its own."""
    shutil.copytree(course / "submitted" / "student00", course / "submitted" / "student01")
    own = ["worker JudgeServer", "worker Sandbox"]
    assert started(course) == sorted([*own, *own])
    assert started(course) == sorted(["command JudgeServer", "command Sandbox", *own, *own])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"isolated": true}', "\0", '{"preload": 1, "course": 2}', "[" * 9999]
)
def test_a_record_that_cannot_be_used_is_none(course, text):
    """The batch goes on as if there were none, and writes a new one."""
    (course / RECORD).parent.mkdir(exist_ok=True)
    (course / RECORD).write_text(text, encoding="utf-8")
    start_for_command(COMMAND, course)
    assert warm_start._started == []


def write_record(root):
    warm = Warm(True, ("csv",), "", Course(str(root), preload=("json",)))
    (root / RECORD.parent).mkdir()
    warm_start.remember(warm, root)
    return warm


def test_what_no_worker_took_over_ends(tmp_path):
    """As when there is nothing to grade."""
    warm = write_record(tmp_path)
    start_for_command(COMMAND, tmp_path)
    (one,) = warm_start._started
    assert one.warm == warm
    assert (type(one.sandbox), type(one.judge)) == (Sandbox, JudgeServer)
    pids = [one.sandbox.pid, one.judge._process.pid]
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    warm_start.end()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_it_starts_if_something_was_handed_in_since(tmp_path):
    """Or if all is to be graded again; to find that nothing is due takes no sandbox."""
    folder = tmp_path / "submitted" / "ada" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1.ipynb").touch()
    write_record(tmp_path)
    record = tmp_path / RECORD
    os.utime(record, (record.stat().st_mtime + 60,) * 2)
    for arguments, is_started in [(COMMAND, False), ([*COMMAND, "--force"], True)]:
        start_for_command(arguments, tmp_path)
        assert bool(warm_start._started) is is_started
        warm_start.end()
    os.utime(folder / "ps1.ipynb", (record.stat().st_mtime + 60,) * 2)
    start_for_command(COMMAND, tmp_path)
    assert warm_start._started


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["doctor"], ["--version"], ["grade", "--help"], ["grade", "ps1", "--no-sandbox"],
        ["autograde", "ps1", "--scheduler=tcp://127.0.0.1:1"], ["grade", "--scheduler", "tcp://x"],
    ],
)  # fmt: skip
def test_other_commands_start_nothing(tmp_path, arguments):
    """Nor does one whose workers are elsewhere, or have no sandbox."""
    write_record(tmp_path)
    start_for_command(arguments, tmp_path)
    assert warm_start._started == []


def test_without_a_sandbox_nothing_is_remembered(tmp_path):
    """What the batch before remembered is forgotten."""
    write_record(tmp_path)
    warm_start.remember(Warm(False, (), "", None), tmp_path)
    assert not (tmp_path / RECORD).exists()
