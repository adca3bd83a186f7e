"""Calls over a socket, in both directions and nested: what the judge and a student's kernel share.

Each side is a `Peer`. A call carries its arguments, the test's own warning filters and numpy's
floating-point error state where the test changed it; the answer carries the value or the exception,
the new contents of the arguments that were changed in place, and the warnings that were raised.
While a side waits for its answer it serves the calls of the other: that is how a test's ``lambda``
reaches a student's function. `nbjudge.wire.line` keeps the calls of several threads apart.
"""

from __future__ import annotations

import contextlib
import itertools
import mmap
import os
import threading
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from nbjudge.wire.answering import LONGEST_TRACEBACK, MOST_WARNINGS, Answerer
from nbjudge.wire.conditions import CATEGORIES, WarningFilters, changed_error_state
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import Channel, Limits, WireError
from nbjudge.wire.kept import Kept
from nbjudge.wire.known_types import Reference
from nbjudge.wire.line import MAIN_CHAIN, Line, LineBroken
from nbjudge.wire.objects import Objects
from nbjudge.wire.side_effects import argument_at, assign, list_of_pairs

_DEEPEST_CALL = 50
"""Calls that may be nested from one side to the other and back; each takes about twelve frames."""


class CallFailed(BaseException):
    """The call failed for a reason that is not the student's answer.

    It is no `Exception`, so that ``pytest.raises(Exception)`` does not take it for an answer.
    """


class CannotCross(WireError):
    """The engine's own limit: nothing was wrong with what the other end did or sent."""


