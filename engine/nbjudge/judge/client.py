"""The judges, seen from a worker: start the server that forks them, send cells, get verdicts.

A worker has one server, which has imported numpy and forks a judge for each notebook. A judge
gets test cells over one socket and, with the first cell for a kernel, the line to that kernel
(`nbjudge.judge.judge` says what it does with them); it sends back verdicts.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge.judge.server import LENGTH, MESSAGE
from nbjudge.sandbox.inside.cpu_clock import cpu_seconds
from nbjudge.wire.frames import Limits

_MAX_SERVERS = 3
_servers: dict[str, JudgeServer] = {}
_of_the_parent: list[JudgeServer] = []


def _forget_in_child() -> None:
    """Leave a forked process's judges to its parent: two would take each other's answers."""
    _of_the_parent.extend(_servers.values())
    _servers.clear()


os.register_at_fork(after_in_child=_forget_in_child)


def judge_server(root: str) -> JudgeServer:
    """Return this process's server of a course; it is started if need be, and not waited for.

    A process that grades many courses, such as one of tests, keeps the servers of the last few.

    Parameters
    ----------
    root : str
        The course's folder.
    """
    _servers[root] = _servers.pop(root, None) or JudgeServer(root)  # the last one now
    while len(_servers) > _MAX_SERVERS:
        _servers.pop(next(iter(_servers))).close()
    return _servers[root]


@atexit.register
def close_judges() -> None:
    """End the judges of this process."""
    while _servers:
        _servers.popitem()[1].close()


@dataclass(frozen=True)
class JudgeLimits:
    """What one judge may use.

    Attributes
    ----------
    memory : int
        Address space in bytes.
    cpu : int
        CPU seconds for all test cells of a notebook, as a backstop.
    """

    memory: int = 4 << 30
    cpu: int = 3600


class JudgeServer:
    """The server, seen from a worker.

    Parameters
    ----------
    root : str
        The course's folder: test cells can import from there.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        engine = str(Path(__file__).resolve().parents[2])
        code = (
            f"import sys; sys.path.insert(0, {engine!r}); "
            f"from nbjudge.judge.server import main; main({theirs.fileno()}, {root!r})"
        )
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=environment,
            )
        self._control.settimeout(60)
        self._ready = False

    def start(self, folder: str, limits: JudgeLimits, values: Limits) -> RunningJudge:
        """Fork the judge of a notebook.

        Parameters
        ----------
        folder : str
            The judge's working folder.
        limits : JudgeLimits
            What it may use.
        values : Limits
            What a value that a kernel sends may hold.
        """
        if not self._ready:
            self._receive()
            self._ready = True
        ours, theirs = socket.socketpair()
        request = {
            "folder": folder,
            "memory": limits.memory,
            "cpu": limits.cpu,
            "values": vars(values),
        }
        with theirs:
            socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
            pid = self._receive()["pid"]
        ours.setblocking(False)
        return RunningJudge(ours, pid)

    def _receive(self) -> dict:
        data = self._control.recv(MESSAGE)
        if not data:
            self._errors.seek(0)
            raise RuntimeError(f"the judge ended: {self._errors.read().decode()}")
        return json.loads(data)

    def close(self) -> None:
        """End the server. Judges end with their notebooks."""
        self._control.close()
        self._process.wait()
        self._errors.close()


class RunningJudge:
    """One judge, seen from a worker.

    Parameters
    ----------
    connection : socket.socket
        To it, not blocking.
    pid : int
        Its process.
    """

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection = connection
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def cpu_seconds(self) -> float:
        """The CPU time that it has used."""
        return cpu_seconds(self.pid)

    def send(self, source: str, line: socket.socket | None) -> None:
        """Give it a test cell, and the line to a kernel if that is a new one."""
        data = source.encode()
        self.connection.setblocking(True)
        fds = [line.fileno()] if line is not None else []
        socket.send_fds(self.connection, [LENGTH.pack(len(data))], fds)
        self.connection.sendall(data)
        self.connection.setblocking(False)

    async def verdict(self) -> dict[str, Any]:
        """Wait for the verdict on the cell.

        Raises
        ------
        EOFError
            If the judge ended instead.
        """
        loop = asyncio.get_running_loop()

        async def read(size: int) -> bytes:
            data = b""
            while len(data) < size:
                part = await loop.sock_recv(self.connection, size - len(data))
                if not part:
                    raise EOFError("the judge ended")
                data += part
            return data

        try:
            (length,) = LENGTH.unpack(await read(LENGTH.size))
            return json.loads(await read(length))
        except ConnectionError as error:
            raise EOFError("the judge ended") from error

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self.connection.close()
