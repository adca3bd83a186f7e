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
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from nbjudge.wire.conditions import (
    CATEGORIES,
    WarningFilters,
    changed_error_state,
    read_error_state,
)
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import Channel, Limits, WireError
from nbjudge.wire.known_types import Reference
from nbjudge.wire.line import MAIN_CHAIN, Line, LineBroken
from nbjudge.wire.side_effects import argument_at, assign, is_changed, list_of_pairs, snapshot

_MOST_WARNINGS = 100
_LONGEST_TRACEBACK = 4000
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
    ) -> None:
        self.channel = channel
        self.lookup = lookup
        self.student = student
        self.after_call = after_call
        self.failure: Failure | None = None
        self._given_up = False
        self._line = Line(channel, self._serve_beside if student else None)
        self._process = os.getpid()
        self._called_in_fork = mmap.mmap(-1, 1)  # shared with forks
        self._filters = filters or WarningFilters()
        self._shown: dict = {}  # warnings of this cell, so that each is shown once
        self._lent: dict[int, Callable] = {}
        self._numbers = itertools.count()
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
        self._lent.clear()

    def begin(self) -> None:
        """Begin a cell: what went wrong before does not count against it."""
        self.failure = None
        self._called_in_fork[0] = 0
        self._shown.clear()

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

    # -- asking ---------------------------------------------------------------------------------

    def name(self, name: str) -> Any:
        """Ask for what the other end has under a name.

        Returns
        -------
        object
            Plain data, a stand-in for a callable, or a module's name as ``ModuleType``.

        Raises
        ------
        NameError
            If it has nothing of that name.
        CallFailed
            If it has something that is no plain data.
        """
        with self._failing():
            answer, blocks = self._ask(Encoder(limits=self.limits), {"do": "name", "name": name})
            module = answer.get("module")
            if isinstance(module, str):
                return types.ModuleType(module)
            value = self._decoder(blocks).decode(answer.get("value"))
            self._check(answer, value)
        return self._outcome(answer, value)

    def call(self, target: int | str, args: tuple, kwargs: dict) -> Any:
        """Call something of the other end; changes to the arguments are made here too."""
        with self._failing():
            encoder = Encoder(self._lend, self.limits)
            try:
                message = {
                    "do": "call",
                    "target": target,
                    "args": encoder.encode(args),
                    "kwargs": encoder.encode(kwargs),
                    "warnings": self._filters.changed(),
                    "errors": changed_error_state(),
                }
            except WireError as error:
                raise CannotCross(f"an argument cannot be handed over: {error}") from error
            answer, blocks = self._ask(encoder, message)
            decoder = self._decoder(blocks, encoder.mutables)
            value = decoder.decode(answer.get("value"))
            changes = [
                (argument_at(encoder.mutables, place), decoder.decode(node))
                for place, node in list_of_pairs(answer.get("changes"))
            ]
            for argument, contents in changes:
                assign(argument, contents)
            raised = list_of_pairs(answer.get("warnings"))[:_MOST_WARNINGS]
            self._check(answer, value)
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
    def _check(answer: dict, value: Any) -> None:
        if answer.get("do") == "unusable":
            raise CannotCross(str(value))
        if answer.get("do") == "raise" and not isinstance(value, Exception):
            raise WireError("an error that is not an exception")

    @staticmethod
    def _outcome(answer: dict, value: Any) -> Any:
        if answer.get("do") == "return":
            return value
        where = answer.get("where")
        if isinstance(where, str) and where:
            value.add_note(where[:_LONGEST_TRACEBACK])
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

    def _decoder(self, blocks: list, mutables: Sequence[Any] = ()) -> Decoder:
        sealed = not self.student
        return Decoder(blocks, self._stand_in, self.limits, list(mutables), sealed=sealed)

    def _stand_in(self, reference: Reference) -> Callable:
        return self.stand_in(reference.number, reference.name)

    def stand_in(
        self, target: int | str, name: str, current: Callable[[], Peer] | None = None
    ) -> Callable:
        """Make a function that calls one of the other end, by its number or name.

        Parameters
        ----------
        target : int or str
            The number, or the name.
        name : str
            The function's name.
        current : callable, optional
            Returns the line to call over; this one if not given.
        """

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return (current() if current else self).call(target, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
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
            frame = self._answer_name(message)
        else:
            frame = self._answer_call(message, blocks)
        self._line.send(frame)

    def _answer_name(self, message: dict) -> bytes:
        encoder = Encoder(self._lend, self.limits)
        call = message.get("call")
        try:
            value = self.lookup(str(message.get("name")))
            if self.student and isinstance(value, types.ModuleType):
                answer = {"do": "return", "call": call, "module": value.__name__}
            else:
                answer = {"do": "return", "call": call, "value": encoder.encode(value)}
            return encoder.frame(answer)
        except NameError as error:
            value = encoder.exception(error)
            return encoder.frame({"do": "raise", "call": call, "value": value})
        except BaseException as error:
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            return self._unusable(call, f"{message.get('name')} is {what}")

    def _unusable(self, call: Any, what: str) -> bytes:
        return Encoder(limits=self.limits).frame({"do": "unusable", "call": call, "value": what})

    def _answer_call(self, message: dict, blocks: list) -> bytes:
        decoder = self._decoder(blocks)
        recorded: list = []
        where = ""
        before: list = []
        self._served.append(self._chain())
        try:
            args, kwargs = decoder.decode(message["args"]), decoder.decode(message["kwargs"])
            function = self._target(message.get("target"))
            before = [snapshot(value) for value in decoder.mutables]
            # Without a state of the test's own, what the function sets holds on.
            state = read_error_state(message.get("errors"))
            with (
                warnings.catch_warnings(record=True) as recorded,
                np.errstate(**state) if state else contextlib.nullcontext(),
            ):
                WarningFilters.apply(message.get("warnings"))
                value, verb = function(*args, **kwargs), "return"
        except BaseException as error:  # whatever student code raises is the answer
            value, verb = error, "raise"
            where = _where(error) if self.student else ""
        finally:
            self._served.pop()
        answer = {"do": verb, "call": message.get("call"), "where": where}
        return self._reply(answer, value, decoder.mutables, before, recorded)

    def _reply(
        self, answer: dict, value: Any, mutables: list, before: list, recorded: list
    ) -> bytes:
        encoder = Encoder(self._lend, self.limits, list(mutables))
        try:
            answer["value"] = encoder.encode(value)
            answer["changes"] = [
                [place, encoder.contents(now)]
                for place, (now, old) in enumerate(zip(mutables, before, strict=False))
                if is_changed(now, old)
            ]
            answer["warnings"] = [
                [w.category.__name__, str(w.message)] for w in recorded[:_MOST_WARNINGS]
            ]
            return encoder.frame(answer)
        except BaseException as error:  # a student's value may raise whatever it is asked for
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            return self._unusable(answer["call"], f"what came back cannot be judged: {what}")

    def _lend(self, function: Callable) -> int:
        number = next(self._numbers)
        self._lent[number] = function
        return number

    def _target(self, target: Any) -> Callable:
        if isinstance(target, str):
            return self.lookup(target)
        if type(target) is int and target in self._lent:
            return self._lent[target]
        raise WireError("a call of a function that was not lent, or was taken back")


def _where(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-8))[-_LONGEST_TRACEBACK:]
    except BaseException:  # an exception's message may raise as well
        return ""
