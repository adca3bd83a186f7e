"""A gradebook that cannot be used: each command on a class says so in a line and changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import downloads
import pytest
from in_a_fork import nbjudge
from small_course import NAME

COMMANDS = {
    "students": ("students", "import", "students.csv"),
    "collect": ("collect", NAME, "--from", "moodle", "download.zip", "--timezone", "UTC"),
    "grade": ("grade", NAME),
    "report": ("report",),
    "similar": ("similar", NAME),
    "regrade": ("regrade", NAME, "--yes"),
    "withdraw": ("withdraw", NAME, "double", "--points", "full", "--yes"),
    "export": ("export", NAME, "--to", "csv"),
}


def older(path):
    """As an nbgrader wrote it that knew no extensions and no numbers of other systems."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE submitted_assignment DROP COLUMN extension")
        connection.execute("ALTER TABLE student DROP COLUMN lms_user_id")


def no_database(path):
    path.write_bytes(b"hello " * 1000)


def files(root):
    ours = (".nbjudge.lock", "gradebook.db-journal")
    found = (p for p in sorted(root.rglob("*")) if p.is_file() and p.name not in ours)
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


@pytest.mark.parametrize(
    ("spoil", "said"), [(older, "`nbgrader db upgrade`"), (no_database, "not a database")]
)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_gradebook_that_cannot_be_used_is_named(university_made, tmp_path, command, spoil, said):
    """Which file, what is the matter, and the remedy."""
    root = tmp_path / "course"
    shutil.copytree(university_made, root)
    downloads.configure(root)
    spoil(root / "gradebook.db")
    before = files(root)
    done = nbjudge(root, *COMMANDS[command])
    assert done.code == 1, done.out + done.err
    assert done.err.count("\n") == 1 and "gradebook.db" in done.err and said in done.err, done.err
    assert files(root) == before
