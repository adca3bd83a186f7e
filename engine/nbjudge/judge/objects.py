"""The proxies for the objects of a notebook's kernels: made, found again, and handed back."""

from __future__ import annotations

import abc
import functools
import sys
import types
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from nbjudge.judge.contract import Contract
from nbjudge.judge.errors import error_of_library
from nbjudge.judge.functions import RemoteFunction, RemoteMethod
from nbjudge.judge.iterators import RemoteIterator, items_only
from nbjudge.judge.proxies import (
    STATE,
    ProxyError,
    RemoteObject,
    RemoteType,
    description_of,
    remote_of,
)
from nbjudge.judge.remote import Description, Remote
from nbjudge.judge.special_methods import ALWAYS, METHODS
from nbjudge.judge.unexpected import Unexpected, number_of
from nbjudge.wire.codecs import codec_of
from nbjudge.wire.end import End
from nbjudge.wire.failures import CannotCross, Place
from nbjudge.wire.frames import WireError
from nbjudge.wire.iterators import ITERATORS
from nbjudge.wire.known_types import EXCEPTIONS, type_name
from nbjudge.wire.objects import EXTENDED
from nbjudge.wire.peer import Peer

_DESCRIPTORS: dict[tuple[str, str], type] = {
    ("builtins", kind.__name__): kind for kind in (property, staticmethod, classmethod)
}
"""What a class may hold, by module and name."""
_BUILTINS = [name for name, kind in EXTENDED.items() if kind.__module__ == "builtins"]


@functools.cache
def _shown_as(name: str, builtin: type) -> type:
    """Make the class that ``isinstance`` is told of an object whose class extends a builtin.

    A proxy cannot extend one: what is in C would take what such a proxy itself holds for its items.
    """
    return type(name, (builtin,), {"__module__": "__main__"})


