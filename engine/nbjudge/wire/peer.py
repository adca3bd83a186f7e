"""Calls over a socket, in both directions and nested: what the judge and a student's kernel share.

Each side is a `Peer`. A call carries its arguments, the test's own warning filters and numpy's
floating-point error state where the test changed it; the answer carries the value or the exception,
the new contents of the arguments that were changed in place, and the warnings that were raised.
While a side waits for its answer it serves the calls of the other: that is how a test's ``lambda``
reaches a student's function. `nbjudge.wire.line` keeps the calls of several threads apart.
"""

from __future__ import annotations

import contextlib
import os
import types
import warnings
from collections.abc import Iterator
from typing import Any

from nbjudge.wire.answering import LONGEST_TRACEBACK, MOST_WARNINGS
from nbjudge.wire.conditions import CATEGORIES, changed_error_state
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.end import End
from nbjudge.wire.failures import (
    CalledInFork,
    CallFailed,
    CannotCross,
    Failure,
    Place,
)
from nbjudge.wire.frames import WireError
from nbjudge.wire.known_types import RemoteError
from nbjudge.wire.line import MAIN_CHAIN, LineBroken, Message
from nbjudge.wire.side_effects import argument_at, assign, list_of_pairs

_DEEPEST_CALL = 50
"""Calls that may be nested from one side to the other and back; each takes about twelve frames."""


class _Interrupted(BaseException):
    """A signal handler of the test raised `error` while it waited for an answer."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Peer(End):
    """One end of the line that asks as well."""

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
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
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
                    "around": self._surroundings(encoder),
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
            arrived = decoder.mutables[len(encoder.mutables) :]
            cause = decoder.decode(answer["cause"]) if "cause" in answer else None
            left = decoder.decode(answer["left"]) if "left" in answer else None
            self._keep(answer, arrived)
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
        if left and self._around is not None:
            self._around.after(left)
        for category, text in raised:
            # Not with the place of the call: it would be quoted, and may be hidden from students.
            kind = CATEGORIES.get(str(category), UserWarning)
            warnings.warn_explicit(str(text), kind, "notebook", 0, "__main__", self._shown)
        if answer.get("do") == "raise":  # then it is an exception
            value.__cause__ = cause if isinstance(cause, Exception) else None
            if isinstance(value, RemoteError) and type(answer.get("said")) is str:
                value._words = answer["said"]
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
    def _check(answer: dict[str, Any], value: Any, *, stops: bool = False) -> None:
        if answer.get("do") == "unusable":
            raise CannotCross(str(value))
        if answer.get("do") == "raise" and not isinstance(value, Exception):
            raise WireError("an error that is not an exception")
        if answer.get("do") == "stop" and not stops:
            raise WireError("the end of an iterator that nothing was drawn from")

    @staticmethod
    def _outcome(answer: dict[str, Any], value: Any) -> Any:
        if answer.get("do") == "return":
            return value
        if answer.get("do") == "stop":
            raise StopIteration(value)
        where = answer.get("where")
        if isinstance(where, str) and where:
            value.add_note(where[:LONGEST_TRACEBACK])
        raise value

    def _ask(self, encoder: Encoder, message: dict[str, Any]) -> Message:
        """Send a request and serve the other end's calls until the answer is there."""
        if self._given_up:
            raise CannotCross("the notebook is still busy with a call that the test gave up")
        chain = self._chain()
        number = self._line.open_call(chain)
        try:
            frame = encoder.frame({**message, **self._limits, "call": number, "chain": chain})
        except WireError as error:
            self._line.close_call(number)
            raise CannotCross(f"an argument cannot be handed over: {error}") from error
        except BaseException:
            self._line.close_call(number)
            raise
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

    def _surroundings(self, encoder: Encoder) -> list[Any] | None:
        if self._around is None:
            return None
        wanted = self._around.before()
        return encoder.encode(wanted) if wanted else None

    def _keeps(self) -> bool:
        """Whether values are kept on both sides: for the judge's main thread."""
        return not self.student and self._chain() == MAIN_CHAIN

    def _keep(self, answer: dict[str, Any], values: list[Any]) -> None:
        start = answer.get("kept")
        if type(start) is int and start >= 0:
            self._kept.add(start, values)

    def _note(self, place: Place, answer: dict[str, Any], value: Any) -> None:
        if self._proxies is not None and answer.get("do") == "return":
            self._proxies.arrived(place, value)
