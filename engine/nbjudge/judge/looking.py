"""What a test finds when it looks at names as such: ``dir()``, ``globals()``, ``get_ipython()``.

In one process these show the notebook's names together with the test's; here they ask for both.
"""

from __future__ import annotations

import builtins
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbjudge.judge.namespace import Namespace

_NO_EFFECT = frozenset(
    {"matplotlib", "config", "load_ext", "autoreload", "precision", "pylab", "automagic", "pprint"}
)


class AllNames(dict[str, Any]):
    """The test's own names and the notebook's.

    A dict, so that ``exec(code, globals())`` takes it; what a dict itself holds is not looked at.
    """

    def __init__(self, namespace: Namespace) -> None:
        super().__init__()
        self._namespace = namespace

    def __getitem__(self, name: str) -> Any:
        if name in self._namespace:
            return self._namespace[name]
        if name in self._namespace["__builtins__"]:
            raise KeyError(name)  # code that is run with these names finds Python's own next
        return self._namespace.find(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._namespace[name] = value

    def __delitem__(self, name: str) -> None:
        del self._namespace[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        own = [name for name in self._namespace if name[:2] != "__" or name == "__name__"]
        return [*own, *(name for name in self._namespace.of_notebook() if name not in own)]


for _name in ("get", "keys", "items", "values", "pop", "popitem", "setdefault", "update", "clear"):
    setattr(AllNames, _name, getattr(MutableMapping, _name))  # by way of the methods above
AllNames.__eq__ = Mapping.__eq__  # type: ignore[method-assign]


def looking_builtins(namespace: Namespace) -> dict[str, Callable[..., Any]]:
    """Make the builtins that look at names, for a test."""
    names = AllNames(namespace)

    def at_the_top(frame: types.FrameType) -> bool:
        return frame.f_globals is namespace and frame.f_locals is namespace

    def dir_(*objects: Any) -> list[str]:
        frame = sys._getframe(1)
        if objects or not at_the_top(frame):
            return builtins.dir(*objects) if objects else sorted(frame.f_locals)
        return sorted(names)

    def globals_() -> Any:
        return names

    def locals_() -> Any:
        frame = sys._getframe(1)
        return names if at_the_top(frame) else frame.f_locals

    def vars_(*objects: Any) -> Any:
        frame = sys._getframe(1)
        if objects:
            return builtins.vars(*objects)
        return names if at_the_top(frame) else frame.f_locals

    found: dict[str, Callable[..., Any]] = {
        "dir": dir_, "globals": globals_, "locals": locals_, "vars": vars_
    }  # fmt: skip
    for name, function in found.items():
        function.__name__ = name
    shell = TestShell(namespace, names)
    return {**found, "get_ipython": lambda: shell}


class TestShell:
    """What a test cell has in the place of IPython's shell: its magics, as far as they say it."""

    __test__ = False  # not one of pytest's

    def __init__(self, namespace: Namespace, names: AllNames) -> None:
        self._namespace = namespace
        self.user_ns = names

    def run_line_magic(self, name: str, line: str, *_: Any, **__: Any) -> Any:
        """Run what stands behind ``%name``; what only changes how things look does nothing."""
        if name in _NO_EFFECT:
            return None
        if name in ("time", "timeit"):
            return self._timed(line)
        self._refuse(f"the magic %{name}")
        return None

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a cell that begins with ``%%time`` or ``%%capture``."""
        if name in ("time", "timeit"):
            return self._timed(cell)
        if name == "capture":
            from IPython.utils.capture import capture_output

            with capture_output() as captured:
                self._run(cell)
            words = [word for word in line.split() if not word.startswith("-")]
            if words:
                self._namespace[words[0]] = captured
            return None
        self._refuse(f"the magic %%{name}")
        return None

    def system(self, command: str) -> None:
        """Refuse a shell line: the submission's files are not here."""
        self._refuse(f"the shell line !{command}")

    getoutput = system

    def _timed(self, source: str) -> None:
        began = time.perf_counter()
        self._run(source)
        print(f"Wall time: {time.perf_counter() - began:.3g} s")

    def _run(self, source: str) -> None:
        exec(compile(source, "<a magic's line>", "exec", dont_inherit=True), self._namespace)

    def _refuse(self, what: str) -> None:
        self._namespace.refuse(f"{what} does not run in a test that is judged")
