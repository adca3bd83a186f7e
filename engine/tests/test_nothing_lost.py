"""Whatever is killed, full or locked while a class is graded: a rerun ends as if nothing was."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_course
from nbjudge.batch.job import Result
from nbjudge.batch.workers import Workers, grade_all
from small_course import NAME, Fork, grade, incidents, sqlite, state
from sqlalchemy.orm import Session


def children(pid):
    """Return a process's children, by pid."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def is_gone(pid):
    """Whether a process has ended; a dead one that nobody waited for has."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_until(condition, seconds=60):
    """Wait for something that comes soon."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def graded(root):
    """Return who has grades."""
    return {key[0] for key in small_course.contents(sqlite(root))}


@pytest.mark.parametrize(
    ("kills", "students"), [(3, 12), pytest.param(10, 30, marks=pytest.mark.thorough)]
)
def test_a_coordinator_killed_at_random_moments_loses_nothing(tmp_path, kills, students):
    """Some runs are killed at work; the one after them ends as an undisturbed run."""
    root, twin = tmp_path / "course", tmp_path / "twin"
    small_course.make_course(root, students=students)
    shutil.copytree(root, twin)
    small_course.configure(twin)
    assert Fork(twin).end() == 0
    draw = random.Random(0)
    done = [graded(root)]
    for run in range(kills):
        fork = Fork(root)
        left = draw.choice([0, 1, 2]) if run else 1
        while left:
            left -= ": graded" in fork.said.readline()
        time.sleep(draw.uniform(0, 0.1))
        workers = children(fork.pid)
        assert fork.kill(), "it ended before it was killed"
        wait_until(lambda workers=workers: all(is_gone(pid) for pid in workers))
        done.append(graded(root))
        assert done[-1] >= done[-2], "a grade was lost"
    assert 0 < len(done[-1]) < students, "the kills did not fall into the work"
    assert len({len(found) for found in done}) > kills / 3, (
        "there was hardly any work between the kills"
    )
    assert Fork(root).end() == 0
    assert state(root) == state(twin)


@pytest.mark.parametrize(
    "step", [0, *(pytest.param(n, marks=pytest.mark.thorough) for n in range(1, 6)), 6, 7]
)
def test_a_coordinator_killed_between_two_steps_of_writing_loses_nothing(
    small_course_copy, undisturbed, step
):
    """The process ends just before the n-th change that writing one submission makes."""
    steps = 0

    def counted(function):
        def call(*args, **kwargs):
            nonlocal steps
            if sys._getframe(1).f_code.co_name in (
                "write", "write_beside", "_one_transaction", "write_incidents", "move_into_place"
            ):  # fmt: skip
                steps += 1
                if steps > step + 11:
                    os._exit(9)
            return function(*args, **kwargs)

        return call

    def before():
        for owner, names in (
            (Path, ("rename", "replace", "write_bytes")), (shutil, ("rmtree",)), (Session, ("commit",))
        ):  # fmt: skip
            for name in names:
                setattr(owner, name, counted(getattr(owner, name)))

    run = Fork(small_course_copy, "--workers=1", before=before)
    assert run.end() == 9, run.errors()
    assert Fork(small_course_copy).end() == 0
    assert state(small_course_copy) == undisturbed


def test_killed_workers_are_replaced(small_course_copy, undisturbed):
    """Both workers are killed in the middle; the same run ends as an undisturbed one."""
    run = Fork(small_course_copy)
    for _ in range(2):
        run.said.readline()
    killed = children(run.pid)[:2]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert run.end() == 0, run.errors()
    assert len(killed) == 2
    assert state(small_course_copy) == undisturbed


