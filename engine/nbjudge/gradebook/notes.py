"""What the engine keeps in a gradebook beside nbgrader's tables, in one transaction with grades.

One table, ``nbjudge_notes``, of names and texts in JSON: which exercises are withdrawn, and what
the last regrade of an assignment changed. nbgrader neither sees nor needs it.
"""

from __future__ import annotations

import json
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import Column, MetaData, String, Table, Text, delete, insert, inspect, select

_METADATA = MetaData()
_NOTES = Table(
    "nbjudge_notes",
    _METADATA,
    Column("name", String(300), primary_key=True),
    Column("text", Text(), nullable=False),
)


def make_notes(gradebook: Gradebook) -> None:
    """Make the table, if the gradebook has none; outside of any transaction."""
    _METADATA.create_all(bind=gradebook.engine)


def read_note(gradebook: Gradebook, name: str) -> Any:
    """Return what is noted under a name, None if nothing is."""
    if not inspect(gradebook.db.connection()).has_table(_NOTES.name):
        return None
    text = gradebook.db.execute(select(_NOTES.c.text).where(_NOTES.c.name == name)).scalar()
    return None if text is None else json.loads(text)


def write_note(gradebook: Gradebook, name: str, value: Any) -> None:
    """Note a value under a name, in the session's transaction; None forgets it."""
    gradebook.db.execute(delete(_NOTES).where(_NOTES.c.name == name))
    if value is not None:
        gradebook.db.execute(insert(_NOTES).values(name=name, text=json.dumps(value)))
