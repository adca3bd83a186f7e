"""A second copy of the reference library, whose functions can be changed one at a time.

Hidden tests compare with ``solutions``; the answer under test is the copy, so that a mutant is
not its own reference.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType, ModuleType

from .cells import ROOT
from .operators import Mutant, mutants

_NAME = "mutated_solutions"


class Library:
    """The copy.

    Parameters
    ----------
    root : Path
        The course.
    """

    def __init__(self, root: Path = ROOT):
        self.modules: dict[str, ModuleType] = {}
        for name in [n for n in sys.modules if n.split(".")[0] == _NAME]:
            del sys.modules[name]  # of the copy before this one
        package = ModuleType(_NAME)
        package.__path__ = []
        sys.modules[_NAME] = package
        self._sources = {
            path.stem: path.read_text(encoding="utf-8").replace("from solutions", f"from {_NAME}")
            for path in sorted((root / "solutions").glob("*.py"))
            if path.stem != "__init__"
        }
        for name in self._sources:
            self._load(name)

    def _load(self, name: str) -> None:
        """Make one module of the copy, after those that it imports."""
        full = f"{_NAME}.{name}"
        if full in sys.modules:
            return
        module = ModuleType(full)
        sys.modules[full] = module
        tree = ast.parse(self._sources[name])
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and _NAME in node.module:
                inside = node.module.removeprefix(_NAME).lstrip(".")
                for needed in [inside] if inside else [alias.name for alias in node.names]:
                    self._load(needed)
        exec(compile(tree, full, "exec"), module.__dict__)
        setattr(sys.modules[_NAME], name, module)
        self.modules[name] = module

    def function(self, chapter: str, name: str) -> FunctionType:
        """Return a function of the copy."""
        return getattr(self.modules[chapter], name)

    def called(self, run: Callable[[], object]) -> list[FunctionType]:
        """Return the functions of the copy, at the top of a module, that some code calls."""
        codes = set()

        def note(frame, event, argument):
            if event == "call" and frame.f_code.co_filename.startswith(_NAME):
                codes.add(frame.f_code)

        sys.setprofile(note)
        try:
            run()
        finally:
            sys.setprofile(None)
        return [
            value
            for name, module in sorted(self.modules.items())
            for value in vars(module).values()
            if isinstance(value, FunctionType)
            and value.__module__ == module.__name__
            and value.__code__ in codes
        ]

    def mutants(self, function: FunctionType) -> Iterator[Mutant]:
        """Yield the mutants of a function of the copy."""
        module = function.__module__.removeprefix(f"{_NAME}.")
        for node in ast.parse(self._sources[module]).body:
            if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
                yield from mutants(ast.Module([node], []))

    @contextmanager
    def changed(self, function: FunctionType, mutant: Mutant) -> Iterator[None]:
        """Let a function be a mutant of itself, wherever it is called from."""
        found: dict[str, object] = {}
        code = compile(mutant.tree, function.__code__.co_filename, "exec")
        exec(code, function.__globals__, found)
        made = found[function.__name__]
        if getattr(made, "__wrapped__", None) is not None:
            made = made.__wrapped__
        kept = function.__code__, function.__defaults__, function.__kwdefaults__
        function.__code__ = made.__code__
        function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
        try:
            yield
        finally:
            function.__code__, function.__defaults__, function.__kwdefaults__ = kept

    @staticmethod
    def place(function: FunctionType) -> str:
        """Name a function of the copy as it is called in the library."""
        return f"{function.__module__.removeprefix(_NAME + '.')}.{function.__name__}"


def reference(chapter: str, name: str) -> Callable:
    """Return a function of the library itself."""
    return getattr(importlib.import_module(f"solutions.{chapter}"), name)
