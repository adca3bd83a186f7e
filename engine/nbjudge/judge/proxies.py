"""What stands in the judge for the student's objects, classes, functions and exceptions.

A proxy is an instance of a class that is made here and does nothing but ask the kernel. What comes
back is plain data or again an object, and then the contract of the test cell decides whether an
object may come at that place (`nbjudge.judge.contract`).
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from nbjudge.judge.contract import Contract, extend
from nbjudge.wire.codecs import codec_of
from nbjudge.wire.frames import WireError
from nbjudge.wire.known_types import EXCEPTIONS, RemoteError, type_name
from nbjudge.wire.objects import SPECIAL_METHODS
from nbjudge.wire.peer import Peer, Place

ITERATORS = {
    kind.__name__: kind
    for kind in (
        *(types.GeneratorType, map, zip, filter, enumerate, reversed),
        *(type(iter(value)) for value in ([], (), {}, set(), "", b"", range(0), {}.values())),
        *(type(iter({}.items())), type(reversed([]))),
    )
}
"""Iterators of Python itself: they compare as nothing but themselves, so they need no contract."""


class Remote(NamedTuple):
    """What a proxy knows of the object that it stands for.

    Attributes
    ----------
    proxies : ObjectProxies
        Which made it.
    number : int
        The object's, on the kernel's side.
    place : Place
        Where it first came.
    kernel : int
        Which of the notebook's kernels has it.
    """

    proxies: ObjectProxies
    number: int | str
    place: Place
    kernel: int

    def use(self, step: str, operation: str | None, *args: Any, **kwargs: Any) -> Any:
        """Do something with the object; the result stands one step further."""
        return self.proxies.use(self, self.further(step), operation, args, kwargs)

    def further(self, step: str) -> Place:
        """Return the place one step further."""
        return tuple(extend(way, step) for way in self.place)


class Description(NamedTuple):
    """A class of the student's, as its kernel describes it.

    Attributes
    ----------
    name, module : str
        As it says.
    qualname : str
        As it says.
    exception : str or None
        The nearest known exception that it extends.
    answers : frozenset of str
        The special methods that it has.
    methods : frozenset of str
        Its other methods, as far as they are plain functions.
    """

    name: str
    qualname: str
    module: str
    exception: str | None
    answers: frozenset[str]
    methods: frozenset[str]

    @classmethod
    def of_data(cls, data: Any) -> Description:
        """Read what the kernel says, which is a student's word."""
        try:
            texts = [data[key] for key in ("name", "qualname", "module")]
            lists = [data[key] for key in ("answers", "methods")]
        except (TypeError, KeyError):
            raise WireError("a class that is not described") from None
        names = [name for found in lists if type(found) is list for name in found]
        if not all(type(text) is str and len(text) <= 1000 for text in (*texts, *names)):
            raise WireError("a class that is not described")
        exception = data.get("exception")
        return cls(
            texts[0] if texts[0].isidentifier() else "Object",
            texts[1],
            texts[2],
            exception if exception in EXCEPTIONS else None,
            SPECIAL_METHODS.intersection(lists[0]),
            frozenset(lists[1]),
        )


def remote_of(proxy: Any) -> Remote:
    """Return what a proxy of an object or a class knows."""
    kind = type(proxy)
    if issubclass(kind, type):
        return type.__getattribute__(proxy, "__dict__")["_remote"]  # type: ignore[no-any-return]
    return _STATE.__get__(proxy)  # type: ignore[no-any-return]


def _description(kind: type) -> Description:
    return type.__getattribute__(kind, "__dict__")["_description"]  # type: ignore[no-any-return]


# -- classes --------------------------------------------------------------------------------------

_OF_TYPES = frozenset(
    {"__class__", "__mro__", "__bases__", "__base__", "__name__", "__qualname__", "__subclasses__"}
    | {"__module__", "__instancecheck__", "__subclasscheck__", "__call__", "__dict__", "mro"}
    | {"__abstractmethods__", "__new__", "__init__", "__flags__", "__hash__", "__eq__", "__repr__"}
    | {
        "__prepare__",
        "__dictoffset__",
        "__type_params__",
        "__or__",
        "__ror__",
        "__text_signature__",
    }
)
"""What Python asks of any class, and what says nothing of the student's."""


