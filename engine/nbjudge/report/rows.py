"""Rows of nbgrader's gradebook, and those of them that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text

from nbjudge.untrusted_text import one_line

_MOST_NAMED = 10


class BrokenRows:
    """Collects what a gradebook holds that cannot be read, and says it in few lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, table: str, key: object, what: str) -> None:
        """Note that a row is left out."""
        self.lines.append(one_line(f"gradebook, table {table}, row {key}: {what}: left out", 300))

    def notices(self) -> list[str]:
        """Return what is to be said of them."""
        more = len(self.lines) - _MOST_NAMED
        said = self.lines[:_MOST_NAMED]
        return [*said, f"gradebook: {more} more rows are left out"] if more > 0 else said


class Rows:
    """Asks a gradebook.

    Parameters
    ----------
    connection : Connection
        From `nbjudge.gradebook.read_only.open_read_only`.
    broken : BrokenRows
        Is told of rows that cannot be read.
    """

    def __init__(self, connection: Connection, broken: BrokenRows) -> None:
        self.connection = connection
        self.broken = broken

    def all(self, query: str, **values: Any) -> Sequence[Any]:
        """Return the rows of a query; a list among the values stands for each of its items."""
        statement = text(query)
        for name, value in values.items():
            if isinstance(value, (list, tuple)):
                statement = statement.bindparams(bindparam(name, expanding=True))
        return self.connection.execute(statement, values).all()

    def of_kind(self, table: str, notebook: Any, more: str = "") -> Sequence[Any]:
        """Return id and name of a notebook's cells of a kind, and what else is asked for."""
        return self.all(
            f"SELECT base_cell.id AS id, base_cell.name AS name{more} FROM base_cell "
            f"JOIN {table} ON {table}.id = base_cell.id WHERE base_cell.notebook_id = :key"
            + self.as_inserted("base_cell."),
            key=notebook,
        )

    def as_inserted(self, table: str = "") -> str:
        """Order rows as they were inserted, where the database still knows."""
        place = {"sqlite": "rowid", "postgresql": "ctid"}.get(self.connection.dialect.name, "name")
        return f" ORDER BY {table}{place}"
