"""A student's kernel: an ipykernel on sockets that it is handed, which serves the judge's calls.

It runs in the sandbox, in a process that `grading.zygote` forked. Everything that it says is a
student's word.
"""

from __future__ import annotations

import builtins
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type

from grading.calls import Peer
from grading.wire import Channel, Limits

CHANNELS = ("shell", "stdin", "control", "iopub")
"""The kernel's sockets, in the order in which ipykernel binds them."""


class StudentKernel(IPythonKernel):
    """An IPython kernel that answers ``judge_request`` by serving calls until the judge ends it."""

    line: Peer | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shell_handlers["judge_request"] = self.judge_request

    async def judge_request(self, stream: Any, ident: Any, parent: dict) -> None:
        """Serve the judge's calls in the main thread, where cells run too."""
        assert self.line is not None
        peer = self.line
        self._allow_stdin = False
        while True:
            message, blocks = peer.channel.receive()
            if isinstance(message, dict) and message.get("do") == "end":
                break
            peer.answer(message, blocks)
        peer.forget()
        self.session.send(stream, "judge_reply", {"status": "ok"}, parent, ident=ident)

    def find(self, name: str) -> Any:
        """Return what the student defined under a name."""
        try:
            return self.shell.user_ns[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None


class StudentKernelApp(IPKernelApp):
    """An ipykernel whose sockets were opened, and are owned, by the trusted side.

    The sandbox holds listening sockets and not the folder that they are in, so that a submission
    can neither take their place nor put links there.
    """

    kernel_class = Type(StudentKernel)
    listening: Sequence[int] = ()
    key = b""

    def init_crash_handler(self) -> None:
        """Leave exceptions to Python: there is nobody to send a crash report to."""

    def init_connection_file(self) -> None:
        """Do without a file: key and sockets are handed over."""
        self.session.key = self.key

    def write_connection_file(self, **kwargs: Any) -> None:
        """Do without a file."""

    def init_heartbeat(self) -> None:
        """Do without: the trusted side watches the process itself."""

    def init_control(self, context: zmq.Context) -> None:
        """Read shell messages in the main thread: nobody opens subshells while grading."""
        super().init_control(context)
        self.shell_channel_thread = None

    def _bind_socket(self, s: zmq.Socket, port: int) -> int:
        number = self._bound = getattr(self, "_bound", -1) + 1
        s.setsockopt(zmq.USE_FD, self.listening[number])
        s.bind(f"ipc:///{CHANNELS[number]}")  # a name only: the file descriptor is used
        return number + 1


def run(listening: Sequence[int], line: int, key: bytes, arguments: Sequence[str]) -> None:
    """Be the kernel until it is told to stop.

    Parameters
    ----------
    listening : sequence of int
        The listening sockets, in the order of `CHANNELS`.
    line : int
        The socket to the judge.
    key : bytes
        With which messages are signed.
    arguments : sequence of str
        Options of ipykernel.
    """
    app = StudentKernelApp.instance()
    app.listening, app.key = listening, key
    app.transport = "ipc"
    app.initialize(["--log-level=40", *arguments])
    channel = Channel(socket.socket(fileno=line), Limits())
    app.kernel.line = Peer(channel, app.kernel.find, student=True)
    # Pictures are shown below their cell; matplotlib was imported before there was a shell.
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib_inline import backend_inline

        backend_inline._enable_matplotlib_integration()
    # What `exit` and `quit` do in a notebook.
    builtins.exit = builtins.quit = app.kernel.shell.user_ns.get("exit", builtins.exit)
    app.start()
    os._exit(0)
