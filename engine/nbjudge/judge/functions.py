"""Functions and methods of the student's, as the judge calls them and looks at them."""

from __future__ import annotations

import inspect
import re
import sys
import types
from typing import Any

from nbjudge.judge.remote import Remote, is_probe, signature_of


class RemoteFunction:
    """A function of the student's: called, looked at by `inspect`, and handed back as itself.

    Parameters
    ----------
    remote : Remote
        What it stands for: a number, or the name under which it is looked up at each call.
    name : str
        Its name.
    fixed : Remote, optional
        The function that was under the name when it was looked up.
    """

    def __init__(self, remote: Remote, name: str, fixed: Remote | None = None) -> None:
        put = object.__setattr__
        put(self, "_fixed", fixed)
        put(self, "_remote", remote)
        put(self, "_result", remote.further("()"))
        put(self, "__name__", name)
        put(self, "__qualname__", name)
        put(self, "__module__", "__main__")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        remote = self._remote
        if remote.number in remote.proxies.moved and self._fixed is not None:
            remote = self._fixed
        return remote.proxies.use(remote, self._result, None, args, kwargs)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return types.FunctionType

    @property
    def __code__(self) -> types.CodeType:
        remote: Remote = self._remote
        code = remote.proxies.code_of(_written_as(remote, self.__name__))
        if code is None:
            remote.proxies.refuse(f"the source of {self.__name__} is in no answer")
        return code

    @property
    def __globals__(self) -> dict[str, Any]:
        return vars(sys.modules["__main__"])

    @property
    def __signature__(self) -> inspect.Signature:
        return signature_of(self._remote)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._asked("__doc__")

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        return self._asked("__dict__")

    def __getattr__(self, name: str) -> Any:
        if is_probe(name) and name != "__wrapped__":
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


def _written_as(remote: Remote, name: str) -> str:
    """Return the name of a function in the answers: a method's has its class before it.

    By the place where it came, such as ``Stack.push`` or ``Stack().push.__func__``, and not by what
    the kernel calls it.
    """
    place = remote.place[0] if remote.place else ""
    place = place.removesuffix(".__func__").replace("()", "")
    return place if re.fullmatch(rf"\w+\.{re.escape(name)}", place) else name


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
    def __func__(self) -> Any:
        return self.function()._asked("__func__")

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self.function().__doc__

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return types.MethodType

    def __eq__(self, other: object) -> bool:
        return type(other) is RemoteMethod and (self._remote.number, self.__name__) == (
            other._remote.number,
            other.__name__,
        )

    def __hash__(self) -> int:
        return hash((self._remote.number, self.__name__))
