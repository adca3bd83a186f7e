"""Open a course's gradebook, and write to it in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import text
from sqlalchemy.dialects import registry

from nbjudge.gradebook.sharing import share_file

_SQLITE = "sqlite:///"


@contextlib.contextmanager
def open_gradebook(course: CourseDirectory, patience: int = 60) -> Iterator[Gradebook]:
    """Open a course's gradebook, and close it with every connection.

    Parameters
    ----------
    course : CourseDirectory
        Where it is.
    patience : int, default 60
        The seconds to wait for one that something else has locked.

    Yields
    ------
    Gradebook
        It.
    """
    with Gradebook(course.db_url, course.course_id) as gradebook:
        if course.groupshared and course.db_url.startswith(_SQLITE):
            share_file(Path(course.db_url.removeprefix(_SQLITE)))
        if gradebook.engine.dialect.name == "sqlite":
            gradebook.db.execute(text(f"PRAGMA busy_timeout = {1000 * patience}"))
        try:
            yield gradebook
        finally:
            gradebook.db.remove()
            gradebook.engine.dispose()


@contextlib.contextmanager
def one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Make nbgrader's own methods, which commit at every step, part of one transaction."""
    session = gradebook.db()
    commit = session.commit
    session.commit = session.flush
    try:
        yield
        commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit


def prefer_psycopg() -> None:
    """Let ``postgresql://`` mean psycopg 3, which is what SQLAlchemy takes it for from 2.1 on.

    Before, it meant psycopg2. Where that is installed, it stays so.
    """
    if find_spec("psycopg2") is None and find_spec("psycopg") is not None:
        registry.register(
            "postgresql", "sqlalchemy.dialects.postgresql.psycopg", "PGDialect_psycopg"
        )