class _Interrupted(BaseException):
    """A signal handler of the test raised `error` while it waited for an answer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class CalledInFork(Exception):
    """A process that a test cell has started called a function of the student.

    An `Exception`, so that a pool of processes hands it back to the test.
    """


class WrongKind(WireError):
    """The other end's object came where the instructor's own answer has plain data."""


Place = tuple[str, ...]
"""Where a value stands in a test: by the way to it, and by the class that it belongs to."""

_ARGUMENT: Place = ("an argument of the test's own function",)


class Proxies(Protocol):
    """What stands on the judge's side for objects of the student's; `nbjudge.judge.proxies`."""

    def stand_in(self, peer: Peer, place: Place, number: int | str, name: str) -> Any:
        """Return what stands for a function."""

    def of_object(
        self, peer: Peer, place: Place, number: int, of: int, name: str, depth: int
    ) -> Any:
        """Return what stands for an object that came at a place."""

    def of_class(self, peer: Peer, number: int) -> type:
        """Return what stands for a class."""

    def home(self, value: Any) -> int | str | None:
        """Return the number or name of the object that a value stands for, if it is a proxy."""

    def arrived(self, place: Place, value: Any) -> None:
        """Note what came at a place."""


@dataclass(frozen=True)
class Failure:
    """Why a call came to no end that a test may judge.

    Attributes
    ----------
    reason : str
        In words.
    engine : bool
        Whether the engine could not carry out the call. Otherwise the other end died, or broke the
        protocol.
    """

    reason: str
    engine: bool


class Peer:
    """One end of the line.

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
    ) -> None:
        self.channel = channel
        self.student = student
        self.after_call = after_call
        self.failure: Failure | None = None
        self._given_up = False
        self._line = Line(channel, self._serve_beside if student else None)
        self._process = os.getpid()
        self._called_in_fork = mmap.mmap(-1, 1)  # shared with forks
        self._filters = filters or WarningFilters()
        self._shown: dict = {}  # warnings of this cell, so that each is shown once
        self._proxies = proxies
        self._kept = Kept()
        objects = Objects() if student else None
        self._answerer = Answerer(lookup, channel.limits, self._decoder, objects)
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

    # -- asking ---------------------------------------------------------------------------------

    def name(self, name: str) -> Any:
        """Ask for what the other end has under a name.

        Returns
        -------
        object
            Plain data, what stands for an object, or a module's name as ``ModuleType``.

        Raises
        ------
        NameError
            If it has nothing of that name.
        CallFailed
            If it has something that is no plain data.
        """
        with self._failing():
            message = {"do": "name", "name": name, "keeps": self._keeps()}
            answer, blocks = self._ask(Encoder(limits=self.limits), message)
            module = answer.get("module")
            if isinstance(module, str):
                return types.ModuleType(module)
            decoder = self._decoder(blocks, place=(name,))
            value = decoder.decode(answer.get("value"))
            self._keep(answer, decoder.mutables)
            self._check(answer, value)
            self._note((name,), answer, value)
        return self._outcome(answer, value)

    def call(
        self,
        target: int | str,
        args: tuple,
        kwargs: dict,
        place: Place = (),
        operation: str | None = None,
        *,
        stops: bool = False,
    ) -> Any:
        """Call something of the other end; changes to the arguments are made here too.

        Parameters
        ----------
        target : int or str
            Its number or its name.
        args, kwargs : tuple and dict
            The arguments.
        place : tuple of str
            Where the result stands in a test, in words of the contract.
        operation : str, optional
            One of `nbjudge.wire.objects.OPERATIONS`, to be done with it instead of a call.
        """
        with self._failing():
            home = None if self._proxies is None else self._proxies.home
            keeps = self._keeps()
            encoder = Encoder(
                self._answerer.lend,
                self.limits,
                objects=self._answerer.objects,
                home=home,
                kept=self._kept if keeps else None,
            )
            try:
                message = {
                    "do": "call",
                    "keeps": keeps,
                    "writes": self._kept.give(encoder) if keeps else None,
                    "target": target,
                    "operation": operation,
                    "args": encoder.encode(args),
                    "kwargs": encoder.encode(kwargs),
                    "warnings": self._filters.changed(),
                    "errors": changed_error_state(),
                }
            except WireError as error:
                raise CannotCross(f"an argument cannot be handed over: {error}") from error
            answer, blocks = self._ask(encoder, message)
            decoder = self._decoder(blocks, encoder.mutables, place)
            value = decoder.decode(answer.get("value"))
            self._keep(answer, decoder.mutables[len(encoder.mutables) :])
            changes = [
                (argument_at(encoder.mutables, place), decoder.decode(node))
                for place, node in list_of_pairs(answer.get("changes"))
            ]
            for argument, contents in changes:
                assign(argument, contents)
            self._kept.take(decoder, answer.get("writes"))
            raised = list_of_pairs(answer.get("warnings"))[:MOST_WARNINGS]
            self._check(answer, value, stops=stops)
            self._note(place, answer, value)
        self.after_call()
        for category, text in raised:
            # Not with the place of the call: it would be quoted, and may be hidden from students.
            kind = CATEGORIES.get(str(category), UserWarning)
            warnings.warn_explicit(str(text), kind, "notebook", 0, "__main__", self._shown)
        return self._outcome(answer, value)

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Turn whatever goes wrong on the line into a `CallFailed`, and remember it."""
        if os.getpid() != self._process:
            self._called_in_fork[0] = 1
            raise CalledInFork("a process that the test started cannot call the notebook")
        self._thread.depth = depth = getattr(self._thread, "depth", 0) + 1
        try:
            if depth > _DEEPEST_CALL:
                raise CannotCross(
                    f"calls from the test to the notebook and back, more than {_DEEPEST_CALL} deep"
                )
            yield
        except _Interrupted as interrupted:
            raise interrupted.error from None
        except Exception as error:  # nothing of the line's own may look like the student's answer
            reason = str(error) or type(error).__name__
            if self.failure is None:
                of_student = isinstance(error, (WireError, LineBroken))
                self.failure = Failure(reason, isinstance(error, CannotCross) or not of_student)
            raise CallFailed(reason) from error
        finally:
            self._thread.depth = depth - 1

    @staticmethod
    def _check(answer: dict, value: Any, *, stops: bool = False) -> None:
        if answer.get("do") == "unusable":
            raise CannotCross(str(value))
        if answer.get("do") == "raise" and not isinstance(value, Exception):
            raise WireError("an error that is not an exception")
        if answer.get("do") == "stop" and not stops:
            raise WireError("the end of an iterator that nothing was drawn from")

    @staticmethod
    def _outcome(answer: dict, value: Any) -> Any:
        if answer.get("do") == "return":
            return value
        if answer.get("do") == "stop":
            raise StopIteration(value)
        where = answer.get("where")
        if isinstance(where, str) and where:
            value.add_note(where[:LONGEST_TRACEBACK])
        raise value

    def _chain(self) -> int:
        """Return the chain of this thread, a new one for a thread that has none."""
        chain = getattr(self._thread, "chain", None)
        if chain is None:
            if self.student:  # a thread that student code started: its caller's chain
                return self._served[-1]
            main = threading.current_thread() is threading.main_thread()
            chain = self._thread.chain = MAIN_CHAIN if main else next(self._chains)
        return chain

    def _ask(self, encoder: Encoder, message: dict) -> tuple[dict, list]:
        """Send a request and serve the other end's calls until the answer is there."""
        if self._given_up:
            raise CannotCross("the notebook is still busy with a call that the test gave up")
        chain, number = self._chain(), self._line.open_call()
        try:
            frame = encoder.frame({**message, "call": number, "chain": chain})
        except WireError as error:
            raise CannotCross(f"an argument cannot be handed over: {error}") from error
        try:
            self._line.send(frame)
            while True:
                answer, blocks = self._line.wait(chain, number)
                if answer["do"] not in ("call", "name"):
                    return answer, blocks
                self.answer(answer, blocks)
        except LineBroken:
            raise
        except BaseException as error:
            self._given_up = chain == MAIN_CHAIN
            raise _Interrupted(error) from None
        finally:
            self._line.close_call(number)

    def _keeps(self) -> bool:
        """Whether values are kept on both sides: for the judge's main thread."""
        return not self.student and self._chain() == MAIN_CHAIN

    def _keep(self, answer: dict, values: list) -> None:
        start = answer.get("kept")
        if type(start) is int and start >= 0:
            self._kept.add(start, values)

    def _note(self, place: Place, answer: dict, value: Any) -> None:
        if self._proxies is not None and answer.get("do") == "return":
            self._proxies.arrived(place, value)

    def _decoder(
        self, blocks: list, mutables: Sequence[Any] = (), place: Place = _ARGUMENT
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

        return Decoder(
            blocks,
            stand_in,
            self.limits,
            list(mutables),
            sealed=True,
            object_=of_object,
            class_=of_class,
            kept=self._kept,
        )

    def _stand_in(self, reference: Reference) -> Callable:
        """Make a function that calls one of the other end."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(reference.number, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = reference.name
        stand_in.__module__ = "__main__"
        return stand_in

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

    def _serve_beside(self, chain: int, message: dict, blocks: list) -> None:
        """Answer a call of another thread of the test in a thread of its own."""

        def serve() -> None:
            self._thread.chain = chain
            with contextlib.suppress(LineBroken):
                self.answer(message, blocks)

        threading.Thread(target=serve, daemon=True).start()

    def answer(self, message: dict, blocks: list) -> None:
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
