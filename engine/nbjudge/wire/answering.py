"""What one end does with the other's requests: look up a name, call a function, answer.

A call runs under the caller's warning filters and floating-point errors. The answer carries the
value or the exception, the new contents of the arguments that were changed in place, and the
warnings that were raised.
"""

from __future__ import annotations

import contextlib
import itertools
import traceback
import types
import warnings
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from functools import partial
from typing import Any, NoReturn
from weakref import WeakKeyDictionary

import numpy as np

from nbjudge.wire.conditions import WarningFilters, read_error_state
from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import HEAP_TYPE, Encoder
from nbjudge.wire.failures import NotHandedOver
from nbjudge.wire.frames import Limits, WireError
from nbjudge.wire.kept import Kept
from nbjudge.wire.objects import OPERATIONS, Objects, Stopped
from nbjudge.wire.side_effects import is_changed, snapshot
from nbjudge.wire.surroundings import Surroundings

MOST_WARNINGS = 100
LONGEST_TRACEBACK = 4000


class LentObject:
    """What stands for an object of the other end that can be called: it is called, and no more.

    Parameters
    ----------
    function : callable
        Calls it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__name__ = self.__qualname__ = function.__name__
        self.__module__ = "__main__"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __getattr__(self, name: str) -> NoReturn:
        if name[:1] == "_":  # what Python and libraries ask of anything
            raise AttributeError(name)
        raise NotHandedOver(
            f"an argument cannot be handed over: the attribute {name} of a test's {self.__name__}"
        )


_BORROWED = (types.FunctionType, LentObject)


class Answerer:
    """Answer requests of the other end.

    Parameters
    ----------
    lookup : callable
        Called with a name, returns what the other end may see or call under it, or raises
        NameError.
    limits : Limits
        What a frame may hold.
    decoder : callable
        Called with the blocks of a frame, returns what decodes its values.
    objects : Objects, optional
        Of the student's end: what the judge may use by number.
    names : mutable mapping, optional
        Of the student's end: the notebook's global names.
    """

    def __init__(
        self,
        lookup: Callable[[str], Any],
        limits: Limits,
        decoder: Callable[[list[bytes]], Decoder],
        objects: Objects | None = None,
        names: MutableMapping[str, Any] | None = None,
    ) -> None:
        self.lookup = lookup
        self.limits = limits
        self.objects = objects
        self.kept = Kept()
        self.surroundings = Surroundings(names)
        self._decoder = decoder
        self._lent: dict[int, Callable[..., Any]] = {}
        # What stands here for functions of the other end, with their numbers, to go home as such.
        self.borrowed: WeakKeyDictionary[Callable[..., Any], int] = WeakKeyDictionary()
        self._numbers = itertools.count()

    def forget(self) -> None:
        """Take back the functions that were lent so far: they cannot be called any more."""
        self._lent.clear()
        self.kept.clear()

    def encoder(self, mutables: list[Any] | None = None, *, keeps: bool = False) -> Encoder:
        """Return what encodes an answer."""
        kept, home = self.kept if keeps else None, self._number_over_there
        return Encoder(self.lend, self.limits, mutables or [], self.objects, home, kept)

    def lend(self, function: Callable[..., Any]) -> int:
        """Return the number by which the other end may call a function, until it is taken back."""
        number = next(self._numbers)
        self._lent[number] = function
        return number

    def _number_over_there(self, value: Any) -> int | None:
        return self.borrowed.get(value) if type(value) in _BORROWED else None

    def lent(self, number: Any) -> Callable[..., Any]:
        """Return the function that was lent under a number, come home."""
        if type(number) is not int or number not in self._lent:
            raise WireError("a function that was not lent, or was taken back")
        return self._lent[number]

    def _take_limits(self, message: dict[str, Any]) -> None:
        """Take what the judge's side lets a value hold, where a course has set it."""
        given = message.get("limits")
        if given is not None and self.objects is not None:
            self.limits = replace(self.limits, block_bytes=given[0], depth=given[1])

    def own(self, place: Any) -> Any:
        """Return the object of this end that the other end names or numbers."""
        if isinstance(place, str):
            return self.lookup(place)
        if self.objects is not None:
            return self.objects.at(place)
        raise WireError("an object that was never handed over")

    def answer_name(self, message: dict[str, Any]) -> bytes:
        """Answer what there is under a name."""
        self._take_limits(message)
        keeps = self.objects is not None and message.get("keeps") is True
        encoder, call = self.encoder(keeps=keeps), message.get("call")
        try:
            value = self.lookup(str(message.get("name")))
            if self.objects is not None and isinstance(value, types.ModuleType):
                answer = {"do": "return", "call": call, "module": value.__name__}
                answer["number"] = self.objects.number(value)
            else:
                answer = {"do": "return", "call": call, "value": encoder.encode(value)}
                if keeps:
                    answer["kept"] = self.kept.next
                    self.kept.add(self.kept.next, encoder.mutables)
            return encoder.frame(answer)
        except NameError as error:
            value = encoder.exception(error)
            return encoder.frame({"do": "raise", "call": call, "value": value})
        except BaseException as error:
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            return self._unusable(call, f"{message.get('name')} is {what}")

    def answer_call(self, message: dict[str, Any], blocks: list[bytes]) -> bytes:
        """Call what the other end asks for, and answer with what comes of it."""
        self._take_limits(message)
        decoder = self._decoder(blocks)
        recorded: list[warnings.WarningMessage] = []
        where = ""
        before: list[Any] = []
        left: dict[str, Any] | None = None
        keeps = self.objects is not None and message.get("keeps") is True
        try:
            self.kept.take(decoder, message.get("writes"))
            around = decoder.decode(message["around"]) if message.get("around") else None
            args, kwargs = decoder.decode(message["args"]), decoder.decode(message["kwargs"])
            function = self._target(message)
            before = [snapshot(value) for value in decoder.mutables]
            # Without a state of the test's own, what the function sets holds on.
            state = read_error_state(message.get("errors"))
            with (
                warnings.catch_warnings(record=True) as recorded,
                np.errstate(**state) if state else contextlib.nullcontext(),
                contextlib.nullcontext()
                if around is None or self.objects is None
                else self.surroundings.around(around) as left,
            ):
                WarningFilters.apply(message.get("warnings"))
                value, verb = function(*args, **kwargs), "return"
        except Stopped as stop:
            value, verb = stop.value, "stop"
        except NotHandedOver as error:
            return self._unusable(message.get("call"), str(error))
        except BaseException as error:  # whatever student code raises is the answer
            value, verb = error, "raise"
            where = _where(error) if self.objects is not None else ""
        answer = {"do": verb, "call": message.get("call"), "where": where}
        if left:
            answer["left"] = left
        if keeps and message.get("operation") is not None:
            answer["kept"] = self.kept.next
        arguments = list(zip(decoder.mutables, before, strict=False))
        views = [
            (place, argument)
            for place, argument in enumerate(decoder.mutables)
            if type(argument) is np.ndarray
            and not argument.dtype.hasobject
            and id(argument) not in decoder.strided
        ]
        return self._reply(answer, value, arguments, recorded, views, keeps=keeps)

    def _reply(
        self,
        answer: dict[str, Any],
        value: Any,
        arguments: list[tuple[Any, Any]],
        recorded: list[warnings.WarningMessage],
        views: list[tuple[int, np.ndarray]],
        *,
        keeps: bool,
    ) -> bytes:
        encoder = self.encoder([now for now, _ in arguments], keeps=keeps)
        encoder.views = views if self.objects is not None else []
        try:
            answer["value"] = encoder.encode(value)
            encoder.views = []
            if answer["do"] == "raise" and type(value).__flags__ & HEAP_TYPE:
                with contextlib.suppress(BaseException):  # then it has no words
                    answer["said"] = str(value)[:LONGEST_TRACEBACK]
            cause = value.__cause__ if answer["do"] == "raise" else None
            if self.objects is not None and isinstance(cause, Exception):
                answer["cause"] = encoder.exception(cause)
            if "kept" in answer:
                self.kept.add(answer["kept"], encoder.mutables[len(arguments) :])
            if "left" in answer:
                answer["left"] = encoder.encode(answer["left"])
            answer["changes"] = [
                [place, encoder.state(now)]
                for place, (now, old) in enumerate(arguments)
                if is_changed(now, old)
            ]
            if keeps:
                answer["writes"] = self.kept.give(encoder)
            answer["warnings"] = [
                [w.category.__name__, str(w.message)] for w in recorded[:MOST_WARNINGS]
            ]
            return encoder.frame(answer)
        except BaseException as error:  # a student's value may raise whatever it is asked for
            what = str(error) if isinstance(error, WireError) else type(error).__name__
            return self._unusable(answer["call"], f"what came back cannot be judged: {what}")

    def _unusable(self, call: Any, what: str) -> bytes:
        return Encoder(limits=self.limits).frame({"do": "unusable", "call": call, "value": what})

    def _target(self, message: dict[str, Any]) -> Callable[..., Any]:
        target, operation = message.get("target"), message.get("operation")
        if operation in ("global_names", "import_names", "changed_files"):
            return getattr(self.surroundings, operation)  # type: ignore[no-any-return]
        if operation is not None and operation in OPERATIONS and self.objects is not None:
            return partial(OPERATIONS[operation], self.own(target))
        if self.objects is not None:
            return self.own(target)  # type: ignore[no-any-return]
        if type(target) is int and target in self._lent:
            return self._lent[target]
        if isinstance(target, str):
            return self.lookup(target)  # type: ignore[no-any-return]
        raise WireError("a call of a function that was not lent, or was taken back")


def _where(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(error, limit=-8))[-LONGEST_TRACEBACK:]
    except BaseException:  # an exception's message may raise as well
        return ""
