"""Warm, sandboxed kernels for anything that speaks Jupyter: provisioner, manager and client."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import channel_socket_types
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory
from traitlets import Any as AnyTrait
from traitlets import Bool, Bytes, Dict, Instance, Integer, List, Type, Unicode, default

from nbjudge.process import RunningKernel
from nbjudge.sandbox.inside.contract import CHANNELS, PRELOAD, KernelLimits
from nbjudge.sandbox.pool import give_back, take_sandbox
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.temp_folders import place_for_sockets, prefix

NAME = "sandboxed-provisioner"
_LARGEST_MESSAGE = 8 << 20
_MESSAGES_WAITING = 16
"""So many messages wait on this side; the others wait in the sandbox, within its memory."""


class SandboxedProvisioner(KernelProvisionerBase):
    """Provide a kernel by asking a warm sandbox to fork one."""

    isolated = Bool(True, help="Whether bubblewrap confines the kernel.").tag(config=True)
    preload = List(Unicode(), PRELOAD, help="What its sandbox has imported.").tag(config=True)
    python = Unicode("", help="The program of the kernel's Python.").tag(config=True)
    limits = Instance(KernelLimits, args=())
    files = Bytes(b"", help="A tar archive, unpacked into the kernel's scratch folder.")
    environment = Dict(help="The kernel's environment variables.")

    sandbox: Sandbox | None = None
    kernel: RunningKernel | None = None
    line: socket.socket | None = None
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

    _folder: tempfile.TemporaryDirectory | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict:
        """Fork the kernel."""
        self.sandbox = take_sandbox(
            isolated=self.isolated, preload=self.preload, python=self.python
        )
        listening = [self._listen(number) for number in range(1, len(CHANNELS) + 1)]
        self.line, theirs = socket.socketpair()
        arguments = [*(kwargs.get("extra_arguments") or [])]
        try:
            self.kernel = self.sandbox.start_kernel(
                [s.fileno() for s in listening],
                theirs.fileno(),
                self.connection_info["key"],
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


class UnreadableMessageError(Exception):
    """What a kernel has sent is not a message of Jupyter's protocol."""


class DistrustfulChannel(AsyncZMQSocketChannel):
    """A channel to a kernel that may send anything.

    Attributes
    ----------
    largest : int
        The bytes of the largest message that is read.
    refused : int
        The bytes of the messages that were larger.
    """

    largest = _LARGEST_MESSAGE
    refused = 0

    async def _recv(self, **kwargs: Any) -> dict[str, Any]:
        parts = await self.socket.recv_multipart(**kwargs)
        size = sum(map(len, parts))
        if size > self.largest:
            # Read, it would take many times its size.
            self.refused += size
            return {**self.session.msg("refused"), "buffers": []}
        return self.session.deserialize(self.session.feed_identities(parts)[1])

    def send(self, msg: dict[str, Any]) -> None:
        """Send a message, and look whether one has come in meanwhile.

        A `Session` sends on the socket below the asynchronous one. What libzmq takes in at that
        moment it does not announce again: a cell whose widgets are answered would wait for ever.
        """
        super().send(msg)
        self.socket.get(zmq.EVENTS)  # schedules the reading of what is there

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message; its parts have the types that readers take for granted.

        Raises
        ------
        Empty
            If none has come in time.
        UnreadableMessageError
            If what has come is not a message.
        """
        try:
            message = await super().get_msg(timeout)
            _check_types(message)
        except Empty:
            raise
        except Exception as error:  # of pyzmq, of a decoder: it depends on what was sent
            raise UnreadableMessageError(f"{type(error).__name__}: {error}") from error
        return message


def _check_types(message: dict[str, Any]) -> None:
    """Raise TypeError for a message that no reader expects; its content is read with care."""
    for part in ("header", "parent_header"):
        if not isinstance(message[part], dict):
            raise TypeError(f"the {part} of a message is not an object")
    kind, content = message["msg_type"], message["content"]
    if not isinstance(kind, str):
        raise TypeError("the type of a message is not a text")
    if kind == "execute_reply" and not (isinstance(content, dict) and "status" in content):
        raise TypeError("a reply has no status")


class WarmKernelClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel is."""

    shell_channel_class = Type(DistrustfulChannel)
    iopub_channel_class = Type(DistrustfulChannel)
    control_channel_class = Type(DistrustfulChannel)

    def refused(self) -> int:
        """Return the bytes of the messages that were too large to be read."""
        return self.shell_channel.refused + self.iopub_channel.refused

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> Any:
        sock = self.context.socket(channel_socket_types[channel])
        sock.linger = 0
        # A message beyond all measure ends the connection, not this process.
        sock.maxmsgsize = 2 * self.parent.largest_message
        sock.rcvhwm = _MESSAGES_WAITING
        if identity:
            sock.identity = identity
        sock.connect(self._make_url(channel))
        return sock

    def start_channels(self, **kwargs: Any) -> None:
        """Start the channels that grading uses."""
        super().start_channels(**{"stdin": False, "hb": False, **kwargs})
        for channel in (self.shell_channel, self.iopub_channel, self.control_channel):
            channel.largest = self.parent.largest_message

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until a request has been answered on both channels.

        The stock client waits for 0.2 s of silence besides; here nothing was said before.
        """
        deadline = time.monotonic() + (timeout or 60)
        while time.monotonic() < deadline:
            wanted = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=2)
                while reply["parent_header"].get("msg_id") != wanted:
                    reply = await self.shell_channel.get_msg(timeout=2)
                self.info_reply = reply
                while True:
                    message = await self.iopub_channel.get_msg(timeout=0.1)
                    state = message["content"].get("execution_state")
                    if message["parent_header"].get("msg_id") == wanted and state == "idle":
                        self._handle_kernel_info_reply(reply)
                        return
            except Empty:
                if not await self._async_is_alive():
                    raise RuntimeError("the kernel died before it was ready") from None
        raise RuntimeError(f"the kernel was not ready after {timeout} seconds")

    wait_for_ready = _async_wait_for_ready


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

    client_class = "nbjudge.sandbox.provisioner.WarmKernelClient"
    client_factory = Type(WarmKernelClient)
    provision = AnyTrait({})
    largest_message = Integer(_LARGEST_MESSAGE)

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