class RemoteType(type):
    """The type of classes that stand for the student's."""

    def __getattribute__(cls, name: str) -> Any:
        if name in _OF_TYPES or "_remote" not in type.__getattribute__(cls, "__dict__"):
            return type.__getattribute__(cls, name)
        if name == "__signature__":
            return _signature(remote_of(cls))
        if _is_probe(name):
            raise AttributeError(name)
        remote = remote_of(cls)
        if name in _description(cls).methods:
            return remote.proxies.function_at(remote, name)
        return remote.use(f".{name}", "get", name)

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

    def __iter__(cls) -> Iterator:
        return iter(remote_of(cls).use(".__iter__()", "iter"))

    def __len__(cls) -> int:
        return remote_of(cls).use(".__len__()", "len")  # type: ignore[no-any-return]

    def __getitem__(cls, key: Any) -> Any:
        return remote_of(cls).use(".__getitem__()", "item", key)

    def __contains__(cls, key: Any) -> bool:
        return remote_of(cls).use(".__contains__()", "contains", key)  # type: ignore[no-any-return]


def _is_probe(name: str) -> bool:
    """Whether a library asks for something under a name that answers no test."""
    return (
        name.startswith(("__array", "_repr_", "_ipython_", "__cupy", "__dask", "__jax", "__torch"))
        or name in ("__objclass__", "__wrapped__", "__set_name__", "__isabstractmethod__")
        or name in ("__reduce__", "__reduce_ex__", "__getstate__", "__getnewargs_ex__", "__get__")
    )


# -- instances ------------------------------------------------------------------------------------


