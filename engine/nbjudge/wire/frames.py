"""The contract between the trusted and the untrusted side: plain data in frames, and nothing else.

A frame is a piece of JSON followed by raw blocks of bytes (the contents of arrays). Nothing that
arrives is ever unpickled, imported or looked up by name outside the fixed tables of
`nbjudge.wire.known_types`; `nbjudge.wire.encoder` and `nbjudge.wire.decoder` say what the JSON
means. These modules run on both sides, so they need numpy and the standard library alone.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct(">II")
_SIZE = struct.Struct(">Q")


class WireError(ValueError):
    """A value that cannot go over the wire, or bytes that are not a value."""


@dataclass(frozen=True)
class Limits:
    """What one frame may hold.

    Attributes
    ----------
    json_bytes, block_bytes : int
        The length of the JSON, and of all blocks together.
    blocks : int
        How many blocks.
    depth : int
        How deep containers may be nested.
    """

    json_bytes: int = 8 << 20
    block_bytes: int = 64 << 20
    blocks: int = 10_000
    depth: int = 50


def check_sizes(json_bytes: int, blocks: list[int], limits: Limits) -> None:
    """Raise a `WireError` that names the limit if a frame is too large."""
    if json_bytes > limits.json_bytes:
        raise WireError(f"a value of {json_bytes} bytes of text, more than {limits.json_bytes}")
    if len(blocks) > limits.blocks:
        raise WireError(f"a value of {len(blocks)} arrays, more than {limits.blocks}")
    if sum(blocks) > limits.block_bytes:
        raise WireError(f"a value of {sum(blocks)} bytes, more than {limits.block_bytes}")


def join(text: bytes, blocks: list[bytes], limits: Limits) -> bytes:
    """Make a frame of its JSON and its blocks.

    Raises
    ------
    WireError
        If it is larger than the limits.
    """
    sizes = [len(block) for block in blocks]
    check_sizes(len(text), sizes, limits)
    return b"".join([_HEAD.pack(len(text), len(sizes)), *map(_SIZE.pack, sizes), text, *blocks])


def parse(frame: bytes, limits: Limits) -> tuple[Any, list[bytes]]:
    """Split a whole frame into its JSON message and its blocks.

    Raises
    ------
    WireError
        If it is not a frame.
    """
    stream = memoryview(frame)

    def read(size: int) -> bytes:
        nonlocal stream
        if len(stream) < size:
            raise WireError("a frame that ends early")
        part, stream = stream[:size], stream[size:]
        return bytes(part)

    message = _read_frame(read, limits)
    if len(stream):
        raise WireError("bytes after the end of a frame")
    return message


def _read_frame(read: Callable[[int], bytes], limits: Limits) -> tuple[Any, list[bytes]]:
    length, count = _HEAD.unpack(read(_HEAD.size))
    check_sizes(length, [0] * min(count, limits.blocks + 1), limits)
    sizes = [size for (size,) in _SIZE.iter_unpack(read(_SIZE.size * count))]
    check_sizes(length, sizes, limits)
    text = read(length)
    blocks = [read(size) for size in sizes]
    try:
        return json.loads(text.decode("ascii")), blocks
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame without valid JSON: {type(error).__name__}") from error


class Channel:
    """Send and receive frames over a connected socket.

    Parameters
    ----------
    connection : socket.socket
        A stream socket, blocking.
    limits : Limits
        For frames that arrive.
    """

    def __init__(self, connection: socket.socket, limits: Limits | None = None) -> None:
        self.connection = connection
        self.limits = limits or Limits()

    def send(self, frame: bytes) -> None:
        """Send a frame that `Encoder.frame` made."""
        self.connection.sendall(frame)

    def receive(self) -> tuple[Any, list[bytes]]:
        """Wait for a frame; return its JSON message and its blocks.

        Raises
        ------
        WireError
            If what arrives is no frame. The stream cannot be used any further then.
        EOFError
            If the other side is gone.
        """
        return _read_frame(self._read, self.limits)

    def _read(self, size: int) -> bytes:
        if size == 0:
            return b""
        data = self.connection.recv(min(size, 1 << 16))
        if len(data) == size:
            return data
        parts, missing = [data], size - len(data)
        while data and missing:
            data = self.connection.recv(min(missing, 1 << 20))
            parts.append(data)
            missing -= len(data)
        if missing:
            raise EOFError("the other side is gone")
        return b"".join(parts)
