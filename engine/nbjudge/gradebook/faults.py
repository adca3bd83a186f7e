"""What a library says of a gradebook that cannot be used, in one line that says what to do."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from nbjudge.gradebook.sharing import remedy_of_rights
from nbjudge.untrusted_text import one_line

_NO_LOCKS = (
    "keep the gradebook on a local disk or in PostgreSQL (c.CourseDirectory.db_url), if no other "
    "program holds it: the file system of this folder may not lock files (NFS without its lock "
    "service?)"
)


def gradebook_fault(error: Exception, url: str) -> str:
    """Explain an error that a gradebook was met with.

    Parameters
    ----------
    error : Exception
        SQLAlchemy's, nbgrader's, which wraps some of them, or that of a database's library which
        is missing.
    url : str
        Where the gradebook is; a password in it is left out.

    Returns
    -------
    str
        One line.
    """
    where = make_url(url)
    shown = where.render_as_string()
    if isinstance(error, ModuleNotFoundError):
        return f"{shown}: the package {error.name} is missing: pip install 'nbjudge[postgres]'"
    said = _words(error)
    if re.search(r"no such (column|table)|(column|relation) \S+ does not exist", said):
        return f"{shown}: {said}: an older nbgrader made it: back it up, then `nbgrader db upgrade`"
    if where.get_backend_name() != "sqlite":
        return f"{shown}: {said}: is the server running, and may this user open the database?"
    path = Path(where.database or "")
    if "locked" in said or "locking protocol" in said:
        return f"{path}: {said}: wait until the program that holds it ends, or {_NO_LOCKS}"
    if "readonly" in said or "unable to open" in said:
        # SQLite writes a journal beside the file.
        shut = next(
            (p for p in (path, path.parent) if p.exists() and not os.access(p, os.W_OK)), path
        )
        return f"{path}: {said}: {remedy_of_rights(shut)}"
    if "not a database" in said or "malformed" in said:
        return f"{path}: {said}: put a copy from a backup in its place"
    return f"{path}: {said}"


def _words(error: Exception) -> str:
    """Return the first line of what the database said; SQLAlchemy's own is often not it."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, DBAPIError):
        cause = cause.__cause__ or cause.__context__
    said = str(cause.orig) if isinstance(cause, DBAPIError) else str(error)
    lines = [line for line in said.splitlines() if line.strip()]
    return one_line(lines[0].strip()) if lines else type(error).__name__
