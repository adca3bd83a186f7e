"""What a library says of a gradebook that cannot be used, in one line that says what to do."""

from __future__ import annotations

import os
import pwd
import re
from pathlib import Path

from sqlalchemy.engine import make_url

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
        SQLAlchemy's, or that of a database's library which is missing.
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
    cause = getattr(error, "orig", None) or error
    said = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
    if re.search(r"no such (column|table)|(column|relation) \S+ does not exist", said):
        return f"{shown}: {said}: an older nbgrader made it: back it up, then `nbgrader db upgrade`"
    if where.get_backend_name() != "sqlite":
        return f"{shown}: {said}: is the server running, and may this user open the database?"
    path = Path(where.database or "")
    if "locked" in said or "locking protocol" in said:
        return f"{path}: {said}: wait until the program that holds it ends, or {_NO_LOCKS}"
    if "readonly" in said or "unable to open" in said:
        return f"{path}: {said}: {_remedy_of_rights(path)}"
    if "not a database" in said or "malformed" in said:
        return f"{path}: {said}: put a copy from a backup in its place"
    return f"{path}: {said}"


def _remedy_of_rights(path: Path) -> str:
    """Name who owns what cannot be written, and the command that changes it."""
    target = next((p for p in (path, *path.parents) if p.exists()), path)
    try:
        owner = pwd.getpwuid(target.stat().st_uid).pw_name
    except (KeyError, OSError):
        owner = "another user"
    mine = target.exists() and target.stat().st_uid == os.getuid()
    who = "u+w" if mine else "g+w"
    by = "" if mine else f" (as {owner}, whose it is)"
    return f"chmod {who} {target}{by}"
