"""Whatever is killed, full or locked while a class is graded: a rerun ends as if nothing was."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
import small_course
from small_course import NAME, grade, incidents, sqlite, state

from grading.dispatch import Workers, grade_all
from grading.work import Graded


def started(root, *options, **kwargs):
    """Start to grade; return the process, whose lines can be read."""
    return subprocess.Popen(
        small_course.command("--workers", "2", *options), cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=small_course.environment(), **kwargs,
    )  # fmt: skip


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


def test_a_coordinator_killed_at_ten_random_moments_loses_nothing(small_course_copy, undisturbed):
    """Ten runs are killed somewhere in the batch; the one after them ends as an undisturbed run."""
    draw = random.Random(0)
    for _ in range(10):
        with started(small_course_copy) as run:
            for _ in range(draw.choice([0, 1, 1, 2])):
                run.stdout.readline()
            time.sleep(draw.uniform(0, 0.3))
            workers = children(run.pid)
            run.kill()
        wait_until(lambda workers=workers: all(is_gone(pid) for pid in workers))
    grade(small_course_copy)
    assert state(small_course_copy) == undisturbed


@pytest.mark.parametrize("step", range(0, 8, 3))
def test_a_coordinator_killed_between_two_steps_of_writing_loses_nothing(
    small_course_copy, undisturbed, step
):
    """The process ends just before the n-th change that writing one submission makes."""
    code = f"""
import os, shutil, sys
from pathlib import Path
from sqlalchemy.orm import Session
steps = 0
def counted(function):
    def call(*args, **kwargs):
        global steps
        if sys._getframe(1).f_code.co_name in ("_record", "_one_transaction", "write_incidents"):
            steps += 1
            if steps > {step + 11}:
                os._exit(9)
        return function(*args, **kwargs)
    return call
Path.rename, Path.replace, Path.write_bytes = map(
    counted, (Path.rename, Path.replace, Path.write_bytes))
shutil.rmtree, Session.commit = counted(shutil.rmtree), counted(Session.commit)
from grading.__main__ import main
main(["autograde", {NAME!r}, "--workers=1"])
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=small_course_copy,
        env=small_course.environment(), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 9, done.stdout + done.stderr
    grade(small_course_copy)
    assert state(small_course_copy) == undisturbed


def test_killed_workers_are_replaced(small_course_copy, undisturbed):
    """Both workers are killed in the middle; the same run ends as an undisturbed one."""
    with started(small_course_copy) as run:
        for _ in range(2):
            run.stdout.readline()
        killed = children(run.pid)[:2]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        said = run.stdout.read()
    assert run.returncode == 0, said
    assert len(killed) == 2
    assert state(small_course_copy) == undisturbed


def test_a_locked_gradebook_is_waited_for(small_course_copy, undisturbed):
    """Somebody holds the gradebook for a while; grading goes on when they let go."""
    other = sqlite3.connect(small_course_copy / "gradebook.db", isolation_level=None)
    with started(small_course_copy) as run:
        run.stdout.readline()
        other.execute("BEGIN IMMEDIATE")
        time.sleep(6)  # longer than sqlite's own patience of 5 s
        other.execute("ROLLBACK")
        other.close()
        said = run.stdout.read()
    assert run.returncode == 0, said
    assert state(small_course_copy) == undisturbed


def test_a_gradebook_that_stays_locked_ends_the_batch_with_the_rest_named(
    small_course_copy, undisturbed
):
    """What is left is in incidents.csv, the command fails; a rerun ends as an undisturbed one."""
    other = sqlite3.connect(small_course_copy / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    done = grade(small_course_copy, "--ParallelAutograde.gradebook_patience=1", check=False)
    other.close()
    assert done.returncode == 1
    assert "database is locked" in done.stderr
    assert sum("not graded, the batch ended" in row for row in incidents(small_course_copy)) == 8
    grade(small_course_copy)
    assert state(small_course_copy) == undisturbed


@pytest.mark.parametrize("room", [0, 2_000, 30_000])
def test_a_full_disk_ends_the_batch_and_a_rerun_goes_on(small_course_copy, undisturbed, room):
    """No file of the coordinator may grow beyond a size, as if the disk were full."""
    gradebook = (small_course_copy / "gradebook.db").stat().st_size

    def fill():
        resource.setrlimit(resource.RLIMIT_FSIZE, (gradebook + room, resource.RLIM_INFINITY))

    with started(small_course_copy, preexec_fn=fill) as run:
        said = run.stdout.read()
    assert run.returncode in (0, 1), said
    grade(small_course_copy)
    assert state(small_course_copy) == undisturbed


def test_manual_grades_survive_a_rerun(small_course_copy):
    """What a person gave stays, and is shown to them again, as nbgrader does it."""
    grade(small_course_copy)
    with small_course.open_course(small_course_copy).gradebook as gradebook:
        task = gradebook.find_grade("why", NAME, NAME, "student00")
        task.manual_score, task.needs_manual_grade = 2.5, False
        gradebook.find_comment("why", NAME, NAME, "student00").manual_comment = "well said"
        gradebook.db.commit()
    grade(small_course_copy, "--force")
    found = small_course.contents(sqlite(small_course_copy))
    assert found["student00", NAME, "why"] == (None, 2.5, 2.5, 3.0, True, None)
    assert found["student00", NAME, "comment", "why"] == (None, "well said")
    assert found["student00",][1] == 5.5


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
                future.set_result(Graded(student))
            return future

        yield Workers(submit, most or 2)

    students = ["ada", "blaise", "killer", "carl", "dora", "emmy"]
    found = dict(grade_all(connect, ((student, {}) for student in students)))
    assert {student: graded.error for student, graded in found.items()} == {
        **dict.fromkeys(students),
        "killer": "its worker ended 3 times (BrokenExecutor)",
    }
