"""The names of a test cell: its own, the instructor's, and then the student's."""

from __future__ import annotations

import builtins
import importlib
import re
import sys
import types
from collections.abc import Callable
from typing import Any

from nbjudge.judge.proxies import ObjectProxies, RemoteFunction, RemoteType
from nbjudge.judge.release import (
    Release,
    bound_names,
    called_names,
    defined_names,
    definitions,
)
from nbjudge.wire.named_classes import is_enum, is_named_tuple
from nbjudge.wire.peer import Peer

_HISTORY = re.compile(r"In|Out|_+|_i+|_[iod]h|_\d+|_i\d+")
"""What IPython keeps in a notebook's names: sources and outputs, which a test must not run."""


class _Behind(dict[str, Any]):
    """What stands behind the names of test cells: the instructor's, builtins, the student's.

    Python looks here for what a test cell has not defined itself, in class bodies and in functions
    too. A dict's own items come first, so that only names that stand in none of the cells of the
    instructor are builtins at once.
    """

    def __init__(self, namespace: Namespace) -> None:
        super().__init__(vars(builtins))
        self._namespace = namespace

    def __missing__(self, name: str) -> Any:
        return self._namespace.find(name)


class Namespace(dict[str, Any]):
    """What test cells define, in front of what the student's kernel has.

    Parameters
    ----------
    peer : callable
        Returns the line to the kernel that there is now.
    release : Release
        What the instructor's notebook says of names.
    proxies : ObjectProxies
        What makes stand-ins for functions.
    """

    def __init__(self, peer: Callable[[], Peer], release: Release, proxies: ObjectProxies) -> None:
        self._peer = peer
        self.proxies = proxies
        self.release = release
        self._deleted: set[str] = set()
        self._values: dict[str, Any] = {}  # plain data, as it was after the last call
        self._stand_ins: dict[str, Any] = {}
        self._of_tests = set(release.tests)
        self._lost: set[str] = set()
        self._called: set[str] = set()
        behind = _Behind(self)
        for name in (*release.answers, *release.imports, *release.helpers):
            if name in behind:
                del behind[name]  # the notebook has its own
        super().__init__(__name__="__main__", __builtins__=behind, __doc__=None)

    def new_cell(self, source: str) -> None:
        """Ask again for every name: a student's cell may have changed it."""
        self._values.clear()
        self._stand_ins.clear()
        self._called = called_names(source)
        if not self.release.known:
            self._of_tests |= defined_names(source) - set(self.release.answers)

    def run_again(self, sources: list[str]) -> None:
        """Define again what earlier test cells defined, for a judge that takes another's place.

        What cannot be defined without running the tests themselves is missing from now on, and no
        student's name takes its place.
        """
        for source in sources:
            for definition in definitions(source):
                self._define(definition)
            self._lost |= bound_names(source)
        self._lost -= self.keys()

    def find(self, name: str) -> Any:
        """Return what is not a name of the tests themselves.

        Raises
        ------
        KeyError
            If there is nothing of that name.
        CallFailed
            If it is something that a test cannot have.
        """
        if name in self._deleted:
            raise KeyError(name)
        release = self.release
        if name in self._lost and name not in release.answers:
            self._peer().refuse(f"{name} was set by an earlier test, in a judge that was lost")
        if name in release.helpers and self._define(release.helpers[name]):
            return self[name]
        module = release.module(name)
        if name in release.imports and name not in release.answers:
            return self._import(name, release.imports[name])
        if name in self._of_tests and name not in release.answers:
            raise KeyError(name)  # a test has yet to define it: never the student's
        if _HISTORY.fullmatch(name) and name not in release.answers:
            self._peer().refuse(f"{name} is IPython's, which tests do not see")
        return self._ask(name, module)

    def _define(self, source: str) -> bool:
        try:
            exec(compile(source, "<a cell of the instructor>", "exec"), self)
        except Exception:  # it needs more than this cell: it is as if it had not been read
            return False
        return True

    def _import(self, name: str, module: list[str | None]) -> Any:
        found = importlib.import_module(str(module[0]))
        if module[1] is not None:
            try:
                found = getattr(found, module[1])
            except AttributeError:
                found = importlib.import_module(f"{module[0]}.{module[1]}")
        self[name] = found
        return found

    def _ask(self, name: str, module: list[str | None] | None) -> Any:
        if name in self._stand_ins:
            return self._stand_ins[name]
        if name in self._values:
            return self._values[name]
        try:
            value = self._peer().name(name)
        except NameError:
            if name in vars(builtins) and name not in self.release.exercises:
                return vars(builtins)[name]
            raise KeyError(name) from None
        if isinstance(value, types.ModuleType):
            if module is None or module[1] is not None:
                self._peer().refuse(f"{name} is a module that no cell of the instructor imports")
            return importlib.import_module(str(module[0]))
        if isinstance(value, type) or type(value) is RemoteFunction:
            # By name, so that it is the function that the student has at the time of the call. A
            # type is called over there as well: here it could do what no function of theirs can.
            value = self._stand_ins[name] = self._stand_in(name, value, module)
        else:
            self._values[name] = value
        return value

    def _stand_in(self, name: str, value: Any, module: list[str | None] | None) -> Any:
        if isinstance(value, type):
            if isinstance(value, RemoteType) or is_enum(value) or is_named_tuple(value):
                return value
            exercise = name in self.release.answers or name in self._called
            if not exercise or self._is_imported(value, module):
                return value
        return self.proxies.stand_in(self._peer(), (name,), name, name)

    @staticmethod
    def _is_imported(value: type, module: list[str | None] | None) -> bool:
        """Whether a type is what the instructor imports under its name."""
        if module is None or module[1] is None or module[0] not in sys.modules:
            return False
        return getattr(sys.modules[module[0]], module[1], None) is value

    def after_call(self) -> None:
        """Ask again for plain data: a call may have changed it."""
        self._values.clear()

    def __delitem__(self, name: str) -> None:
        if name in self:
            super().__delitem__(name)
        else:
            self["__builtins__"][name]  # a name that nobody has cannot be deleted
        self._deleted.add(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._deleted.discard(name)
        super().__setitem__(name, value)


class MainModule(types.ModuleType):
    """``__main__`` of a judge: its attributes are the names of the tests.

    So ``pickle``, ``unittest.main`` and ``patch("__main__.f")`` find what a test defines.
    """

    def __init__(self, namespace: Namespace) -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_namespace", namespace)

    def __getattr__(self, name: str) -> Any:
        namespace = object.__getattribute__(self, "_namespace")
        if name in namespace:
            return namespace[name]
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return namespace.find(name)
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_namespace")[name] = value

    def __delattr__(self, name: str) -> None:
        namespace = object.__getattribute__(self, "_namespace")
        if name not in namespace:
            raise AttributeError(name)
        dict.__delitem__(namespace, name)

    def __dir__(self) -> list[str]:
        return sorted(object.__getattribute__(self, "_namespace"))


def become_main(namespace: Namespace) -> None:
    """Make the names of the tests those of ``__main__``."""
    sys.modules["__main__"] = MainModule(namespace)
