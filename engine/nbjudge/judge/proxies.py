"""What stands in the judge for the student's objects, classes and exceptions.

A proxy is an instance of a class that is made here and does nothing but ask the kernel. What comes
back is plain data or again an object, and then the contract of the test cell decides whether an
object may come at that place (`nbjudge.judge.contract`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from nbjudge.judge.functions import RemoteMethod
from nbjudge.judge.remote import Description, Remote, fields_of, is_probe, signature_of
from nbjudge.wire.known_types import RemoteError
from nbjudge.wire.objects import SPECIAL_METHODS


def remote_of(proxy: Any) -> Remote:
    """Return what a proxy of an object or a class knows."""
    kind = type(proxy)
    if issubclass(kind, type):
        return type.__getattribute__(proxy, "__dict__")["_remote"]  # type: ignore[no-any-return]
    return STATE.__get__(proxy)  # type: ignore[no-any-return]


def description_of(kind: type) -> Description:
    return type.__getattribute__(kind, "__dict__")["_description"]  # type: ignore[no-any-return]


def stands_for(proxy: type, kind: type) -> bool:
    """Whether a class of the kernel's is, by its own words, one of a library."""
    if not isinstance(proxy, RemoteType):
        return False
    about = description_of(proxy)
    return (about.module, about.qualname) == (kind.__module__, kind.__qualname__)


# -- classes --------------------------------------------------------------------------------------

_OF_TYPES = frozenset((
    "__class__", "__mro__", "__bases__", "__base__", "__name__", "__qualname__", "__module__",
    "__subclasses__", "mro", "__instancecheck__", "__subclasscheck__", "__call__", "__dict__",
    "__dictoffset__", "__new__", "__prepare__", "__type_params__", "__text_signature__",
    "__hash__", "__eq__", "__or__", "__ror__", "__repr__", "__copy__", "__deepcopy__",
))  # fmt: skip
"""What Python asks of any class, and what says nothing of the student's."""


_IS_ABSTRACT = inspect.TPFLAGS_IS_ABSTRACT
_ANCESTRY = frozenset({"__mro__", "__bases__", "__base__", "mro"})


def _ancestry(kind: type, name: str) -> Any:
    """Say what a class extends, without what the judge's own classes have between."""
    extended = type.__getattribute__(kind, "__bases__" if "base" in name else "__mro__")
    kept = tuple(each for each in extended if not _is_judges(each)) or (object,)
    if name == "mro":
        return lambda: list(kept)
    return kept[0] if name == "__base__" else kept


def _is_judges(kind: type) -> bool:
    names = type.__getattribute__(kind, "__dict__")
    return (isinstance(kind, RemoteType) and "_remote" not in names) or kind is RemoteError


class RemoteType(type):
    """The type of classes that stand for the student's."""

    def __new__(mcs, name: str, bases: tuple[type, ...], names: dict[str, Any], **_: Any) -> Any:
        for base in bases:
            if "_remote" in type.__getattribute__(base, "__dict__"):
                remote_of(base).proxies.refuse(
                    f"{name}, a class of the test, extends {base.__name__}, one of the notebook"
                )
        return type.__new__(mcs, name, bases, names)

    def __getattribute__(cls, name: str) -> Any:
        if "_remote" not in type.__getattribute__(cls, "__dict__"):
            return type.__getattribute__(cls, name)
        if name in _ANCESTRY:
            return _ancestry(cls, name)
        if name in _OF_TYPES:
            return type.__getattribute__(cls, name)
        if name == "__dataclass_fields__":
            return fields_of(remote_of(cls))
        if name == "__flags__":
            abstract = getattr(cls, "__abstractmethods__", ())
            return type.__getattribute__(cls, name) | (_IS_ABSTRACT if abstract else 0)
        if name == "__signature__":
            return signature_of(remote_of(cls))
        if is_probe(name):
            raise AttributeError(name)
        return remote_of(cls).use(f".{name}", "get", name)

    def __setattr__(cls, name: str, value: Any) -> None:
        remote_of(cls).use(f".{name}=", "set", name, value)
        remote_of(cls).proxies.redescribe(cls)

    def __delattr__(cls, name: str) -> None:
        remote_of(cls).use(f".{name}=", "delete", name)
        remote_of(cls).proxies.redescribe(cls)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return remote_of(cls).use("()", None, *args, **kwargs)

    def __dir__(cls) -> list[str]:
        return remote_of(cls).use(".__dir__()", "dir")  # type: ignore[no-any-return]

    def __bool__(cls) -> bool:
        return True

    def __iter__(cls) -> Iterator[Any]:
        return iter(remote_of(cls).use(".__iter__()", "iter"))

    def __len__(cls) -> int:
        return remote_of(cls).use(".__len__()", "len")  # type: ignore[no-any-return]

    def __getitem__(cls, key: Any) -> Any:
        return remote_of(cls).use(".__getitem__()", "item", key)

    def __contains__(cls, key: Any) -> bool:
        return remote_of(cls).use(".__contains__()", "contains", key)  # type: ignore[no-any-return]


