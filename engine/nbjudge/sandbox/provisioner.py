"""Warm, sandboxed kernels for anything that speaks Jupyter: provisioner and manager."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Any as AnyTrait
from traitlets import Bool, Bytes, Dict, Instance, Integer, List, Type, Unicode, default

from nbjudge.process import RunningKernel
from nbjudge.sandbox.client import LARGEST_MESSAGE, WarmKernelClient
from nbjudge.sandbox.inside.contract import CHANNELS, PRELOAD, KernelLimits
from nbjudge.sandbox.pool import give_back, take_sandbox
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.temp_folders import place_for_sockets, prefix

NAME = "sandboxed-provisioner"


class SandboxedProvisioner(KernelProvisionerBase):
    """Provide a kernel by asking a warm sandbox to fork one."""

    isolated = Bool(True, help="Whether bubblewrap confines the kernel.").tag(config=True)
    preload = List(Unicode(), [*PRELOAD], help="What its sandbox has imported.").tag(config=True)
    python = Unicode("", help="The program of the kernel's Python.").tag(config=True)
    limits = Instance(KernelLimits, args=())
    files = Bytes(b"", help="A tar archive, unpacked into the kernel's scratch folder.")
    environment = Dict(help="The kernel's environment variables.")

    sandbox: Sandbox | None = None
    kernel: RunningKernel | None = None
    line: socket.socket | None = None
    parent: Any
    _status: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self.kernel is not None

    async def poll(self) -> int | None:
        """Return None while the kernel runs, otherwise a number."""
        if self.kernel is None:
            return self._status or 0
        return None if self.kernel.is_alive() else 1

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        while self.kernel is not None and self.kernel.is_alive():
            await asyncio.sleep(0.005)
        self._release()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel."""
        if self.kernel is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.kernel.handle, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and everything that it started."""
        self._release()

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel and everything that it started."""
        self._release()

    async def cleanup(self, restart: bool = False) -> None:
        """Give the sandbox back and remove the sockets."""
        self._release()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Open the kernel's listening sockets, in a folder that the sandbox does not see."""
        manager = self.parent
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix=prefix(), dir=place_for_sockets())
        manager.transport = "ipc"
        manager.ip = str(Path(self._folder.name) / "kernel")
        # Nobody reads it, but the manager writes it: not where a killed worker leaves it for good.
        manager.connection_file = str(Path(self._folder.name) / "connection.json")
        for number, channel in enumerate((*CHANNELS, "hb"), 1):
            setattr(manager, f"{channel}_port", number)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    _folder: tempfile.TemporaryDirectory[str] | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel."""
        self.sandbox = take_sandbox(
            isolated=self.isolated, preload=self.preload, python=self.python
        )
        listening = [self._listen(number) for number in range(1, len(CHANNELS) + 1)]
        self.line, theirs = socket.socketpair()
        key: Any = self.connection_info["key"]  # bytes, although jupyter_client's types say str
        arguments = [*(kwargs.get("extra_arguments") or [])]
        try:
            self.kernel = self.sandbox.start_kernel(
                [s.fileno() for s in listening],
                theirs.fileno(),
                key,
                files=self.files,
                limits=self.limits,
                environment=self.environment,
                arguments=arguments,
            )
        finally:
            for sock in (*listening, theirs):
                sock.close()
        return self.connection_info

    def _listen(self, number: int) -> socket.socket:
        path = f"{self.parent.ip}-{number}"
        if os.path.exists(path):  # of the kernel before a restart
            os.unlink(path)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.bind(path)
        sock.listen(20)
        return sock

    def _release(self) -> None:
        if self.kernel is not None:
            self._status = 1
            os.close(self.kernel.handle)
            self.kernel = None
        if self.line is not None:
            self.line.close()
            self.line = None
        if self.sandbox is not None:
            sandbox, self.sandbox = self.sandbox, None
            give_back(sandbox)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


class WarmKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels are forked in a sandbox.

    Attributes
    ----------
    provision : dict
        What the provisioner is given: ``isolated``, ``preload``, ``python``,
        ``limits``, ``files``, ``environment``.
    largest_message : int
        The bytes of the largest message of the kernel that is read.
    """

    client_class = "nbjudge.sandbox.client.WarmKernelClient"
    client_factory = Type(WarmKernelClient)
    provision = AnyTrait({})
    largest_message = Integer(LARGEST_MESSAGE)

    @default("client_factory")
    def _client_factory_default(self) -> type:
        return WarmKernelClient

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel that there is here: Python, whatever a notebook says."""
        return KernelSpec(
            argv=["python"],
            display_name="Python 3 (sandboxed)",
            language="python",
            metadata={
                "kernel_provisioner": {"provisioner_name": NAME, "config": dict(self.provision)}
            },
        )

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        register()
        return await super()._async_pre_start_kernel(**kwargs)

    pre_start_kernel = _async_pre_start_kernel


def register() -> None:
    """Make the provisioner known where the project is used without being installed."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(
        NAME,
        EntryPoint(
            NAME,
            "nbjudge.sandbox.provisioner:SandboxedProvisioner",
            KernelProvisionerFactory.GROUP_NAME,
        ),
    )
