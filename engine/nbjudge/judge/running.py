"""One judge, seen from a worker: it gets test cells and sends verdicts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge.judge.server import LENGTH, NO_FILE
from nbjudge.sandbox.inside.cpu_clock import cpu_seconds

_LONGEST_MESSAGE = 64 << 20


@dataclass(frozen=True)
class TestCell:
    """One test cell, as a judge gets it.

    Attributes
    ----------
    source : str
        Its Python.
    contract : dict or None
        What objects it may be handed (`nbjudge.judge.contract`).
    record : bool
        Whether the answers are the instructor's own, from which the contract is made.
    answers : tuple of str
        The cells of the submission that were run since the test before.
    """

    __test__ = False  # not one of pytest's

    source: str
    contract: dict[str, Any] | None = None
    record: bool = False
    answers: tuple[str, ...] = ()


class JudgeError(RuntimeError):
    """A fault of the engine: there is no judge to run tests."""


class RunningJudge:
    """One judge, seen from a worker.

    Parameters
    ----------
    connection : socket.socket
        To it.
    pid : int
        Its process.
    files : dict of str to Path
        What it may ask for.
    ended : callable
        Called when it is closed.
    """

    def __init__(
        self,
        connection: socket.socket,
        pid: int,
        files: dict[str, Path],
        ended: Callable[[], object],
    ) -> None:
        self.connection = connection
        self.pid = pid
        self._files = files
        self._ended = ended
        self._handle = os.pidfd_open(pid)

    def cpu_seconds(self) -> float:
        """The CPU time that it has used."""
        return cpu_seconds(self.pid)

    def send(self, cell: TestCell, line: socket.socket | None, earlier: Sequence[str] = ()) -> None:
        """Give it a test cell.

        Parameters
        ----------
        cell : TestCell
            What it is to run.
        line : socket.socket or None
            To the kernel, if that is a new one.
        earlier : sequence of str
            Test cells that another judge has run, whose definitions this one needs.
        """
        data = json.dumps({**vars(cell), "earlier": list(earlier)}).encode()
        self.send_bytes(data, [line.fileno()] if line is not None else [])

    def send_bytes(self, data: bytes, fds: Sequence[int] = ()) -> None:
        """Send it something, with its length in front."""
        self.connection.setblocking(True)
        socket.send_fds(self.connection, [LENGTH.pack(len(data))], list(fds))
        self.connection.sendall(data)
        self.connection.setblocking(False)

    async def verdict(self) -> dict[str, Any]:
        """Wait for the verdict on the cell, and send the files that it asks for.

        Raises
        ------
        EOFError
            If the judge ended instead.
        """
        loop = asyncio.get_running_loop()
        try:
            while True:
                (length,) = LENGTH.unpack(await self._read(LENGTH.size))
                if length > _LONGEST_MESSAGE:
                    raise EOFError("the judge cannot be understood")
                message: dict[str, Any] = json.loads(await self._read(length))
                if message["do"] == "verdict":
                    return message
                data = self._file(message["name"])
                head = LENGTH.pack(NO_FILE if data is None else len(data))
                await loop.sock_sendall(self.connection, head + (data or b""))
        except (ConnectionError, ValueError, KeyError, TypeError) as error:
            raise EOFError("the judge ended") from error

    async def _read(self, size: int) -> bytes:
        loop, data = asyncio.get_running_loop(), bytearray()
        while len(data) < size:
            part = await loop.sock_recv(self.connection, min(size - len(data), 1 << 20))
            if not part:
                raise EOFError("the judge ended")
            data += part
        return bytes(data)

    def _file(self, name: Any) -> bytes | None:
        """Read a file that a test asks for; it was found to be no link, and may be gone."""
        path = self._files.get(name) if isinstance(name, str) else None
        if path is None:
            return None
        try:
            with open(path, "rb", opener=_open_no_link) as file:
                return file.read()
        except OSError:
            return None

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self.connection.close()
        self._ended()


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)