class RemoteObject(metaclass=RemoteType):
    """The base of the classes of proxies."""

    __slots__ = ("__weakref__", "_state")

    def __getattribute__(self, name: str) -> Any:
        remote: Remote = _STATE.__get__(self)
        if name[:2] == "__":
            if name == "__class__":
                return remote.proxies.class_of(self)
            if name in SPECIAL_METHODS and name in type.__getattribute__(type(self), "__dict__"):
                return object.__getattribute__(self, name)
            if name == "__dict__":
                return remote.use(".__dict__", "vars")
            if name == "__signature__":
                return _signature(remote)
            if _is_probe(name):
                raise AttributeError(name)
            if name in _OF_OBJECTS:
                return object.__getattribute__(self, name)
        elif name in _description(type(self)).methods:
            return RemoteMethod(remote, name)
        return remote.use(f".{name}", "get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _STATE.__get__(self).use(f".{name}=", "set", name, value)

    def __delattr__(self, name: str) -> None:
        _STATE.__get__(self).use(f".{name}=", "delete", name)

    def __dir__(self) -> list[str]:
        return _STATE.__get__(self).use(".__dir__()", "dir")  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> Any:
        return _compare(self, "__eq__", other)

    def __ne__(self, other: object) -> Any:
        result = _compare(self, "__ne__", other)
        if result is not NotImplemented or "__ne__" in _description(type(self)).answers:
            return result
        equal = _compare(self, "__eq__", other)
        return equal if equal is NotImplemented else not equal

    def __hash__(self) -> int:
        remote, answers = _STATE.__get__(self), _description(type(self)).answers
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
        if "__format__" in _description(type(self)).answers:
            return _STATE.__get__(self).use(  # type: ignore[no-any-return]
                ".__format__()", "special", "__format__", spec
            )
        return format(str(self), spec)

    def __copy__(self) -> Any:
        return _STATE.__get__(self).use(".__copy__()", "copy")

    def __deepcopy__(self, memo: object) -> Any:
        return _STATE.__get__(self).use(".__copy__()", "deepcopy")


_STATE: Any = type.__getattribute__(RemoteObject, "__dict__")["_state"]
_OF_OBJECTS = frozenset(
    {"__eq__", "__ne__", "__hash__", "__repr__", "__str__", "__format__", "__dir__"}
    | {"__copy__", "__deepcopy__", "__init__", "__new__", "__setattr__", "__delattr__"}
    | {"__getattribute__", "__init_subclass__", "__subclasshook__", "__sizeof__"}
)


def _compare(proxy: RemoteObject, name: str, other: object) -> Any:
    """Ask the student's class where the instructor's own answered; otherwise it is identity."""
    remote, contract = _STATE.__get__(proxy), _STATE.__get__(proxy).proxies.contract
    step = f".{name}()"
    if name in _description(type(proxy)).answers and (
        contract.recording or contract.knows(remote.further(step))
    ):
        return remote.use(step, "special", name, other)
    return True if name == "__eq__" and proxy is other else NotImplemented


def _text(proxy: RemoteObject, name: str, otherwise: Callable[[], str]) -> str:
    if name in _description(type(proxy)).answers:
        return _STATE.__get__(proxy).use(  # type: ignore[no-any-return]
            f".{name}()", "special", name
        )
    return otherwise()


def _special_method(name: str) -> Callable:
    step = f".{name}()"

    def method(self: RemoteObject, *args: Any, **kwargs: Any) -> Any:
        return _STATE.__get__(self).use(step, "special", name, *args, **kwargs)

    method.__name__ = name
    return method


def _next(self: RemoteObject) -> Any:
    remote: Remote = _STATE.__get__(self)
    return remote.proxies.draw(remote, "special", "__next__")


def _iter(self: RemoteObject) -> Any:
    if "__next__" in _description(type(self)).answers and type(self).__name__ in ITERATORS:
        return self
    return _STATE.__get__(self).use(".__iter__()", "special", "__iter__")


def _await(self: RemoteObject) -> Any:
    yield from ()
    return _STATE.__get__(self).use(".__await__()", "special", "__await__")


def _array(self: RemoteObject, *_: Any, **__: Any) -> Any:
    return _STATE.__get__(self).use(".__array__()", "special", "__array__")


_METHODS = {
    **{name: _special_method(name) for name in SPECIAL_METHODS},
    "__next__": _next,
    "__iter__": _iter,
    "__await__": _await,
    "__array__": _array,
}
_ALWAYS = ("__eq__", "__ne__", "__hash__", "__repr__", "__str__", "__format__")


class ProxyError(RemoteError, metaclass=RemoteType):
    """The base of classes that stand for a student's own exceptions."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_number":
            raise AttributeError(name)
        remote = remote_of(type(self))
        own = Remote(remote.proxies, self._number, (f"~{type(self).__name__}",), remote.kernel)
        return own.use(f".{name}", "get", name)

    def __str__(self) -> str:
        return Exception.__str__(self)


# -- functions ------------------------------------------------------------------------------------


class RemoteFunction:
    """A function of the student's: called, looked at by `inspect`, and handed back as itself.

    Parameters
    ----------
    remote : Remote
        What it stands for: a number, or the name under which it is looked up at each call.
    name : str
        Its name.
    """

    def __init__(self, remote: Remote, name: str) -> None:
        put = object.__setattr__
        put(self, "_remote", remote)
        put(self, "_result", remote.further("()"))
        put(self, "__name__", name)
        put(self, "__qualname__", name)
        put(self, "__module__", "__main__")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        remote = self._remote
        return remote.proxies.use(remote, self._result, None, args, kwargs)

    @property
    def __class__(self) -> Any:
        return types.FunctionType

    @property
    def __code__(self) -> types.CodeType:
        code = self._remote.proxies.code_of(self.__name__)
        if code is None:
            raise AttributeError("__code__")
        return code

    @property
    def __globals__(self) -> dict[str, Any]:
        return {}

    @property
    def __signature__(self) -> inspect.Signature:
        return _signature(self._remote)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._asked("__doc__")

    @property
    def __dict__(self) -> Any:
        return self._asked("__dict__")

    def __getattr__(self, name: str) -> Any:
        if _is_probe(name) and name != "__wrapped__":
            raise AttributeError(name)
        if name in ("__closure__", "__func__", "__self__", "__file__"):
            raise AttributeError(name)
        return self._asked(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._remote.use(f".{name}=", "set", name, value)

    def _asked(self, name: str) -> Any:
        return self._remote.use(f".{name}", "get", name)

    def __reduce__(self) -> str:
        return self.__qualname__  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<function {self.__name__} of the notebook>"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)


class RemoteMethod:
    """A method of a proxy, called in one step.

    Parameters
    ----------
    remote : Remote
        The object.
    name : str
        The method's.
    """

    __slots__ = ("__name__", "_function", "_remote")

    def __init__(self, remote: Remote, name: str) -> None:
        self._remote = remote
        self._function: Any = None
        self.__name__ = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        remote, name = self._remote, self.__name__
        if name in ("send", "throw", "close"):
            return remote.proxies.draw(remote, "method", name, *args, **kwargs)
        return remote.use(f".{name}()", "method", name, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function(), name)

    def function(self) -> Any:
        """Ask for the method itself, where it is looked at and not called."""
        if self._function is None:
            self._function = self._remote.use(f".{self.__name__}", "get", self.__name__)
        return self._function

    @property
    def __class__(self) -> Any:
        return types.MethodType

    def __eq__(self, other: object) -> bool:
        return type(other) is RemoteMethod and (self._remote.number, self.__name__) == (
            other._remote.number,
            other.__name__,
        )

    def __hash__(self) -> int:
        return hash((self._remote.number, self.__name__))


def _signature(remote: Remote) -> inspect.Signature:
    """Make the signature that a callable of the student's has."""
    parameters = []
    for name, kind, optional, default in remote.use(".__signature__", "signature"):
        given = {"default": default} if optional else {}
        parameters.append(inspect.Parameter(name, inspect._ParameterKind(kind), **given))
    return inspect.Signature(parameters)


# -- all proxies of a kernel ----------------------------------------------------------------------


class ObjectProxies:
    """The proxies for the objects of a notebook's kernels.

    Parameters
    ----------
    current : callable
        Returns the line to the kernel that there is now.
    code_of : callable
        Called with a function's name, returns its code as it was handed in, or None.
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
        self._drawn: dict[int | str, int] = {}

    def new_kernel(self) -> None:
        """Forget the objects of a kernel whose place another has taken."""
        self._kernel += 1
        self._objects, self._classes, self._drawn = {}, {}, {}

    # -- what the line asks for

    def stand_in(self, peer: Peer, place: Place, number: int | str, name: str) -> Any:
        """Return what stands for a function, by its number or, for a name, looked up each time."""
        return RemoteFunction(Remote(self, number, place, self._kernel), name)

    def of_object(
        self, peer: Peer, place: Place, number: int, of: int, name: str, depth: int
    ) -> Any:
        """Return what stands for an object, if it may come at this place."""
        inner = place if depth == 0 else tuple(f"{way}[]" for way in place)
        kind = self.of_class(peer, of)
        if not issubclass(kind, RemoteObject):
            raise WireError(f"a value of the type {name}")
        about, recording = _description(kind), self.contract.recording
        callable_, allowed = "__call__" in about.answers, self.contract.allows(inner)
        if callable_ and not allowed and not recording:
            return self.stand_in(peer, inner, number, name)  # compares as nothing but itself
        if recording or about.module != "builtins" or about.name not in ITERATORS:
            self.contract.check(inner, about.name)
        found = self._objects.get(number)
        if found is None:
            found = self._objects[number] = object.__new__(kind)
            places = (inner[0] if inner else "", f"~{kind.__name__}")
            _STATE.__set__(found, Remote(self, number, places, self._kernel))
        return found

    def of_class(self, peer: Peer, number: int) -> type:
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
            known = EXCEPTIONS[description.exception]
            tops = [base for base in bases if issubclass(base, BaseException)] or [ProxyError]
            extends: list[type] = [
                *tops,
                *([] if any(issubclass(b, known) for b in tops) else [known]),
            ]
            names["name"] = description.name
        else:
            names["__slots__"] = ()
            names.update({n: _METHODS[n] for n in description.answers if n not in _ALWAYS})
            extends = [base for base in bases if issubclass(base, RemoteObject)] or [RemoteObject]
        try:
            return type.__new__(RemoteType, description.name, tuple(extends), names)
        except TypeError as error:  # bases that Python does not accept together
            raise WireError(f"a class that cannot be: {error}") from None

    def redescribe(self, kind: type) -> None:
        """Ask for a class once more, which a test has changed."""
        description = Description.of_data(remote_of(kind).use("", "describe"))
        type.__setattr__(kind, "_description", description)

    def class_of(self, proxy: Any) -> type:
        """Return the class that a proxy says it has: this side's own, where it is a library's.

        Nothing is imported for it, and what crosses by value is never the class of a proxy.
        """
        kind: type = type(proxy)
        description = _description(kind)
        if description.module == "builtins":
            return ITERATORS.get(description.name, kind)
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
        if kind is RemoteFunction:
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
        self, remote: Remote, place: Place, operation: str | None, args: tuple, kwargs: dict
    ) -> Any:
        """Do something with an object of the kernel, or call it."""
        return self._line(remote).call(remote.number, args, kwargs, place, operation)

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

    def function_at(self, remote: Remote, name: str) -> Any:
        """Return a function that is an attribute of a class."""
        return remote.use(f".{name}", "get", name)

    def _line(self, remote: Remote) -> Peer:
        """Return the line to the kernel that has an object; a name is looked up in any."""
        current = self._current()
        if remote.kernel != self._kernel and type(remote.number) is not str:
            current.refuse("an object that an earlier test kept, of a kernel that was lost")
        return current
