"""The names of a test cell: its own, the instructor's, and then the student's."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import re
import types
from collections.abc import Callable
from typing import Any, NoReturn

from nbjudge.judge.cell_source import bound_names, called_names, defined_names
from nbjudge.judge.functions import RemoteFunction
from nbjudge.judge.looking import looking_builtins
from nbjudge.judge.objects import ObjectProxies
from nbjudge.judge.proxies import RemoteType, stands_for
from nbjudge.judge.release import Release, definitions
from nbjudge.judge.surroundings import SharedSurroundings
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
        self._shared: SharedSurroundings | None = None
        self._deleted: set[str] = set()
        self._values: dict[str, Any] = {}  # plain data, as it was after the last call
        self._stand_ins: dict[str, Any] = {}
        self._originals: dict[str, Any] = {}
        self._of_tests = set(release.tests)
        self._answers = set(release.answers)
        self._lost: set[str] = set()
        self._called: frozenset[str] = frozenset()
        behind = _Behind(self)
        behind.update(looking_builtins(self))
        for name in (*release.answers, *release.imports, *release.helpers):
            if name in behind:
                del behind[name]  # the notebook has its own
        super().__init__(__name__="__main__", __builtins__=behind, __doc__=None)

    def share(self, shared: SharedSurroundings) -> None:
        """Tell the notebook which of its names a test binds or deletes."""
        self._shared = shared

    def new_cell(self, source: str, answered: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """Ask again for every name: a student's cell may have changed it.

        Parameters
        ----------
        source : str
            The test cell's.
        answered : set of str
            Names that cells of the submission have bound since the test before.
        """
        self._values.clear()
        self._stand_ins.clear()
        self._called = called_names(source)
        for name in answered & self._answers:
            self._originals.pop(name, None)
            self.pop(name, None)  # as in one process, the later one counts
            self._deleted.discard(name)
        for name in self._answers & self.keys():
            if self._shared is not None and isinstance(self[name], types.FunctionType):
                self._shared.bind(name, self[name])  # it was lent for the cell before
        if not self.release.known:
            self._of_tests |= defined_names(source) - self._answers

    def of_notebook(self) -> list[str]:
        """List the names of the student's kernel."""
        names = self.proxies.ask_notebook("global_names")
        return [name for name in names if type(name) is str] if type(names) is list else []

    def exercises(self) -> dict[str, Any]:
        """Return the functions and classes of students that the instructor's notebook has.

        Without those that a test has put something else in the place of.
        """
        found = {}
        for name in (set(self.release.exercises) - self.keys()) & set(self.of_notebook()):
            with contextlib.suppress(KeyError):
                found[name] = self.find(name)
        return found

    def refuse(self, reason: str) -> NoReturn:
        """Say that the test that runs now cannot be judged."""
        self._peer().refuse(reason)

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

    def _module(self, name: str, module: list[str | None]) -> types.ModuleType:
        """Import the module that a cell of the instructor imports under a name."""
        found: Any = importlib.import_module(str(module[0]))
        if module[1] is not None:
            try:
                found = importlib.import_module(f"{module[0]}.{module[1]}")
            except ImportError:
                found = getattr(found, module[1], None)
        if not isinstance(found, types.ModuleType):
            self._peer().refuse(f"{name} is a module in the notebook and none of the instructor's")
        return found

    def _is_a_module(self, name: str) -> bool:
        """Whether a name is a module in the instructor's notebook, and nothing else there."""
        module = self.release.imports.get(name)
        if module is None:
            return False
        return module[1] is None or isinstance(self._imported(module), types.ModuleType)

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
            if module is None:
                self._peer().refuse(f"{name} is a module that no cell of the instructor imports")
            return self._module(name, module)
        if module is not None and self._is_a_module(name):
            return self._module(name, module)  # whatever the student calls so: it is a test's tool
        if isinstance(value, type) or type(value) is RemoteFunction:
            # By name, so that it is the function that the student has at the time of the call. A
            # type is called over there as well: here it could do what no function of theirs can.
            value = self._stand_ins[name] = self._stand_in(name, value, module)
        else:
            self._values[name] = value
        return value

    def _stand_in(self, name: str, value: Any, module: list[str | None] | None) -> Any:
        if isinstance(value, type):
            own = self._imported(module)
            if own is not None and (value is own or stands_for(value, own)):
                return own
            if isinstance(value, RemoteType) or is_enum(value) or is_named_tuple(value):
                return value
            if issubclass(value, BaseException):
                return value  # another name for it, which an ``except`` may have
            if name not in self._answers and name not in self._called:
                return value
        return self.proxies.by_name(name, value)

    @staticmethod
    def _imported(module: list[str | None] | None) -> Any:
        """Return what the instructor imports under a name, if it is part of a module."""
        if module is None or module[1] is None:
            return None
        try:
            return getattr(importlib.import_module(str(module[0])), module[1], None)
        except Exception:  # whatever an import raises, the notebook has it
            return None

    def after_call(self) -> None:
        """Ask again for plain data: a call may have changed it."""
        self._values.clear()

    def __delitem__(self, name: str) -> None:
        if name in self:
            super().__delitem__(name)
        else:
            self["__builtins__"][name]  # a name that nobody has cannot be deleted
        self._deleted.add(name)
        if self._shared is not None and name in self._answers:
            self._remember(name)
            self._shared.delete(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._deleted.discard(name)
        super().__setitem__(name, value)
        if self._shared is not None and name in self._answers:
            self._remember(name)
            self._shared.bind(name, value)

    def _remember(self, name: str) -> None:
        """Keep what the notebook had under a name before a test bound or deleted it."""
        if name not in self._originals and name in self._stand_ins:
            self._originals[name] = self._stand_ins[name]
        self.proxies.moved.add(name)

    def unbind(self, name: str) -> None:
        """Take back what a test has bound: the notebook's own is under the name again."""
        super().__delitem__(name)
        if self._shared is not None and name in self._originals:
            self._shared.bind(name, self._originals.pop(name))
