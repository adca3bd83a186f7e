"""Read a gradebook without changing it, whatever nbgrader wrote it.

nbgrader's own `Gradebook` makes tables that are missing and stamps their version where it opens a
gradebook. Here a file is opened read-only, and its tables are looked at before they are read.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

TABLES: dict[str, tuple[str, ...]] = {
    "assignment": ("id", "name", "duedate"),
    "notebook": ("id", "name", "assignment_id"),
    "base_cell": ("id", "name", "notebook_id"),
    "grade_cells": ("id", "max_score", "cell_type"),
    "task_cells": ("id", "max_score"),
    "solution_cells": ("id",),
    "source_cell": ("name", "notebook_id", "source", "cell_type", "locked"),
    "student": ("id", "first_name", "last_name"),
    "submitted_assignment": ("id", "assignment_id", "student_id", "timestamp", "extension"),
    "submitted_notebook": ("id", "assignment_id", "notebook_id", "late_submission_penalty"),
    "grade": (
        *("id", "cell_id", "notebook_id"),
        *("auto_score", "manual_score", "extra_credit", "needs_manual_grade"),
    ),
    "comment": ("cell_id", "notebook_id", "auto_comment"),
}
"""The tables and columns of nbgrader that are read."""


class UnreadableGradebookError(ValueError):
    """A gradebook that is not there, or not one that can be read; the message says what to do."""


@contextlib.contextmanager
def open_read_only(url: str, patience: float = 20) -> Iterator[Connection]:
    """Open a gradebook to read it in one transaction.

    Parameters
    ----------
    url : str
        Where it is, as nbgrader's ``db_url``.
    patience : float, default 20
        The seconds to wait for an SQLite file that something else has locked.

    Yields
    ------
    Connection
        All that is read through it is of one moment.

    Raises
    ------
    UnreadableGradebookError
        If there is none, or if its tables are not those of the nbgrader of today.
    sqlalchemy.exc.SQLAlchemyError
        If the database cannot be read.
    """
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        engine = create_engine(
            "sqlite://", creator=lambda: _open(where, patience), poolclass=NullPool
        )
    else:
        engine = create_engine(
            where,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            poolclass=NullPool,
        )
    try:
        with engine.connect() as connection:
            if where.get_backend_name() == "sqlite":
                connection.exec_driver_sql("BEGIN")
            _check_tables(connection, where)
            yield connection
    finally:
        engine.dispose()


def _open(where: URL, patience: float) -> sqlite3.Connection:
    path = Path(where.database or "")
    if not path.is_file():
        raise UnreadableGradebookError(
            f"{path}: there is no gradebook here: run this in the course's folder, or name the "
            "gradebook by --db"
        )
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists() and journal.stat().st_size:
        # One that is being written has a journal, too; its lock is waited for.
        with contextlib.closing(
            sqlite3.connect(_address(path), uri=True, timeout=patience)
        ) as tried:
            try:
                tried.execute("SELECT 1 FROM sqlite_master")
            except sqlite3.OperationalError as error:
                if "locked" in str(error):
                    raise
                raise UnreadableGradebookError(
                    f"{path}: a program ended while it wrote into it ({journal.name} is left): "
                    "`nbgrader db assignment list` brings it back to the state before"
                ) from None
    connection = sqlite3.connect(
        _address(path), uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _address(path: Path) -> str:
    return f"file:{quote(str(path.resolve()))}?mode=ro"


def _check_tables(connection: Connection, where: URL) -> None:
    there: Mapping[str, object] = dict.fromkeys(inspect(connection).get_table_names())
    shown = where.database if where.get_backend_name() == "sqlite" else where.render_as_string()
    for table, columns in TABLES.items():
        lacking = f"no table {table}"
        if table in there:
            known = {column["name"] for column in inspect(connection).get_columns(table)}
            missing = [column for column in columns if column not in known]
            if not missing:
                continue
            lacking = f"no column {missing[0]} in its table {table}"
        if not there:
            raise UnreadableGradebookError(f"{shown}: no gradebook: it has no tables")
        if "assignment" not in there:
            raise UnreadableGradebookError(f"{shown}: no gradebook of nbgrader: it has {lacking}")
        raise UnreadableGradebookError(
            f"{shown}: a gradebook of another version of nbgrader, with {lacking}: copy it, then "
            "`nbgrader db upgrade`"
        )
