"""The process that forks a judge for each notebook; `nbjudge.judge.client` is its other end."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys

from nbjudge.judge.judge import Judge
from nbjudge.wire.frames import Limits

LENGTH = struct.Struct(">I")
"""How a cell and a verdict begin: with the number of bytes that follow."""
MESSAGE = 1 << 16
"""The most bytes of a request to the server."""


def _serve_notebook(verdicts: socket.socket, request: dict) -> None:
    """Be the judge of one notebook, until the coordinator hangs up."""
    os.setsid()
    with contextlib.suppress(OSError):
        os.chdir(request["folder"])
    resource.setrlimit(resource.RLIMIT_AS, (request["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (request["cpu"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    judge, limits = Judge(), Limits(**request["values"])
    while True:
        head, fds, _, _ = socket.recv_fds(verdicts, LENGTH.size, 1)
        if not head:
            return
        (length,) = LENGTH.unpack(head)
        source = b""
        while len(source) < length:
            source += verdicts.recv(length - len(source))
        if fds:
            judge.connect(socket.socket(fileno=fds[0]), limits)
        verdict = json.dumps(judge.run_cell(source.decode())).encode()
        verdicts.sendall(LENGTH.pack(len(verdict)) + verdict)


def main(fd: int, root: str) -> None:
    """Import what test cells need, then fork a judge for every notebook."""
    control = socket.socket(fileno=fd)
    sys.path[:] = [root, *(path for path in sys.path if path not in ("", root))]
    for name in ("numpy", "numpy.linalg", "numpy.testing", "warnings", "inspect"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for judges
    control.send(b"{}")
    while True:
        data, fds, _, _ = socket.recv_fds(control, MESSAGE, 1)
        if not data:
            return
        pid = os.fork()
        if pid == 0:
            try:
                control.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _serve_notebook(socket.socket(fileno=fds[0]), json.loads(data))
            finally:
                os._exit(0)
        os.close(fds[0])
        control.send(json.dumps({"pid": pid}).encode())
