"""The process that forks a judge for each notebook; `nbjudge.judge.client` is its other end.

It is process 1 of a sandbox of its own. A judge that it forks has no network, writes only to fresh
places in memory, and sees the course's modules, not its gradebook and no submission: a test may
unpickle or run what a student handed in, and then that runs here.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
import tarfile
from collections.abc import Sequence
from typing import Any

from nbjudge.judge.cell_source import bound_names, called_names, compiled, with_helpers
from nbjudge.judge.files import SubmittedFiles, SubmittedModules
from nbjudge.judge.judge import TEST_CELL, Judge
from nbjudge.judge.main_module import become_main
from nbjudge.judge.release import Release
from nbjudge.judge.surroundings import named_files
from nbjudge.sandbox.inside.confinement import SCRATCH, confine, hide_memory, limit
from nbjudge.wire.frames import Limits

LENGTH = struct.Struct(">I")
"""How a cell, a verdict and a file begin: with the number of bytes that follow."""
NO_FILE = 0xFFFFFFFF
"""Stands in the place of a file's length if there is no such file."""
MESSAGE = 1 << 16
"""The most bytes of a message on the control socket."""
WORK = f"{SCRATCH}/test"
"""The working folder of a judge in a sandbox."""


class _Worker:
    """The worker, seen from a judge.

    Parameters
    ----------
    connection : socket.socket
        To it.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def receive(self) -> tuple[bytes | None, list[int]]:
        """Wait for a message and its file descriptors; None if the worker hung up."""
        head, fds, _, _ = socket.recv_fds(self._connection, LENGTH.size, 2)
        if not head:
            return None, []
        (length,) = LENGTH.unpack(head)
        return self._read(length), list(fds)

    def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        data = json.dumps(message).encode()
        self._connection.sendall(LENGTH.pack(len(data)) + data)

    def fetch(self, name: str) -> bytes | None:
        """Ask for a file of the submission."""
        self.send({"do": "file", "name": name})
        (length,) = LENGTH.unpack(self._read(LENGTH.size))
        return None if length == NO_FILE else self._read(length)

    def _read(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            part = self._connection.recv(min(length - len(data), 1 << 20))
            if not part:
                raise EOFError("the worker is gone")
            data += part
        return bytes(data)


def _serve_notebook(connection: socket.socket) -> None:
    """Be the judge of one notebook, until the worker hangs up."""
    worker = _Worker(connection)
    (head, _), (packed, _) = worker.receive(), worker.receive()
    if head is None or packed is None:
        return
    request, folder = json.loads(head), os.getcwd()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
        instructors = archive.getnames()
    sys.path.insert(0, folder)
    judge = Judge(Release(**request["release"]), instructors)
    limits = Limits(**request["values"])
    become_main(judge.namespace)
    files = SubmittedFiles(folder, request["files"], worker.fetch)
    sys.meta_path.append(SubmittedModules(request["modules"], judge.refuse))
    while True:
        data, fds = worker.receive()
        if data is None:
            return
        cell = json.loads(data)
        if fds:
            judge.connect(socket.socket(fileno=fds[0]), limits)
        if cell["earlier"]:
            judge.namespace.run_again(cell["earlier"])
        files.prepare(cell["source"])
        verdict = judge.run_cell(
            cell["source"], cell["contract"], cell["answers"], record=cell["record"]
        )
        worker.send({"do": "verdict", **verdict})


def _become_judge(request: dict[str, Any], sandboxed: bool) -> None:
    """Turn this forked process into a judge: limits, and fresh places to write to."""
    os.setsid()
    if sandboxed:
        confine(request["limits"], request["uid"])
        os.mkdir(WORK)
    os.chdir(WORK if sandboxed else request["folder"])
    limit(request["limits"])
    for kind, value in (
        (resource.RLIMIT_CPU, request["cpu"]),
        (resource.RLIMIT_STACK, 8 << 20),
    ):
        _, most = resource.getrlimit(kind)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (value, most if kind == resource.RLIMIT_STACK else value))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.enable()


def _read_ahead(source: str, number: int, helpers: dict[str, str]) -> None:
    """Read a test cell before those judges are forked that will run it: they find it read."""
    with contextlib.suppress(Exception):  # no Python: each judge says so
        bound_names(source), called_names(source)
        compiled(source, TEST_CELL.format(number))
        named_files(with_helpers(source, helpers))
    gc.freeze()


class _Server:
    """Fork judges, and end what they leave behind.

    Parameters
    ----------
    control : socket.socket
        To the worker.
    sandboxed : bool
        Whether this is process 1 of a sandbox.
    """

    def __init__(self, control: socket.socket, sandboxed: bool) -> None:
        self._control = control
        self._sandboxed = sandboxed
        self._children: set[int] = set()

    def run(self) -> None:
        """Serve the worker's requests until it hangs up."""
        self._control.send(b"{}")
        while True:
            data, fds, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
            self._reap()
            if not data:
                self._wipe()
                return
            request = json.loads(data)
            if request["do"] == "wipe":
                self._wipe()
            elif request["do"] == "read":
                _read_ahead(request["source"], request["number"], request["helpers"])
            else:
                self._fork(request, fds[0])

    def _fork(self, request: dict[str, Any], fd: int) -> None:
        pid = os.fork()
        if pid:
            self._children.add(pid)
            os.close(fd)
            return
        try:
            _become_judge(request, self._sandboxed)
            # The worker learns this process's id from the credentials of the message.
            self._control.send(b"{}")
            self._control.close()
            _serve_notebook(socket.socket(fileno=fd))
        except EOFError:
            pass
        except BaseException as error:
            with contextlib.suppress(OSError):
                text = f"{type(error).__name__}: {error}"
                self._control.send(json.dumps({"failed": text[:4000]}).encode())
            raise
        finally:
            os._exit(0)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._children.discard(pid)
                if not self._sandboxed:
                    self._end_group(pid)

    def _wipe(self) -> None:
        """End what judges have started: no judge runs now."""
        if self._sandboxed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # as process 1: everything else in the sandbox
        else:
            while self._children:
                self._end_group(self._children.pop())

    @staticmethod
    def _end_group(pid: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def main(fd: int, paths: Sequence[str], sandboxed: bool, preload: Sequence[str]) -> None:
    """Import what test cells need, then fork a judge for every notebook.

    Parameters
    ----------
    fd : int
        The socket to the worker.
    paths : sequence of str
        From where test cells import besides the installation: the course's folder first, the others
        after everything else.
    sandboxed : bool
        Whether this is process 1 of a sandbox.
    preload : sequence of str
        What test cells import, besides numpy.
    """
    if sandboxed:
        if os.getpid() != 1:
            raise RuntimeError("the server of judges must be process 1 of its sandbox")
        hide_memory()
    os.environ["MPLBACKEND"] = "agg"
    signal.signal(signal.SIGINT, signal.SIG_DFL if sandboxed else signal.SIG_IGN)
    root, *others = paths
    sys.path[:] = [root, *(path for path in sys.path if path not in ("", root)), *others]
    usual = ("numpy", "numpy.linalg", "numpy.testing", "warnings", "inspect")
    for name in (*usual, *preload):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    _Server(socket.socket(fileno=fd), sandboxed).run()