def test_a_locked_gradebook_is_waited_for(small_course_copy, undisturbed):
    """Somebody holds the gradebook for a while; grading goes on when they let go."""
    run = Fork(small_course_copy, "--db", f"{sqlite(small_course_copy)}?timeout=1")
    run.said.readline()
    other = sqlite3.connect(small_course_copy / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(2.5)  # longer than sqlite's own patience, which is 1 s here
    other.execute("ROLLBACK")
    other.close()
    assert run.end() == 0, run.errors()
    assert state(small_course_copy) == undisturbed


def test_a_gradebook_that_stays_locked_ends_the_batch_with_the_rest_named(
    small_course_copy, undisturbed
):
    """What is left is in incidents.csv, the command fails; a rerun ends as an undisturbed one."""
    other = sqlite3.connect(small_course_copy / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    # Not a fork: it would take this process's lock for its own.
    done = grade(small_course_copy, "--ParallelAutograde.gradebook_patience=1", check=False)
    other.close()
    assert done.returncode == 1
    assert "database is locked" in done.stderr
    assert sum("not graded, the batch ended" in row for row in incidents(small_course_copy)) == 8
    assert Fork(small_course_copy).end() == 0
    assert state(small_course_copy) == undisturbed


@pytest.mark.parametrize("room", [0, pytest.param(2_000, marks=pytest.mark.thorough), 30_000])
def test_a_full_quota_ends_the_batch_and_a_rerun_goes_on(small_course_copy, undisturbed, room):
    """No file of the coordinator may grow beyond a size, as if its quota were used up."""
    gradebook = (small_course_copy / "gradebook.db").stat().st_size

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (gradebook + room, resource.RLIM_INFINITY))

    run = Fork(small_course_copy, before=fill)
    assert run.end() in (0, 1), run.errors()
    assert Fork(small_course_copy).end() == 0
    assert state(small_course_copy) == undisturbed


FULL = """
set -e
mount -t tmpfs -o size=16m none "$1"
cp -a "$2/." "$1"
cd "$1"
room=$(($(du -sk . | cut -f1) + $3))
mount -o remount,size=${room}k "$1"
shift 3
code=0
"$@" > said 2>&1 || code=$?
mount -o remount,size=64m .
cat said >&2
echo "ended with $code"
"""


@pytest.mark.parametrize("room", [16, pytest.param(48, marks=pytest.mark.thorough)])
def test_a_full_disk_ends_the_batch_and_a_rerun_goes_on(
    small_course_copy, undisturbed, tmp_path, room
):
    """The course is on a disk of its own that fills up, and then is made larger."""
    disk = tmp_path / "disk"
    disk.mkdir()
    small_course.configure(small_course_copy, at=disk)
    namespace = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.getuid() else [])]
    again = '"$@"; rm said; cp -a . "$0"'
    run = subprocess.run(
        [*namespace, "sh", "-c", FULL + again, str(small_course_copy), str(disk),
         str(small_course_copy), str(room), *small_course.command("--workers", "2")],
        env=small_course.environment(), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "ended with 1" in run.stdout, run.stderr
    assert "full" in run.stderr or "No space left" in run.stderr, run.stderr
    assert state(small_course_copy) == undisturbed


def test_manual_grades_survive_a_rerun(small_course_copy):
    """What a person gave stays, and is shown to them again, as nbgrader does it."""
    assert Fork(small_course_copy).end() == 0
    given = small_course.grade_by_hand(small_course_copy)
    assert Fork(small_course_copy).end() == 0
    assert small_course.contents(sqlite(small_course_copy)) == given
    assert Fork(small_course_copy, "--force").end() == 0
    again = small_course.contents(sqlite(small_course_copy))
    assert again == small_course.looked_at_again(given)
    assert again["student00", NAME, "why"] == (None, 2.5, 2.5, 3.0, True, None)


def test_nobody_is_called_where_nothing_can_be_graded():
    """No process is started for a class of which nobody is left."""

    def connect(most):
        raise AssertionError("there is nothing to do")

    assert list(grade_all(connect, iter(()))) == []


def test_only_the_submission_that_ends_its_worker_is_named():
    """Those that were in flight beside it are graded all the same, in the same run."""
    import contextlib
    from concurrent.futures import BrokenExecutor, Future

    @contextlib.contextmanager
    def connect(most):
        dead = False

        def submit(student, files):
            nonlocal dead
            future = Future()
            dead = dead or student == "killer"
            if dead:
                future.set_exception(BrokenExecutor())
            else:
                future.set_result(Result(student))
            return future

        yield Workers(submit, most or 2)

    students = ["ada", "blaise", "killer", "carl", "dora", "emmy"]
    found = dict(grade_all(connect, ((student, {}) for student in students)))
    assert {student: graded.error for student, graded in found.items()} == {
        **dict.fromkeys(students),
        "killer": "its worker ended 3 times (BrokenExecutor)",
    }