# -- instances ------------------------------------------------------------------------------------


class RemoteObject(metaclass=RemoteType):
    """The base of the classes of proxies."""

    __slots__ = ("__weakref__", "_state")

    def __getattribute__(self, name: str) -> Any:
        remote: Remote = STATE.__get__(self)
        if name[:2] == "__":
            if name == "__class__":
                return remote.proxies.class_of(self)
            if name in SPECIAL_METHODS and name in type.__getattribute__(type(self), "__dict__"):
                return object.__getattribute__(self, name)
            if name == "__dict__":
                return remote.use(".__dict__", "vars")
            if name == "__signature__":
                return signature_of(remote)
            if name == "__dataclass_fields__":
                return fields_of(remote)
            if is_probe(name):
                raise AttributeError(name)
            if name in _OF_OBJECTS:
                return object.__getattribute__(self, name)
        elif name in description_of(type(self)).methods:
            return RemoteMethod(remote, name)
        return remote.use(f".{name}", "get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        STATE.__get__(self).use(f".{name}=", "set", name, value)

    def __delattr__(self, name: str) -> None:
        STATE.__get__(self).use(f".{name}=", "delete", name)

    def __dir__(self) -> list[str]:
        return STATE.__get__(self).use(".__dir__()", "dir")  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> Any:
        return _compare(self, "__eq__", other)

    def __ne__(self, other: object) -> Any:
        result = _compare(self, "__ne__", other)
        if result is not NotImplemented or "__ne__" in description_of(type(self)).answers:
            return result
        equal = _compare(self, "__eq__", other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        remote, answers = STATE.__get__(self), description_of(type(self)).answers
        if "__hash__" in answers:
            return remote.use(".__hash__()", "special", "__hash__")  # type: ignore[no-any-return]
        if "__eq__" in answers and remote.proxies.contract.knows(remote.further(".__eq__()")):
            raise TypeError(f"unhashable type: {type(self).__name__!r}")
        return id(self)

    def __repr__(self) -> str:
        return _text(self, "__repr__", lambda: f"<{type(self).__name__} object of the notebook>")

    def __str__(self) -> str:
        return _text(self, "__str__", lambda: RemoteObject.__repr__(self))

    def __format__(self, spec: str) -> str:
        if "__format__" in description_of(type(self)).answers:
            return STATE.__get__(self).use(  # type: ignore[no-any-return]
                ".__format__()", "special", "__format__", spec
            )
        return format(str(self), spec)

    def __copy__(self) -> Any:
        return STATE.__get__(self).use(".__copy__()", "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return STATE.__get__(self).use(".__copy__()", "deepcopy")


STATE: Any = type.__getattribute__(RemoteObject, "__dict__")["_state"]
_OF_OBJECTS = frozenset(
    {"__eq__", "__ne__", "__hash__", "__repr__", "__str__", "__format__", "__dir__"}
    | {"__copy__", "__deepcopy__", "__init__", "__new__", "__setattr__", "__delattr__"}
    | {"__getattribute__", "__init_subclass__", "__subclasshook__", "__sizeof__"}
)


def _compare(proxy: RemoteObject, name: str, other: object) -> Any:
    """Ask the student's class where the instructor's own answered; otherwise it is identity."""
    remote, contract = STATE.__get__(proxy), STATE.__get__(proxy).proxies.contract
    step = f".{name}()"
    if name in description_of(type(proxy)).answers and (
        contract.recording or contract.knows(remote.further(step))
    ):
        return remote.use(step, "special", name, other)
    return True if name == "__eq__" and proxy is other else NotImplemented


def _text(proxy: RemoteObject, name: str, otherwise: Callable[[], str]) -> str:
    if name in description_of(type(proxy)).answers:
        return STATE.__get__(proxy).use(  # type: ignore[no-any-return]
            f".{name}()", "special", name
        )
    return otherwise()


class ProxyError(RemoteError, metaclass=RemoteType):
    """The base of classes that stand for a student's own exceptions."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_number":
            raise AttributeError(name)
        remote = remote_of(type(self))
        own = Remote(remote.proxies, self._number, (f"~{type(self).__name__}",), remote.kernel)
        return own.use(f".{name}", "get", name)

    def __str__(self) -> str:
        return Exception.__str__(self) if self._words is None else self._words
