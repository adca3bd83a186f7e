"""What the doctor tries in a course's folder: its gradebook, its rights, what is importable."""

from __future__ import annotations

import contextlib
import importlib.machinery
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from traitlets.config import Config

from nbjudge.batch.handed_in import path_fault
from nbjudge.batch.lock import CourseInUseError, NoLocksError, one_batch
from nbjudge.configuration import EXECUTE, THE_LINE, missing_steps
from nbjudge.gradebook.faults import gradebook_fault
from nbjudge.sandbox.interpreter import find_interpreter

_SECOND = 1000
_NOT_FOR_GIT = (
    "submitted/x", "autograded/x", "feedback/x", "downloaded/x", "gradebook.db", "grades.csv",
    "incidents.csv",
)  # fmt: skip


class Look(Exception):
    """Something to look at, which keeps nobody from grading."""


def configuration(course: CourseDirectory, config: Config) -> str:
    """Look for the engine in the lists of nbgrader's steps, and at the course's path."""
    fault = path_fault(course.root)
    if fault is not None:
        raise RuntimeError(fault)
    lacking = missing_steps(config)
    said = f"{'; '.join(lacking)}: write `{THE_LINE}` in nbgrader_config.py"
    if any(line.endswith(EXECUTE) for line in lacking):
        raise RuntimeError(f"nbgrader's commands run submissions without a sandbox: {said}")
    if lacking:
        raise Look(said)
    return "nbgrader's commands and formgrader grade with this engine"


def gradebook(course: CourseDirectory, config: Config) -> str:
    """Take the course's lock, and write to the gradebook in a transaction that is rolled back."""
    root = Path(course.root)
    try:
        with one_batch(root):
            return _try_gradebook(course)
    except NoLocksError as error:
        raise RuntimeError(str(error)) from None
    except CourseInUseError as error:
        raise Look(str(error)) from None


def _try_gradebook(course: CourseDirectory) -> str:
    url = make_url(course.db_url)
    if url.get_backend_name() != "sqlite":
        _write_and_take_back(course.db_url)
        return f"{url.render_as_string()} can be written"
    path = Path(url.database or "")
    if path.exists():
        _write_and_take_back(course.db_url)
        return "can be locked and written"
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".nbjudge-doctor-") as folder:
        _write_and_take_back(f"sqlite:///{folder}/gradebook.db")
    return "none yet, and one can be made: nbgrader generate_assignment does it"


def _write_and_take_back(url: str) -> None:
    try:
        engine = create_engine(url, poolclass=NullPool)  # no connection is left open
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text(f"PRAGMA busy_timeout = {5 * _SECOND}"))
                connection.commit()
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.execute(text("CREATE TABLE nbjudge_doctor (tried INTEGER)"))
            connection.execute(text("INSERT INTO nbjudge_doctor VALUES (1)"))
            connection.exec_driver_sql("ROLLBACK")
    except (SQLAlchemyError, ImportError) as error:
        raise RuntimeError(gradebook_fault(error, url)) from None


def rights(course: CourseDirectory, config: Config) -> str:
    """Look for what other users of this machine can read, and students must not."""
    root = Path(course.root).resolve()
    exchange = Path(str(config.Exchange.get("root", "") or "/nonexistent"))
    inside = exchange.exists() and exchange.resolve().is_relative_to(root)
    if not _others_get_in(root):
        return "other users cannot enter the course's folder"
    names = [
        course.source_directory, course.submitted_directory, course.autograded_directory,
        course.feedback_directory, "solutions", "gradebook.db", "grades.csv", "incidents.csv",
        "downloaded",
    ]  # fmt: skip
    readable = [name for name in dict.fromkeys(names) if _others_read(root / name)]
    if not readable and not inside:
        return "other users cannot read what is not for students"
    said = f"every user of this machine can read {', '.join(readable)} in {root}"
    if inside:
        said = (
            f"the exchange {exchange} is inside the course, so that students must be able to enter "
            f"{root}: name one outside of it in c.Exchange.root"
        ) + (f"; {said}" if readable else "")
    if readable:
        said += ": " + (
            f"chmod -R o-rwx {' '.join(str(root / name) for name in readable)}"
            if inside
            else f"chmod o-rwx {root}"
        )
    if _other_accounts() or exchange.exists():
        raise RuntimeError(said)
    raise Look(f"{said} (no other person seems to have an account here)")


def _others_get_in(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _others_read(path: Path) -> bool:
    with contextlib.suppress(OSError):
        needed = 0o005 if path.is_dir() else 0o004
        return path.stat().st_mode & needed == needed
    return False


def _other_accounts() -> bool:
    """Whether another person may log in here, as far as the list of users says."""
    me = os.getuid()
    return any(
        1000 <= user.pw_uid < 60000
        and user.pw_uid != me
        and not user.pw_shell.endswith(("nologin", "false"))
        for user in pwd.getpwall()
    )


def git(course: CourseDirectory, config: Config) -> str:
    """Look whether git would take students' work, which `git add` then publishes."""
    root = Path(course.root)
    try:
        subprocess.run(
            ["git", "-C", root, "rev-parse"], check=True, capture_output=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return "this course is no git repository"
    done = subprocess.run(
        ["git", "-C", root, "check-ignore", *_NOT_FOR_GIT],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    taken = [name for name in _NOT_FOR_GIT if name not in done.stdout.splitlines()]
    if taken:
        lines = ", ".join(f"/{name.removesuffix('x')}" for name in taken)
        raise Look(f"git would take students' work: add to .gitignore: {lines}")
    return "students' work and the gradebook are ignored"


def imports(course: CourseDirectory, config: Config) -> str:
    """Look for modules of the course that are installed, where each submission can read them."""
    root = Path(course.root).resolve()
    seen = [
        f"{name} ({installed})"
        for name, own in _modules(root)
        for installed in [_installed(name, root)]
        if installed is not None and _same(own, installed)
    ]
    if seen:
        raise RuntimeError(
            f"submissions can import {', '.join(seen)}: take the course's package out of this "
            "Python (pip uninstall), or install it with pip install --editable"
        )
    return "no module of the course is importable inside the sandbox"


def _modules(root: Path) -> Iterator[tuple[str, Path]]:
    """List the modules and packages at the top of a course."""
    for path in sorted(root.iterdir()):
        if path.suffix == ".py" and path.name != "nbgrader_config.py":
            yield path.stem, path
        elif path.is_dir() and path.name.isidentifier() and any(path.glob("*.py")):
            yield path.name, path


def _installed(name: str, root: Path) -> Path | None:
    """Find a module of this name where the sandbox sees this Python's packages."""
    for folder in sys.path:
        path = Path(folder or ".").resolve()
        if path == root or not any(
            path.is_relative_to(seen) for seen in find_interpreter().folders
        ):
            continue
        spec = importlib.machinery.PathFinder.find_spec(name, [str(path)])
        if spec is not None:
            places = [*(spec.submodule_search_locations or [])] or [spec.origin or ""]
            return Path(places[0])
    return None


def _same(own: Path, installed: Path) -> bool:
    """Whether an installed module holds a file of the course's, and not only bears its name."""
    if own.is_file():
        return installed.is_file() and own.read_bytes() == installed.read_bytes()
    return any(
        (installed / file.relative_to(own)).is_file()
        and (installed / file.relative_to(own)).read_bytes() == file.read_bytes()
        for file in own.rglob("*.py")
        if file.stat().st_size
    )
