"""A gradebook in PostgreSQL is filled as one in SQLite, while others read it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import threading
from datetime import timedelta

import pytest
import small_course
from class_gradebook import draw_points, make_gradebook, students
from in_a_fork import nbjudge
from nbgrader.api import SubmittedAssignment
from nbgrader.coursedir import CourseDirectory
from nbjudge.gradebook.database import prefer_psycopg
from nbjudge.report.write import ReportSettings, ReportWriter
from postgres_server import Server
from small_course import NAME, Fork, contents, grade, incidents, state
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from traitlets.config import Config

pytestmark = pytest.mark.xdist_group("postgres")  # one server


@pytest.fixture(scope="module")
def server():
    """Return a running server."""
    prefer_psycopg()  # for what opens a gradebook here without the engine's configuration
    with Server() as running:
        yield running


@pytest.fixture
def course(small_course_copy, server, _numbers=itertools.count()):  # noqa: B008 (one for all)
    """Return a course whose gradebook is a new database, and its URL."""
    (small_course_copy / "gradebook.db").unlink()
    url = server.create(f"course{next(_numbers)}")
    result = small_course.open_course(small_course_copy, url).generate_assignment(NAME)
    assert result["success"], result["log"]
    return small_course_copy, url


def test_postgres_gives_the_gradebook_of_sqlite_while_formgrader_reads(course, undisturbed):
    """Readers see each submission whole or not at all, and disturb nobody.

    What a person gave then stays when the class is graded again, as `nbgrader` does it.
    """
    root, url = course
    read, errors, over = [], [], threading.Event()

    def look():
        api = small_course.open_course(root, url)
        while not over.is_set():
            try:
                api.get_submissions(NAME)  # what formgrader's pages ask for
                read.append(contents(url))
            except Exception as error:  # what a reader trips over is the finding
                errors.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        grade(root, "--workers", "2", "--db", url)
    finally:
        over.set()
        reader.join()
    assert not errors
    assert state(root, url) == undisturbed
    final = undisturbed[0]
    assert len({len(found) for found in read}) > 1, "nobody read in the middle of the batch"
    for found in read:
        assert found.items() <= final.items()
    given = small_course.grade_by_hand(root, url)
    assert Fork(root, "--db", url).end() == 0
    assert contents(url) == given
    assert Fork(root, "--db", url, "--force").end() == 0
    assert contents(url) == small_course.looked_at_again(given)
    assert not (root / "gradebook.db").exists()


def test_a_coordinator_killed_in_the_middle_loses_nothing(course, undisturbed):
    """A rerun ends as an undisturbed run."""
    root, url = course
    for lines in (1, 3):
        run = Fork(root, "--db", url)
        for _ in range(lines):
            run.said.readline()
        assert run.kill(), "it ended before it was killed"
    assert Fork(root, "--db", url).end() == 0
    assert state(root, url) == undisturbed


def test_a_server_that_crashes_ends_the_batch_with_the_rest_named(course, server, undisturbed):
    """What is left is in incidents.csv, the command fails; a rerun ends as an undisturbed one."""
    root, url = course
    run = Fork(root, "--db", url)
    run.said.readline()
    run.said.readline()
    os.kill(run.pid, signal.SIGSTOP)  # it does not end meanwhile
    server.stop("immediate")
    os.kill(run.pid, signal.SIGCONT)
    try:
        assert run.end() == 1, run.errors()
    finally:
        server.start()
    assert "run the same command again" in run.errors()
    assert any("not graded, the batch ended" in row for row in incidents(root))
    assert Fork(root, "--db", url).end() == 0
    assert state(root, url) == undisturbed


def test_a_name_longer_than_its_column_is_an_incident_of_its_own(course):
    """PostgreSQL keeps 128 characters of a student's name, SQLite any: the others are graded."""
    root, url = course
    long = "x" * 129
    (root / "submitted" / "student01").rename(root / "submitted" / long)
    run = Fork(root, "--db", url)
    assert run.end() == 0, run.errors()
    assert "Traceback" not in run.errors()
    graded = {key[0] for key in contents(url)}
    assert graded == {f"student{number:02}" for number in (0, *range(2, 8))}
    named = [row for row in incidents(root) if row.startswith(long)]
    assert len(named) == 1 and "could not be written: value too long" in named[0], named
    assert not (root / "autograded" / long).exists()


def test_a_report_of_postgres_is_that_of_sqlite(server, tmp_path):
    """Dates, extensions and the order of cells come out of both alike."""
    points = {f"ps{n}": draw_points(30, seed=n) for n in range(2)}
    written = []
    for name, url in (("a", f"sqlite:///{tmp_path}/a.db"), ("b", server.create("report"))):
        make_gradebook(url, students(30), points)
        with create_engine(url, poolclass=NullPool).begin() as connection:
            extended = SubmittedAssignment.__table__.update().values(extension=timedelta(days=1))
            connection.execute(extended)
        (tmp_path / name).mkdir()
        config = Config()
        config.CourseDirectory.update(root=str(tmp_path / name), db_url=url)
        ReportWriter(CourseDirectory(config=config), ReportSettings()).write(
            [], tmp_path / name / "report"
        )
        tables = ("exercises.csv", "students.csv", "assignments.csv")
        written.append([(tmp_path / name / "report" / table).read_text() for table in tables])
    assert written[0] == written[1]
    assert ",1,1," in written[0][1]  # two days late, and one of them allowed


def test_a_regrade_and_a_withdrawal_are_written_and_undone(course):
    """In one transaction each, as with SQLite; afterwards every row is as it was."""
    root, url = course
    for folder in (root / "submitted").iterdir():
        if folder.name not in ("student00", "student01"):
            shutil.rmtree(folder)
    assert Fork(root, "--db", url).end() == 0
    small_course.grade_by_hand(root, url)
    before = small_course.tables(url)
    source = root / "source" / NAME / f"{NAME}.ipynb"
    text = source.read_text().replace("double(21) == 21 * reference.TWO", "double(21) == 2")
    source.write_text(text.replace('"points": 1', '"points": 4'))
    done = nbjudge(root, "regrade", NAME, "--db", url, "--yes")
    assert done.code == 0, done.err
    found = contents(url)
    assert found["student00", NAME, "of_one"][2:4] == (4.0, 4.0)
    assert found["student00", NAME, "of_many"][2] == 0.0
    assert found["student01", NAME, "of_many"][:3] == (2.0, 1.0, 1.0)
    assert nbjudge(root, "regrade", NAME, "--db", url, "--undo", "--yes").code == 0
    assert small_course.tables(url) == before
    done = nbjudge(root, "withdraw", NAME, "why", "--points=rescale", "--db", url, "--yes")
    assert done.code == 0, done.err
    assert contents(url)["student00", NAME, "of_one"][2:4] == (2.0, 2.0)
    assert nbjudge(root, "regrade", NAME, "--db", url, "--undo", "--yes").code == 0
    assert small_course.tables(url) == before
    assert not (root / "gradebook.db").exists()
