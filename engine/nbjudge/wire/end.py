"""One end of the line between judge and kernel: its state, and the serving of requests."""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import threading
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, NoReturn

from nbjudge.wire.answering import Answerer, LentObject
from nbjudge.wire.conditions import WarningFilters
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.failures import Around, CallFailed, Failure, Place, Proxies
from nbjudge.wire.frames import Channel, Limits
from nbjudge.wire.kept import Kept
from nbjudge.wire.known_types import Reference
from nbjudge.wire.line import MAIN_CHAIN, Line, LineBroken
from nbjudge.wire.objects import Objects

_ARGUMENT: Place = ("an argument of the test's own function",)


class End:
    """One end of the line: its state, and what it does when it is asked.

    Parameters
    ----------
    channel : Channel
        To the other end.
    lookup : callable
        Called with a name, returns what the other end may see or call under it, or raises
        NameError.
    student : bool, default False
        Whether this is the student's end. It may answer a module by its name, tells where an
        exception was raised (the judge's would show the test's source by that), and serves calls
        from several threads of a test in threads of its own.
    filters : WarningFilters, optional
        Those that were in force before the first test cell; those of now if not given.
    after_call : callable, optional
        Called when a call has come back.
    proxies : Proxies, optional
        Of the judge's end: what stands for objects of the student's.
    around : Around, optional
        Of the judge's end: what the test shares with what it calls besides arguments.
    names : mutable mapping, optional
        Of the student's end: the notebook's global names.

    Attributes
    ----------
    failure : Failure or None
        The first failure since this was last set to None.
    """

    def __init__(
        self,
        channel: Channel,
        lookup: Callable[[str], Any],
        *,
        student: bool = False,
        filters: WarningFilters | None = None,
        after_call: Callable[[], object] = lambda: None,
        proxies: Proxies | None = None,
        around: Around | None = None,
        names: MutableMapping[str, Any] | None = None,
    ) -> None:
        self.channel = channel
        self.student = student
        self.after_call = after_call
        self.failure: Failure | None = None
        self._given_up = False
        self._line = Line(channel, self._serve_beside if student else None)
        given, usual = channel.limits, Limits()
        own = (given.block_bytes, given.depth) != (usual.block_bytes, usual.depth)
        # The kernel's side is made before it is known for which course.
        self._limits = {"limits": [given.block_bytes, given.depth]} if own and not student else {}
        self._process = os.getpid()
        self._called_in_fork = mmap.mmap(-1, 1)  # shared with forks
        self._filters = filters or WarningFilters()
        # The warnings of this cell, so that each is shown once.
        self._shown: dict[str | tuple[str, type[Warning], int], int] = {}
        self._proxies = proxies
        self._kept = Kept()
        objects = Objects() if student else None
        self._around = around
        self._answerer = Answerer(lookup, channel.limits, self._decoder, objects, names)
        self._chains = itertools.count(MAIN_CHAIN + 1)
        self._thread = threading.local()
        self._served: list[int] = [MAIN_CHAIN]  # chains of the calls that run here, newest last

    @property
    def limits(self) -> Limits:
        """What a frame may hold."""
        return self.channel.limits

    @property
    def lost(self) -> bool:
        """Whether nothing more can be asked."""
        return self._given_up or self._line.broken is not None

    @property
    def called_in_fork(self) -> bool:
        """Whether a process forked from this one has tried to call."""
        return self._called_in_fork[0] != 0

    def forget(self) -> None:
        """Take back the callables that were lent so far: they cannot be called any more."""
        self._answerer.forget()

    def begin(self) -> None:
        """Begin a cell: what went wrong before does not count against it."""
        self.failure = None
        self._called_in_fork[0] = 0
        self._shown.clear()
        self._kept.clear()

    def has_changes(self) -> bool:
        """Whether something was changed here of which the other end has yet to hear."""
        return self._kept.has_changes()

    def end(self) -> None:
        """Tell the other end that the cell has ended, and take back what it was lent."""
        with contextlib.suppress(LineBroken):
            self._line.send(Encoder().frame({"do": "end"}))
        self.forget()

    def refuse(self, reason: str) -> NoReturn:
        """Raise a `CallFailed` for what the engine does not do, and remember it."""
        if self.failure is None:
            self.failure = Failure(reason, engine=True)
        raise CallFailed(reason)

    def fail(self, reason: str) -> CallFailed:
        """Return the error for what the other end must not do, and remember it."""
        if self.failure is None:
            self.failure = Failure(reason, engine=False)
        return CallFailed(reason)

    def _chain(self) -> int:
        """Return the chain of this thread, a new one for a thread that has none."""
        chain = getattr(self._thread, "chain", None)
        if chain is None:
            if self.student:  # a thread that student code started: its caller's chain
                return self._served[-1]
            main = threading.current_thread() is threading.main_thread()
            chain = self._thread.chain = MAIN_CHAIN if main else next(self._chains)
        return chain

    def _decoder(
        self, blocks: list[bytes], mutables: Sequence[Any] = (), place: Place = _ARGUMENT
    ) -> Decoder:
        proxies = self._proxies
        if self.student or proxies is None:
            return Decoder(
                blocks,
                self._stand_in,
                self.limits,
                list(mutables),
                sealed=not self.student,
                own=self._answerer.own if self.student else None,
                kept=self._answerer.kept if self.student else None,
            )

        def stand_in(reference: Reference) -> Any:
            return proxies.stand_in(self, place, reference.number, reference.name)

        def of_object(number: int, of: int, name: str, depth: int) -> Any:
            return proxies.of_object(self, place, number, of, name, depth)

        def of_class(number: int) -> type:
            return proxies.of_class(self, number)

        def missing(name: str, depth: int) -> None:
            proxies.missing(place, name, depth)

        return Decoder(
            blocks,
            stand_in,
            self.limits,
            list(mutables),
            sealed=True,
            object_=of_object,
            class_=of_class,
            own=self._answerer.lent,
            kept=self._kept,
            missing=missing,
        )

    def _stand_in(self, reference: Reference) -> Callable[..., Any]:
        """Make a function that calls one of the other end."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(reference.number, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = reference.name
        stand_in.__module__ = "__main__"
        if self.student:
            found = LentObject(stand_in) if reference.is_object else stand_in
            self._answerer.borrowed[found] = reference.number
            return found
        return stand_in

    def call(self, target: int | str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call something of the other end; `nbjudge.wire.peer` does."""
        raise NotImplementedError

    # -- answering ------------------------------------------------------------------------------

    def serve(self) -> None:
        """Answer in this thread until the other end says that its cell has ended.

        Raises
        ------
        LineBroken
            If the other end is gone.
        """
        self._thread.chain = MAIN_CHAIN
        while True:
            message, blocks = self._line.wait(MAIN_CHAIN)
            if message.get("do") == "end":
                self._answerer.kept.clear()
                return
            self.answer(message, blocks)

    def _serve_beside(self, chain: int, message: dict[str, Any], blocks: list[bytes]) -> None:
        """Answer a call of another thread of the test in a thread of its own."""

        def serve() -> None:
            self._thread.chain = chain
            with contextlib.suppress(LineBroken):
                self.answer(message, blocks)

        threading.Thread(target=serve, daemon=True).start()

    def answer(self, message: dict[str, Any], blocks: list[bytes]) -> None:
        """Answer one request."""
        if message.get("do") == "name":
            frame = self._answerer.answer_name(message)
        else:
            self._served.append(self._chain())
            try:
                frame = self._answerer.answer_call(message, blocks)
            finally:
                self._served.pop()
        self._line.send(frame)
