"""The sandbox, seen from the trusted side: start kernels in it, wipe it, prove it.

Its process, and the line to it, are `nbjudge.sandbox.zygote_process`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbjudge.process import RunningKernel
from nbjudge.sandbox.bubblewrap import SandboxError, find_holes, private_paths
from nbjudge.sandbox.inside.contract import PRELOAD, KernelLimits
from nbjudge.sandbox.zygote_process import ZygoteProcess
from nbjudge.temp_folders import prefix

_PATIENCE = 60
"""The seconds in which a sandbox answers, however busy the machine is."""
_WIPING = 10
"""The seconds in which it is wiped; one that takes longer is replaced: no submission is lost."""
_numbers = itertools.count()


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
        self.isolated = isolated
        self.preload = tuple(preload)
        self.python = python
        self.scratch: str | None = None
        self.proven = False
        # A user of this sandbox alone, so that the kernel counts its processes apart from others'.
        self.uid = None
        if isolated and os.getuid() == 0:
            self.uid = 1_000_000 + os.getpid() * 8 + next(_numbers) % 8
        self._zygote = ZygoteProcess(isolated=isolated, preload=self.preload, python=python)
        self._ready = self._wiping = False

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._zygote.pid

    # -- requests -------------------------------------------------------------------------------

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the zygote has imported everything.

        Raises
        ------
        SandboxError
            If it does not come up; the message holds what it said.
        """
        if not self._ready:
            self._zygote.receive(seconds)
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
            answer, pid = self._zygote.receive(_PATIENCE)
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
        return self._zygote.receive(_PATIENCE)[0]

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
            self._zygote.receive(_WIPING)
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
            found = self._zygote.receive(_PATIENCE)[0]
        self.wipe()
        return found

    def assert_in_force(self, paths: list[str] | None = None) -> None:
        """Raise a `SandboxError` that names every hole, if the probe finds one."""
        paths = paths or [str(Path(__file__)), *private_paths(self._zygote.interpreter)]
        holes = find_holes(self.probe(paths))
        if holes:
            raise SandboxError(f"the sandbox is not in force: {'; '.join(holes)}")
        self.proven = True

    def close(self) -> None:
        """End the sandbox and everything in it."""
        self._zygote.close()
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _send(self, request: dict[str, Any], fds: list[int] | None = None) -> None:
        self.settle()
        self._zygote.send(request, fds)