class ObjectProxies:
    """The proxies for the objects of a notebook's kernels.

    Parameters
    ----------
    current : callable
        Returns the line to the kernel that there is now.
    code_of : callable
        Called with a function's name, returns its code as it was handed in, or None.

    Attributes
    ----------
    contract : Contract
        Of the test cell that runs.
    moved : set of str
        Names of the notebook that a test has bound or deleted.
    """

    def __init__(
        self, current: Callable[[], Peer], code_of: Callable[[str], types.CodeType | None]
    ) -> None:
        self.contract = Contract()
        self.code_of = code_of
        self._current = current
        self._kernel = 0
        self._objects: dict[int, RemoteObject] = {}
        self._classes: dict[int, RemoteType] = {}
        self._iterators: dict[int, RemoteType] = {}
        self._drawn: dict[int | str, int] = {}
        self.moved: set[str] = set()

    def new_kernel(self) -> None:
        """Forget the objects of a kernel whose place another has taken."""
        self._kernel += 1
        self._objects, self._classes, self._iterators, self._drawn = {}, {}, {}, {}
        self.moved.clear()

    # -- what the line asks for

    def stand_in(self, peer: End, place: Place, number: int | str, name: str) -> Any:
        """Return what stands for a function, by its number or, for a name, looked up each time."""
        return RemoteFunction(Remote(self, number, place, self._kernel), name)

    def by_name(self, name: str, found: Any) -> RemoteFunction:
        """Return what stands for the function that is under a name at the time of each call."""
        fixed = found._remote if type(found) is RemoteFunction else None
        return RemoteFunction(Remote(self, name, (name,), self._kernel), name, fixed)

    def of_object(
        self, peer: End, place: Place, number: int, of: int, name: str, depth: int
    ) -> Any:
        """Return what stands for an object, if it may come at this place."""
        inner = place if depth == 0 else tuple(f"{way}[]" for way in place)
        kind = self.of_class(peer, of)
        if not issubclass(kind, RemoteObject):
            raise WireError(f"a value of the type {name}")
        about, contract = description_of(kind), self.contract
        if contract.recording:
            contract.note_object(inner, about.name)
        elif not contract.allows(inner):
            if "__call__" in about.answers:
                return self.stand_in(peer, inner, number, name)  # compares as nothing but itself
            if (about.module, about.name) in ITERATORS:
                kind = self._iterator(of, about)
            else:
                try:
                    contract.check(inner, about.name)
                except WireError as error:
                    return Unexpected(number, partial(self._complain, error))
        found = self._objects.get(number)
        if found is None:
            found = self._objects[number] = object.__new__(kind)
            places = (inner[0] if inner else "", f"~{kind.__name__}")
            STATE.__set__(found, Remote(self, number, places, self._kernel))
        return found

    def missing(self, place: Place, name: str, depth: int) -> None:
        """Let a value that is missing in part pass, if the instructor's own may be."""
        inner = place if depth == 0 else tuple(f"{way}[]" for way in place)
        self.contract.check_missing(inner, name)

    def of_class(self, peer: End, number: int) -> type:
        """Return the class that stands for one of the student's."""
        found = self._classes.get(number)
        if found is None:
            remote = Remote(self, number, (), self._kernel)
            description = Description.of_data(remote.use("", "describe"))
            bases = remote.use("", "bases")
            if type(bases) is not list or len(bases) > 100:
                raise WireError("a class whose bases are none")
            own = [base for base in bases if isinstance(base, RemoteType)]
            found = self._classes[number] = self._make(number, description, own)
        return found

    def _make(self, number: int, description: Description, bases: list[RemoteType]) -> RemoteType:
        names: dict[str, Any] = {"__module__": "__main__", "__qualname__": description.name}
        names["_remote"] = Remote(self, number, (description.name,), self._kernel)
        names["_description"] = description
        if description.exception is not None:
            known = error_of_library(description) or EXCEPTIONS[description.exception]
            tops = [base for base in bases if issubclass(base, BaseException)] or [ProxyError]
            extends: list[type] = [
                *tops,
                *([] if any(issubclass(b, known) for b in tops) else [known]),
            ]
            names["_over_there"] = description.name
        else:
            names["__slots__"] = ()
            names.update({n: METHODS[n] for n in description.answers if n not in ALWAYS})
            extends = [base for base in bases if issubclass(base, RemoteObject)] or [RemoteObject]
        try:
            made = type.__new__(RemoteType, description.name, tuple(extends), names)
        except TypeError as error:  # bases that Python does not accept together
            raise WireError(f"a class that cannot be: {error}") from None
        for name in description.extends:
            if isinstance(EXTENDED[name], abc.ABCMeta):
                EXTENDED[name].register(made)
        return made

    def _iterator(self, number: int, about: Description) -> type:
        found = self._iterators.get(number)
        if found is None:
            found = self._make(number, items_only(about), [RemoteIterator])
            self._iterators[number] = found
        return found

    def _complain(self, error: WireError) -> NoReturn:
        """Say of an object that a test uses why it may not."""
        if isinstance(error, CannotCross):
            self._current().refuse(str(error))
        raise self._current().fail(str(error))

    def redescribe(self, kind: type) -> None:
        """Ask for a class once more, which a test has changed."""
        description = Description.of_data(remote_of(kind).use("", "describe"))
        type.__setattr__(kind, "_description", description)

    def class_of(self, proxy: Any) -> type:
        """Return the class that a proxy says it has: this side's own, where it is a library's.

        Nothing is imported for it, and what crosses by value is never the class of a proxy.
        """
        kind: type = type(proxy)
        description = description_of(kind)
        if description.module == "builtins":
            known = _DESCRIPTORS | ITERATORS
            return known.get(("builtins", description.name), kind)
        builtin = next((EXTENDED[name] for name in _BUILTINS if name in description.extends), None)
        if builtin is not None:
            return _shown_as(description.name, builtin)
        found: Any = sys.modules.get(description.module)
        if found is None or description.module == "__main__":
            return kind
        for part in description.qualname.split("."):
            found = vars(found).get(part) if isinstance(found, (type, types.ModuleType)) else None
        if not isinstance(found, type) or type_name(found) is not None:
            return kind
        if any(codec_of(base) or type_name(base) for base in found.__mro__):
            return kind
        return found

    def home(self, value: Any) -> int | str | None:
        """Return the number or name of what a proxy stands for."""
        kind = type(value)
        if kind is Unexpected:
            return number_of(value)
        if kind is RemoteFunction:
            fixed = value._fixed
            if fixed is not None and fixed.kernel == self._kernel:
                return fixed.number  # type: ignore[no-any-return]
            return value._remote.number  # type: ignore[no-any-return]
        if kind is RemoteMethod:
            return self.home(value.function())
        if isinstance(value, ProxyError):
            return value._number  # type: ignore[no-any-return]
        if kind is RemoteType or isinstance(kind, RemoteType):
            return remote_of(value).number
        return None

    def arrived(self, place: Place, value: Any) -> None:
        """Note, in the instructor's run, what came at a place."""
        if self.contract.recording and not isinstance(type(value), RemoteType):
            self.contract.note(place, "None" if value is None else type(value).__name__)

    # -- what proxies ask for

    def use(
        self,
        remote: Remote,
        place: Place,
        operation: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Do something with an object of the kernel, or call it."""
        return self._line(remote).call(remote.number, args, kwargs, place, operation)

    def ask_notebook(self, operation: str, *args: Any) -> Any:
        """Ask something of the notebook as a whole."""
        return self._current().call("", args, {}, (), operation)

    def refuse(self, reason: str) -> NoReturn:
        """Say that the test that runs now cannot be judged."""
        self._current().refuse(reason)

    def draw(self, remote: Remote, operation: str, name: str, *args: Any, **kwargs: Any) -> Any:
        """Draw an item from an iterator, unless it never ends."""
        count = self._drawn[remote.number] = self._drawn.get(remote.number, 0) + 1
        if not self.contract.draw(remote.place, count):
            raise self._line(remote).fail(
                f"{remote.place[0]} gives more than {count - 1} items, "
                "many more than the instructor's"
            )
        place = remote.further(f".{name}()")
        return self._line(remote).call(
            remote.number, (name, *args), kwargs, place, operation, stops=True
        )

    def _line(self, remote: Remote) -> Peer:
        """Return the line to the kernel that has an object; a name is looked up in any."""
        current = self._current()
        if remote.kernel != self._kernel and type(remote.number) is not str:
            current.refuse("an object that an earlier test kept, of a kernel that was lost")
        return current
