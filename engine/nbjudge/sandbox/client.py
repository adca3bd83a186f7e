"""The client of a kernel that may send anything: what it sends is read with care, or refused."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import channel_socket_types
from traitlets import Type

LARGEST_MESSAGE = 8 << 20
"""The bytes of the largest message that is read, unless a manager says otherwise."""
_MESSAGES_WAITING = 16
"""So many messages wait on this side; the others wait in the sandbox, within its memory."""


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
    received : int
        How many messages have come.
    """

    largest = LARGEST_MESSAGE
    refused = 0
    received = 0

    async def _recv(self, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        parts = await self.socket.recv_multipart(**kwargs)
        self.received += 1
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

    async def get_msg(  # type: ignore[override]
        self, timeout: float | None = None
    ) -> dict[str, Any]:
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
    parent: Any

    def refused(self) -> int:
        """Return the bytes of the messages that were too large to be read."""
        refused: int = self.shell_channel.refused + self.iopub_channel.refused
        return refused

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

    def start_channels(
        self,
        shell: bool = True,
        iopub: bool = True,
        stdin: bool = False,
        hb: bool = False,
        control: bool = True,
    ) -> None:
        """Start the channels that grading uses."""
        super().start_channels(shell, iopub, stdin, hb, control)
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
