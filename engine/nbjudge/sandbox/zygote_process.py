"""The process of a sandbox, and the line on which the trusted side asks it.

One sandbox is one `bwrap` process whose process 1 is `nbjudge.sandbox.inside.zygote`. It sees a
read-only view of the Python installation and of the modules of this package that run inside, and
nothing else of this machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from nbjudge.sandbox.bubblewrap import (
    ENGINE,
    SandboxError,
    bubblewrap_command,
    bubblewrap_options,
)
from nbjudge.sandbox.interpreter import find_interpreter

_MESSAGE = 1 << 16


class ZygoteProcess:
    """The process from which kernels are forked.

    Parameters
    ----------
    isolated : bool
        Whether bubblewrap confines it.
    preload : tuple of str
        Modules that it imports.
    python : str
        The program of its Python; that of this process if empty.

    Attributes
    ----------
    interpreter : Interpreter
        Its Python.
    pid : int
        Of the process around it, which is bubblewrap's where there is a sandbox.

    Raises
    ------
    SandboxError
        If bubblewrap is missing, or the Python cannot be used.
    """

    def __init__(self, *, isolated: bool, preload: tuple[str, ...], python: str) -> None:
        self.isolated = isolated
        self._preload = preload
        try:
            self.interpreter = find_interpreter(python)
        except ValueError as error:
            raise SandboxError(str(error)) from error
        self._confinement: list[str] = []
        if isolated:
            self._confinement = bubblewrap_command(bubblewrap_options(self.interpreter))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._control = ours
        with theirs:
            self._process = subprocess.Popen(
                self._command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=_environment(isolated),
                start_new_session=True,
            )
        self.pid = self._process.pid
        self._started_by = os.getpid()

    def _command(self, fd: int) -> list[str]:
        code = (
            "from nbjudge.sandbox.inside.zygote import main; "
            f"main({fd}, {self.isolated}, {self._preload!r})"
        )
        if not self.isolated:
            # By its folder alone: among its neighbours may be packages for another Python.
            package = str(Path(__file__).resolve().parents[1])
            load = (
                "import sys; from importlib.util import module_from_spec, spec_from_file_location; "
                f"spec = spec_from_file_location('nbjudge', {package + '/__init__.py'!r}, "
                f"submodule_search_locations=[{package!r}]); "
                "sys.modules['nbjudge'] = module_from_spec(spec); "
                "spec.loader.exec_module(sys.modules['nbjudge']); "
            )
            return [self.interpreter.executable, "-c", load + code]
        return [
            *self._confinement,
            self.interpreter.executable,
            "-s",
            "-c",
            f"import sys; sys.path[:] = [{ENGINE!r}, *filter(None, sys.path)]; {code}",
        ]

    def send(self, request: dict[str, Any], fds: list[int] | None = None) -> None:
        """Send a request, and what goes with it.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], fds or [])
        except OSError as error:
            raise SandboxError(f"the sandbox is gone ({error}){self._last_words()}") from error

    def receive(self, seconds: float) -> tuple[dict[str, Any], int]:
        """Wait for an answer; return it and the id of the process that sent it.

        Raises
        ------
        SandboxError
            If none comes in so many seconds; the message holds what the process has said.
        """
        self._control.settimeout(seconds)
        try:
            data, ancillary, _, _ = self._control.recvmsg(_MESSAGE, socket.CMSG_SPACE(12))
        except OSError as error:
            raise SandboxError(f"the sandbox does not answer{self._last_words()}") from error
        if not data:
            raise SandboxError(f"the sandbox ended{self._last_words()}")
        pid = 0
        for level, kind, contents in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                pid = struct.unpack("3i", contents[:12])[0]
        return json.loads(data), pid

    def _last_words(self) -> str:
        self._errors.seek(0)
        words = self._errors.read(4000).decode(errors="replace").strip()
        return f": {words.splitlines()[-1]}" if words else ""

    def close(self) -> None:
        """End it, and everything in it."""
        self._control.close()
        # Of another process's child nothing can be asked; its number stays until that one waits.
        if self._started_by != os.getpid() or self._process.poll() is None:
            # With its group: bubblewrap's second process is bound to the first a moment later.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._errors.close()


def _environment(isolated: bool) -> dict[str, str]:
    """Return what the zygote is started with: nothing that changes how Python runs a test.

    With ``PYTHONOPTIMIZE`` in the environment of the person who grades, for one, no assert would
    fail in a kernel without a sandbox.
    """
    if isolated:
        return {"PATH": os.environ.get("PATH", os.defpath)}
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") or name in ("PYTHONPATH", "PYTHONHOME")
    }
