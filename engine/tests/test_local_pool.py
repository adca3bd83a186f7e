"""Worker processes outlast a batch where a command grades several assignments."""

from __future__ import annotations

import os
import shutil
import signal

import pytest
import small_course
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.local_pool import LocalPool
from nbjudge.commands.grade import load_course
from nbjudge.sandbox import pool as sandboxes
from nbjudge.sandbox.pool import close_sandboxes, warm_up
from small_course import NAME, sqlite


@pytest.fixture
def course(small_course_made, tmp_path):
    """Return a small course with three students, in a path with a space."""
    root = tmp_path / "a course"
    shutil.copytree(small_course_made, root)
    small_course.configure(root)
    for folder in (root / "submitted").iterdir():
        if folder.name not in ("student00", "student01", "student02", "broken"):
            shutil.rmtree(folder)
    return root


def grade(root, pool, workers=2, **settings):
    """Grade everybody once more; return who has grades, and which processes worked."""
    api = load_course(root)
    folder = CourseDirectory(config=api.config)
    folder.assignment_id = NAME
    converter = ParallelAutograde(coursedir=folder, config=api.config, force=True, workers=workers)
    for name, value in settings.items():
        setattr(converter.config.SandboxedExecute, name, value)
    converter.pool = pool
    converter.start()
    processes = pool._processes
    return sorted(converter.graded), None if processes is None else processes._executor._processes


def test_the_next_batch_finds_the_processes_of_the_one_before(course):
    """With its own settings: under a limit that nobody can keep, the third batch ends at once."""
    with LocalPool() as pool:
        everybody, first = grade(course, pool)
        marks = small_course.contents(sqlite(course))
        assert grade(course, pool) == (everybody, first)
        assert len(everybody) == 3
        assert small_course.contents(sqlite(course)) == marks
        pids = [*first]
        with pytest.raises(NbGraderException, match="more than 1e-06 seconds"):
            grade(course, pool, submission_seconds=1e-6)
        assert small_course.contents(sqlite(course)) == marks
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def test_settings_that_cannot_travel_get_processes_of_their_own(course):
    """A hook of the course is there when a worker is forked with it."""
    with LocalPool() as pool:
        everybody, first = grade(course, pool)
        before = [*first]
        again, second = grade(course, pool, on_cell_start=lambda **what: None)
        assert again == everybody
        assert not {*before} & {*second}


def test_a_process_that_ended_between_two_batches_is_replaced(course):
    """Nobody loses a grade by it."""
    with LocalPool() as pool:
        everybody, first = grade(course, pool)
        os.kill(next(iter(first)), signal.SIGKILL)
        assert grade(course, pool)[0] == everybody


def test_workers_that_need_all_cpus_stay_on_one_each(course):
    """And one that leaves CPUs to others goes where there is room; the coordinator is free."""
    before = os.sched_getaffinity(0)
    few = sorted(before)[:2]
    os.sched_setaffinity(0, few)
    try:
        with LocalPool() as pool:
            _, processes = grade(course, pool)
            used = sorted(sorted(os.sched_getaffinity(pid)) for pid in processes)
        assert used == ([[cpu] for cpu in few] if len(few) == 2 else [few, few])
        with LocalPool() as pool:
            (alone,) = grade(course, pool, workers=1)[1]
            assert sorted(os.sched_getaffinity(alone)) == few
        assert sorted(os.sched_getaffinity(0)) == few
    finally:
        os.sched_setaffinity(0, before)


def test_a_worker_keeps_two_sandboxes_at_most():
    """Assignments that import other packages have other processes that fork."""
    close_sandboxes()
    for preload in (["json"], ["csv"], ["numpy"]):
        warm_up(isolated=True, preload=preload)
    assert [sandbox.preload for sandbox in sandboxes._spare] == [("csv",), ("numpy",)]
    close_sandboxes()
