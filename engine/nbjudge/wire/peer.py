"""Calls over a socket, in both directions and nested: what the judge and a student's kernel share.

Each side is a `Peer`. A call carries its arguments, its warning filters and numpy's floating-point
error state; the answer carries the value or the exception, the new contents of the arguments that
were changed in place, and the warnings that were raised. While a side waits for its answer it
serves the calls of the other: that is how a test's ``lambda`` reaches a student's function.
"""

from __future__ import annotations

import contextlib
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nbjudge.wire.conditions import CATEGORIES, error_state, filters, set_filters
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import Channel, Limits, WireError
from nbjudge.wire.known_types import Reference
from nbjudge.wire.side_effects import change, changed, item, pairs, snapshot

_MOST_WARNINGS = 100
_TRACEBACK = 4000


class CallFailed(BaseException):
    """A call that came to no end that a test may judge: the other side is gone, or talks nonsense.

    It is no `Exception`, so that ``pytest.raises(Exception)`` does not take it for an answer.
    """


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
        Whether this is the student's end. It may answer a module by its name, and tells where an
        exception was raised; the judge's would show the test's source by that.

    Attributes
    ----------
    failure : str or None
        Why a call came to no end that a test may judge, since this was last set to None.
    lost : bool
        Whether the two ends are out of step, so that nothing more can be asked.
    """

    def __init__(
        self, channel: Channel, lookup: Callable[[str], Any], *, student: bool = False
    ) -> None:
        self.channel = channel
        self.lookup = lookup
        self.student = student
        self.failure: str | None = None
        self.lost = False
        self._given: list[Callable] = []

    @property
    def limits(self) -> Limits:
        """What a frame may hold."""
        return self.channel.limits

    def forget(self) -> None:
        """Forget the callables given away so far: they cannot be called any more."""
        self._given.clear()

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
            encoder = Encoder(limits=self.limits)
            answer, blocks = self._ask(encoder.frame({"do": "name", "name": name}))
            module = answer.get("module")
            if isinstance(module, str):
                return types.ModuleType(module)
            value = Decoder(blocks, self._stand_in, self.limits).decode(answer.get("value"))
            self._check(answer, value)
        return self._outcome(answer, value)

    def call(self, target: int | str, args: tuple, kwargs: dict) -> Any:
        """Call something of the other end; changes to the arguments are made here too."""
        with self._failing():
            encoder = Encoder(self._reference, self.limits)
            message = {
                "do": "call",
                "target": target,
                "args": encoder.encode(args),
                "kwargs": encoder.encode(kwargs),
                "warnings": filters(),
                "errors": np.geterr(),
            }
            answer, blocks = self._ask(encoder.frame(message))
            decoder = Decoder(blocks, self._stand_in, self.limits, list(encoder.mutables))
            value = decoder.decode(answer.get("value"))
            changes = [
                (item(encoder.mutables, place), decoder.decode(node))
                for place, node in pairs(answer.get("changes"))
            ]
            for argument, contents in changes:
                change(argument, contents)
            raised = pairs(answer.get("warnings"))[:_MOST_WARNINGS]
            self._check(answer, value)
        for category, text in raised:
            warnings.warn(str(text), CATEGORIES.get(str(category), UserWarning), stacklevel=3)
        return self._outcome(answer, value)

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Turn whatever goes wrong on the line into a `CallFailed`, and remember it."""
        try:
            yield
        except Exception as error:  # nothing of the line's own may look like the student's answer
            self.failure = str(error) or type(error).__name__
            raise CallFailed(self.failure) from error

    @staticmethod
    def _check(answer: dict, value: Any) -> None:
        if answer.get("do") == "unusable":
            raise WireError(str(value))
        if answer.get("do") == "raise" and not isinstance(value, Exception):
            raise WireError("an exception that is none")

    @staticmethod
    def _outcome(answer: dict, value: Any) -> Any:
        if answer.get("do") == "return":
            return value
        where = answer.get("where")
        if isinstance(where, str) and where:
            value.add_note(where[:_TRACEBACK])
        raise value

    def _ask(self, frame: bytes) -> tuple[dict, list]:
        try:
            self.channel.send(frame)
            return self._wait()
        except BaseException:
            self.lost = True
            raise

    def _wait(self) -> tuple[dict, list]:
        """Serve calls until the answer to ours is there."""
        while True:
            message, blocks = self.channel.receive()
            if not isinstance(message, dict):
                raise WireError("a frame that is no message")
            if message.get("do") in ("return", "raise", "unusable"):
                return message, blocks
            self.answer(message, blocks)

    def _stand_in(self, reference: Reference) -> Callable:
        return self.stand_in(reference.number, reference.name)

    def stand_in(self, target: int | str, name: str) -> Callable:
        """Make a function that calls one of the other end, by its number or name."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(target, args, kwargs)

        stand_in.__name__ = stand_in.__qualname__ = name
        return stand_in

    # -- answering ------------------------------------------------------------------------------

    def answer(self, message: dict, blocks: list) -> None:
        """Answer one request.

        Raises
        ------
        WireError
            If it is none that this end knows.
        """
        if message.get("do") == "name":
            self._answer_name(message)
        elif message.get("do") == "call":
            self._answer_call(message, blocks)
        else:
            raise WireError("a request of an unknown kind")

    def _answer_name(self, message: dict) -> None:
        encoder = Encoder(self._reference, self.limits)
        try:
            value = self.lookup(str(message.get("name")))
            if self.student and isinstance(value, types.ModuleType):
                answer = {"do": "return", "module": value.__name__}
            else:
                answer = {"do": "return", "value": encoder.encode(value)}
            frame = encoder.frame(answer)
        except NameError as error:
            frame = encoder.frame({"do": "raise", "value": encoder.exception(error)})
        except BaseException as error:
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            text = f"{message.get('name')} is {what}"
            frame = Encoder(limits=self.limits).frame({"do": "unusable", "value": text})
        self.channel.send(frame)

    def _answer_call(self, message: dict, blocks: list) -> None:
        decoder = Decoder(blocks, self._stand_in, self.limits)
        recorded: list = []
        where = ""
        before: list = []
        try:
            args, kwargs = decoder.decode(message["args"]), decoder.decode(message["kwargs"])
            function = self._target(message.get("target"))
            before = [snapshot(value) for value in decoder.mutables]
            with (
                warnings.catch_warnings(record=True) as recorded,
                np.errstate(**error_state(message.get("errors"))),
            ):
                set_filters(message.get("warnings"))
                value, verb = function(*args, **kwargs), "return"
        except EOFError:
            raise
        except BaseException as error:  # whatever student code raises is the answer
            value, verb = error, "raise"
            where = _where(error) if self.student else ""
        self.channel.send(self._reply(verb, value, where, decoder.mutables, before, recorded))

    def _reply(self, verb, value, where, mutables, before, recorded) -> bytes:
        encoder = Encoder(self._reference, self.limits, list(mutables))
        try:
            message = {
                "do": verb,
                "value": encoder.encode(value),
                "changes": [
                    [place, encoder.contents(now)]
                    for place, (now, old) in enumerate(zip(mutables, before, strict=False))
                    if changed(now, old)
                ],
                "warnings": [
                    [w.category.__name__, str(w.message)] for w in recorded[:_MOST_WARNINGS]
                ],
                "where": where,
            }
            return encoder.frame(message)
        except BaseException as error:  # a student's value may raise whatever it is asked for
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            text = f"what came back cannot be judged: {what}"
            return Encoder(limits=self.limits).frame({"do": "unusable", "value": text})

    def _reference(self, function: Callable) -> int:
        self._given.append(function)
        return len(self._given) - 1

    def _target(self, target: Any) -> Callable:
        if isinstance(target, str):
            return self.lookup(target)
        if type(target) is int and 0 <= target < len(self._given):
            return self._given[target]
        raise WireError("a call of something that was never given")


def _where(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-8))[-_TRACEBACK:]
    except BaseException:  # an exception's message may raise as well
        return ""
