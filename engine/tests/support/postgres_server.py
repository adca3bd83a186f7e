"""A PostgreSQL server of one's own, on a socket in a folder that nobody else sees."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg


class Server:
    """A server with a fresh data folder, run by an unprivileged user; used as a context manager."""

    def __init__(self) -> None:
        found = sorted(
            Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3])
        )
        assert found, "PostgreSQL is missing: ./install.sh test installs it"
        self._programs = found[-1].parent
        # Not below pytest's folder, which only its own user may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="nbjudge-pg-", dir="/tmp"))
        # PostgreSQL does not run as root.
        self._user = "postgres" if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user, self._user)

    def _run(self, program: str, *options: str) -> None:
        subprocess.run(
            [str(self._programs / program), "-D", str(self.folder / "data"), *options],
            check=True, user=self._user, group=self._user, cwd=self.folder,
            stdout=subprocess.DEVNULL, extra_groups=[] if self._user else None,
        )  # fmt: skip

    def start(self) -> None:
        """Start the server and wait for it."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` drops every connection as a crash does."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def create(self, name: str) -> str:
        """Make an empty database; return its URL."""
        where = f"host={self.folder} user=grader dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://grader@/{name}?host={self.folder}"

    def __enter__(self) -> Server:
        self._run("initdb", "-U", "grader", "--auth=trust", "--no-sync", "-E", "UTF8")
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)
