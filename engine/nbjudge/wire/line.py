"""Frames of several callers over one socket: every answer reaches the call that it belongs to.

A call carries a number, and the answer repeats it. A call also says to which *chain* it belongs:
the thread of the judge in which it began. Calls of one chain nest; calls of different chains run
beside each other, as threads do in one process. Whichever thread waits reads from the socket, one
at a time, and hands on what is another's.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import select
import signal
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from nbjudge.wire.frames import Channel, WireError

MAIN_CHAIN = 0
"""The chain of the thread in which test cells run."""
_LOOK_AGAIN = 0.05  # seconds, should another thread's notice be missed
_MAX_QUEUED = 100
_ANSWERS = frozenset({"return", "stop", "raise", "unusable"})
_REQUESTS = frozenset({"name", "call"})
_DEFERRED = frozenset(
    {signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGINT, signal.SIGTERM}
    | {signal.SIGUSR1, signal.SIGUSR2}
)

# Without `signal`'s wrapper, which makes an enumeration's member of each signal: it runs six times
# a call, on both sides.
_set_mask = getattr(_signal, "pthread_sigmask", signal.pthread_sigmask)


class LineBroken(Exception):
    """Nothing more can be said: the other end is gone, or what it sent cannot be understood."""


Message = tuple[dict[str, Any], list[bytes]]


class _SignalsDeferred:
    """Run no signal handler here: its exception would tear a frame apart."""

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = None
        if threading.current_thread() is threading.main_thread():
            self._before = _set_mask(signal.SIG_BLOCK, _DEFERRED)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            _set_mask(signal.SIG_SETMASK, self._before)


class Line:
    """Send and receive the messages of one end.

    Parameters
    ----------
    channel : Channel
        To the other end.
    start : callable, optional
        Called with a request of a chain for which no thread waits here, to serve it in a thread of
        its own. Without it, such a request is refused.

    Attributes
    ----------
    broken : str or None
        Why nothing more can be said on this line.
    """

    def __init__(
        self,
        channel: Channel,
        start: Callable[[int, dict[str, Any], list[bytes]], None] | None = None,
    ) -> None:
        self.channel = channel
        self.broken: str | None = None
        self._start = start
        self._poll = select.poll()
        self._poll.register(channel.connection, select.POLLIN)
        self._next = 0
        self._changed = threading.Condition()
        self._sending = threading.RLock()
        self._reader: int | None = None
        self._pending: dict[int, int] = {}  # the chain of each call that waits for its answer
        self._answers: dict[int, Message] = {}
        self._requests: dict[int, deque[Message]] = defaultdict(deque)
        self._waiting: dict[int, int] = defaultdict(int)

    def open_call(self, chain: int) -> int:
        """Return the number of a new call; from now on, requests of its chain are its thread's."""
        with self._changed:
            number = self._next
            self._next += 1
            self._pending[number] = chain
        return number

    def close_call(self, number: int) -> None:
        """Expect no answer to a call any more; one that comes is thrown away."""
        with self._changed:
            self._pending.pop(number, None)
            self._answers.pop(number, None)

    def send(self, frame: bytes) -> None:
        """Send a whole frame.

        Raises
        ------
        LineBroken
            If the other end is gone.
        """
        with _SignalsDeferred(), self._sending:
            try:
                self.channel.send(frame)
            except OSError as error:
                self.broken = self.broken or str(error)
                raise LineBroken(self.broken) from error

    def wait(self, chain: int, number: int | None = None) -> Message:
        """Wait for the answer to a call, or for a request of this thread's chain.

        Parameters
        ----------
        chain : int
            This thread's chain.
        number : int, optional
            That of the call; None to wait for requests alone.

        Returns
        -------
        tuple of dict and list of bytes
            The message and its blocks.

        Raises
        ------
        LineBroken
            If no message will come any more.
        """
        with self._changed:
            self._waiting[chain] += 1
        try:
            while True:
                message = self._take_or_read(chain, number)
                if message is not None:
                    return message
        finally:
            with self._changed:
                self._waiting[chain] -= 1
                self._changed.notify_all()

    def _take_or_read(self, chain: int, number: int | None) -> Message | None:
        """Take what is there for this thread; otherwise read, or wait for the thread that reads."""
        with _SignalsDeferred(), self._changed:
            message = self._take(chain, number)
            if message is not None:
                return message
            outer, this = self._reader, threading.get_ident()
            if outer not in (None, this):
                self._changed.wait(_LOOK_AGAIN)
                return None
            self._reader = this
        try:
            # Here a signal handler of a test may run and raise; then nothing has been read.
            self._poll.poll()  # also returns for a socket that was closed here; reading says so
            with _SignalsDeferred():
                self._read()
                with self._changed:
                    return self._take(chain, number)
        finally:
            with self._changed:
                self._reader = outer
                self._changed.notify_all()

    def _take(self, chain: int, number: int | None) -> Message | None:
        if number is not None and number in self._answers:
            return self._answers.pop(number)
        if self._requests.get(chain):
            return self._requests[chain].popleft()
        if self.broken is not None:
            raise LineBroken(self.broken)
        return None

    def _read(self) -> None:
        try:
            message, blocks = self.channel.receive()
            with self._changed:
                self._hand_on(message, blocks)
        except Exception as error:  # what arrived cannot be understood: nothing after it can
            self.broken = str(error) or type(error).__name__

    def _hand_on(self, message: Any, blocks: list[bytes]) -> None:
        if not isinstance(message, dict):
            raise WireError("a frame without a message")
        kind, chain, number = message.get("do"), message.get("chain", 0), message.get("call")
        if type(chain) is not int or not (number is None or type(number) is int):
            raise WireError("a call without a number")
        if kind in _ANSWERS:
            if number in self._pending:
                self._answers[number] = message, blocks
            elif number is None or not 0 <= number < self._next:
                raise WireError("an answer to a call that was never made")
        elif kind in _REQUESTS or (kind == "end" and self._start is not None):
            served = chain == MAIN_CHAIN and self._start is not None
            if served or self._waiting.get(chain) or chain in self._pending.values():
                if len(self._requests[chain]) > _MAX_QUEUED:
                    raise WireError("too many requests at a time")
                self._requests[chain].append((message, blocks))
            elif self._start is not None:
                self._start(chain, message, blocks)
            else:
                raise WireError("a call that belongs to no call of a test")
        else:
            raise WireError("a request of an unknown kind")
