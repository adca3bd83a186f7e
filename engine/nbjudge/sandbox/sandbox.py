"""The sandbox, seen from the trusted side: start it, start kernels in it, wipe it, prove it.

One sandbox is one `bwrap` process whose process 1 is `nbjudge.sandbox.inside.zygote`. It sees a
read-only view of the Python installation and of the modules of this package that run inside, and
nothing else of this machine.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbjudge.process import RunningKernel
from nbjudge.sandbox.bubblewrap import ENGINE, bubblewrap_options, find_holes, private_paths
from nbjudge.sandbox.inside.contract import PRELOAD, KernelLimits
from nbjudge.sandbox.interpreter import find_interpreter
from nbjudge.temp_folders import prefix

_MESSAGE = 1 << 16
_PATIENCE = 60
"""The seconds in which a sandbox answers, however busy the machine is."""
_WIPING = 10
"""The seconds in which it is wiped; one that takes longer is replaced: no submission is lost."""
_numbers = itertools.count()


class SandboxError(RuntimeError):
    """The sandbox cannot be started, or does not hold what it promises."""


class Sandbox:
    """A warm sandbox, for one submission after the other.

    Parameters
    ----------
    isolated : bool, default True
        Whether bubblewrap confines it. Without, submissions run with this user's rights.
    preload : sequence of str, optional
        Modules that it imports once, for all of its kernels.
    python : str, optional
        The program of the Python that its kernels run in; that of this process by default.
    """

    def __init__(
        self, *, isolated: bool = True, preload: Sequence[str] = PRELOAD, python: str = ""
    ) -> None:
        if isolated and shutil.which("bwrap") is None:
            raise SandboxError("bubblewrap is missing: install the package bubblewrap")
        self.isolated = isolated
        self.preload = tuple(preload)
        self.python = python
        try:
            self._interpreter = find_interpreter(python)
        except ValueError as error:
            raise SandboxError(str(error)) from error
        self.scratch: str | None = None
        self.proven = False
        # A user of this sandbox alone, so that the kernel counts its processes apart from others'.
        self.uid = None
        if isolated and os.getuid() == 0:
            self.uid = 1_000_000 + os.getpid() * 8 + next(_numbers) % 8
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
        self._started_by = os.getpid()
        self._ready = self._wiping = False

    def _command(self, fd: int) -> list[str]:
        code = (
            "from nbjudge.sandbox.inside.zygote import main; "
            f"main({fd}, {self.isolated}, {self.preload!r})"
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
            return [self._interpreter.executable, "-c", load + code]
        return [
            "bwrap",
            *bubblewrap_options(self._interpreter),
            self._interpreter.executable,
            "-s",
            "-c",
            f"import sys; sys.path[:] = [{ENGINE!r}, *filter(None, sys.path)]; {code}",
        ]

    # -- requests -------------------------------------------------------------------------------

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the zygote has imported everything.

        Raises
        ------
        SandboxError
            If it does not come up; the message holds what it said.
        """
        if not self._ready:
            self._receive(seconds)
            self._ready = True

    def start_kernel(
        self,
        listening: list[int],
        line: int,
        key: bytes,
        *,
        files: bytes = b"",
        limits: KernelLimits | None = None,
        arguments: list[str] | None = None,
        environment: dict[str, str] | None = None,
    ) -> RunningKernel:
        """Fork a kernel.

        Parameters
        ----------
        listening : list of int
            Listening sockets for its channels, in the order of `CHANNELS`.
        line : int
            The socket to the judge.
        key : bytes
            With which messages are signed.
        files : bytes
            A tar archive that is unpacked into its scratch folder.
        limits : KernelLimits, optional
            What it may use.
        arguments : list of str, optional
            Options of ipykernel.
        environment : dict, optional
            Its environment variables, beside HOME and a few that Python needs.
        """
        self.wait_until_ready()
        if not self.isolated:
            self.scratch = tempfile.mkdtemp(prefix=prefix())
        sockets = [*listening, line]
        request = {
            "do": "start",
            "key": key.decode(),
            "uid": self.uid,
            "limits": asdict(limits or KernelLimits()),
            "arguments": arguments or [],
            "environment": environment or {},
            "scratch": self.scratch,
            "sockets": len(sockets),
        }
        with contextlib.ExitStack() as stack:
            if files:
                archive = stack.enter_context(tempfile.TemporaryFile())
                archive.write(files)
                archive.seek(0)
                sockets.append(archive.fileno())
            self._send(request, sockets)
            answer, pid = self._receive(_PATIENCE)
        if "born" not in answer:
            raise SandboxError(f"the kernel could not be started: {answer.get('failed')}")
        return RunningKernel(pid, os.pidfd_open(pid))

    def usage(self) -> dict[str, Any]:
        """Return what all of the submission's processes use.

        Returns
        -------
        dict
            As of `nbjudge.sandbox.inside.zygote.usage`.
        """
        self._send({"do": "usage"})
        return self._receive(_PATIENCE)[0]

    def wipe(self) -> None:
        """End every process of the submission and forget what it wrote.

        In a sandbox this is asked for, and not waited for before the next request.
        """
        if not self._ready:
            return
        self._send({"do": "wipe"})
        self._wiping = True
        if not self.isolated:
            self.settle()
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch = None

    def settle(self) -> None:
        """Wait until it is wiped, if it is being wiped.

        Raises
        ------
        SandboxError
            If it does not answer, and must not be used again.
        """
        if self._wiping:
            self._receive(_WIPING)
            self._wiping = False

    def probe(self, paths: list[str]) -> dict[str, Any]:
        """Try, without harm, what a submission must not be able to do.

        Parameters
        ----------
        paths : list of str
            What must not be visible.

        Returns
        -------
        dict
            What a process confined as a submission is could do, by name.
        """
        if not self.isolated:
            raise SandboxError("there is no sandbox to probe")
        self.wait_until_ready()
        with socket.create_server(("127.0.0.1", 0)) as server:
            request = {
                "do": "probe",
                "uid": self.uid,
                "limits": asdict(KernelLimits()),
                "paths": paths,
                "outside": os.getpid(),
                "port": server.getsockname()[1],
            }
            self._send(request)
            found = self._receive(_PATIENCE)[0]
        self.wipe()
        return found

    def assert_in_force(self, paths: list[str] | None = None) -> None:
        """Raise a `SandboxError` that names every hole, if the probe finds one."""
        paths = paths or [str(Path(__file__)), *private_paths(self._interpreter)]
        holes = find_holes(self.probe(paths))
        if holes:
            raise SandboxError(f"the sandbox is not in force: {'; '.join(holes)}")
        self.proven = True

    def close(self) -> None:
        """End the sandbox and everything in it."""
        self._control.close()
        # Of another process's child nothing can be asked; its number stays until that one waits.
        if self._started_by != os.getpid() or self._process.poll() is None:
            # With its group: bubblewrap's second process is bound to the first a moment later.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._errors.close()
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _send(self, request: dict[str, Any], fds: list[int] | None = None) -> None:
        self.settle()
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], fds or [])
        except OSError as error:
            raise SandboxError(f"the sandbox is gone ({error}){self._last_words()}") from error

    def _receive(self, seconds: float) -> tuple[dict[str, Any], int]:
        """Wait for an answer; return it and the id of the process that sent it."""
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
