"""A student's kernel: an ipykernel on sockets that it is handed, which serves the judge's calls.

It runs in the sandbox, in a process that `nbjudge.sandbox.inside.zygote` forked. Everything that it
says is a student's word.
"""

from __future__ import annotations

import builtins
import logging
import re
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import zmq
from ipykernel import ipkernel
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Type
from traitlets.config import Config
from traitlets.config.loader import DeferredConfigString

from nbjudge.sandbox.inside.contract import CHANNELS, FIGURES
from nbjudge.wire.frames import Channel, Limits
from nbjudge.wire.peer import Peer

_PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")
_OPTION = re.compile(r"--(\w+)\.(\w+)=(.*)", re.DOTALL)


class _WithoutModules:
    """The module ``sys`` for somebody who looks at every module there is."""

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


class _MainThread:
    """Stands where ipykernel keeps the thread that reads shell messages: the main thread does.

    ipykernel asks it for `parent_thread` whenever a cell awaits, and asks whether it is true
    before it starts it or hands messages to it.
    """

    def __init__(self) -> None:
        self.parent_thread = threading.current_thread()

    def __bool__(self) -> bool:
        return False


class StudentShell(ZMQInteractiveShell):
    """IPython's shell, in which a student's code cannot ask the kernel to end."""

    def ask_exit(self) -> None:
        """End the cell or the call that says ``exit()`` or ``quit()``, and not the kernel.

        The kernel would end a moment later, under a cell that has nothing to do with it.
        """
        raise SystemExit


class StudentKernel(IPythonKernel):
    """An IPython kernel that answers ``judge_request`` by serving calls until the judge ends it."""

    shell_class = Type(StudentShell)
    line: Peer | None = None
    parent: Any
    session: Any
    shell: Any
    _supports_kernel_subshells = False  # each would need a thread, and so would the first message

    def __init__(self, **kwargs: Any) -> None:
        # ipykernel notes for its debugger where every module came from. There is no debugger, and
        # to look at a thousand modules copies as many pages of memory in a fork.
        with mock.patch.object(ipkernel, "sys", _WithoutModules()):
            super().__init__(**kwargs)
        self.shell_handlers["judge_request"] = self.judge_request
        # The shell may be one that was prepared before this kernel was forked.
        self.shell.parent = self.shell.kernel = self
        self.shell.profile_dir = self.profile_dir
        self.shell.ipython_dir = self.parent.ipython_dir

    async def execute_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Run a cell; draw its figures unless the request says that nobody looks at them."""
        self._draw(parent["metadata"].get(FIGURES, True))
        await super().execute_request(stream, ident, parent)

    def _draw(self, wanted: bool) -> None:
        """Have figures drawn or named: matplotlib's, and what Altair makes of a chart."""
        display = self.shell.display_formatter
        display.mimebundle_formatter.enabled = wanted
        for name in _PICTURES:
            display.formatters[name].enabled = wanted

    async def judge_request(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Serve the judge's calls in the main thread, where cells run too."""
        assert self.line is not None
        peer = self.line
        self._forward_input(allow_stdin=False)  # as in a cell, `input` fails: nobody is there
        try:
            peer.serve()
        finally:
            self._restore_input()
            if "matplotlib.pyplot" in sys.modules:  # as after a cell
                sys.modules["matplotlib.pyplot"].close("all")
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

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Read ``--Class.trait=value`` without a parser of every option there is."""
        config = Config()
        for argument in argv or []:
            option = _OPTION.fullmatch(argument)
            if option is None:
                super().parse_command_line(argv)
                return
            config[option[1]][option[2]] = DeferredConfigString(option[3])
        self.cli_config = config
        self.update_config(config)

    def init_kernel(self) -> None:
        """Use the prepared shell, unless there are settings that it was made without."""
        if set(self.config) - {"IPKernelApp", "HistoryManager", "StudentKernelApp"}:
            StudentShell.clear_instance()
        super().init_kernel()

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Do without: there is none but what a submission may have brought."""

    def init_crash_handler(self) -> None:
        """Leave exceptions to Python: there is nobody to send a crash report to."""

    def init_connection_file(self) -> None:
        """Do without a file: key and sockets are handed over."""
        self.session.key = self.key
        self.log.setLevel(logging.ERROR)  # of each message ipykernel would make three records

    def write_connection_file(self, **kwargs: Any) -> None:
        """Do without a file."""

    def init_heartbeat(self) -> None:
        """Do without: the trusted side watches the process itself."""

    def init_control(self, context: zmq.Context[Any]) -> None:
        """Read shell messages in the main thread: no subshell is opened while grading."""
        super().init_control(context)
        self.shell_channel_thread = _MainThread()

    def _bind_socket(self, s: zmq.Socket[Any], port: int) -> int:
        number = self._bound = getattr(self, "_bound", -1) + 1
        if CHANNELS[number] == "iopub":
            # What the other side does not read yet waits here, in the memory of the submission.
            # With a limit, libzmq drops what is beyond it, and with it the end of a cell.
            s.sndhwm = 0
        s.setsockopt(zmq.USE_FD, self.listening[number])
        s.bind(f"ipc:///{CHANNELS[number]}")  # a name only: the file descriptor is used
        return number + 1


def prepare() -> None:
    """Make what every kernel needs and no submission changes, before kernels are forked.

    That is IPython's shell, its pictures, and what it imports and compiles when it first runs a
    cell and first shows an error. There is no thread and no socket in it.
    """
    config = Config()
    config.HistoryManager.hist_file = ":memory:"
    with tempfile.TemporaryDirectory() as folder:
        shell = StudentShell.instance(
            config=config,
            ipython_dir=folder,
            profile_dir=ProfileDir(location=folder),
            compiler_class=XCachingCompiler,
        )
    if "matplotlib.pyplot" in sys.modules:
        # Pictures are shown below their cell; matplotlib was imported before there was a shell.
        from matplotlib_inline import backend_inline

        backend_inline._enable_matplotlib_integration()
    # With its level set, an application that is made again does not set up logging once more.
    StudentKernelApp.instance(log_level=logging.ERROR).log  # noqa: B018
    shell.run_cell("None", silent=True)
    try:
        exec(compile("1 / 0", shell.compile.cache("1 / 0"), "exec"))
    except ZeroDivisionError as error:
        shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)


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
    app.initialize(list(arguments))
    # Of the folders that it has been in, the shell noted where it was prepared.
    app.kernel.shell.user_ns["_dh"][:] = [Path.cwd()]
    channel = Channel(socket.socket(fileno=line), Limits())
    app.kernel.line = Peer(channel, app.kernel.find, student=True, names=app.kernel.shell.user_ns)
    # What `exit` and `quit` do in a notebook.
    builtins.exit = builtins.quit = app.kernel.shell.user_ns.get("exit", builtins.exit)
    # Whatever a submission does to the event loop, the kernel ends when the trusted side ends it.
    app.kernel.start()
    while True:
        app.kernel.io_loop.start()
