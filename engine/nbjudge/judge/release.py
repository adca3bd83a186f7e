"""What the instructor's notebook says about the names that its tests use.

A test cell finds names that it does not define: an import of a setup cell, a helper in a locked
cell, the function that students write. The instructor's own notebook tells them apart, and nothing
that a submission holds can change that: a module is the one that the instructor imports under the
name, a locked helper runs beside the test, and an exercise named ``sum`` comes before Python's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nbjudge.judge.cell_source import bound, imported, statements

Kind = Literal["answer", "locked", "test", "plain"]

_CONVENTIONAL = {
    "np": "numpy",
    "numpy": "numpy",
    "pd": "pandas",
    "pandas": "pandas",
    "plt": "matplotlib.pyplot",
    "mpl": "matplotlib",
    "matplotlib": "matplotlib",
    "sp": "scipy",
    "scipy": "scipy",
    "sns": "seaborn",
    "sklearn": "sklearn",
    **{
        name: name
        for name in (
            *("math", "cmath", "statistics", "itertools", "functools", "collections", "random"),
            *("re", "string", "operator", "copy", "time", "json", "os", "sys", "datetime"),
            *("warnings", "io", "inspect", "typing", "textwrap", "fractions", "decimal"),
            *("bisect", "heapq", "unittest", "types", "numbers", "csv", "pathlib"),
        )
    },
}
"""What a name stands for where there is no notebook of the instructor to ask."""
_OF_ASSERTIONS = ("nose", "unittest", "pytest", "testing")
_COMPARISONS = ("allclose", "isclose", "array_equal", "array_equiv")


@dataclass(frozen=True)
class Release:
    """The names that the cells of one notebook bind, as far as they can be read.

    Attributes
    ----------
    known : bool
        Whether the instructor's notebook was there to be read.
    imports : dict
        By name, the module and, for ``from … import``, what is taken from it.
    answers : list of str
        Names that cells of students bind.
    exercises : list of str
        Those of them that are functions and classes.
    helpers : dict
        By name, the source of a function or a constant of a locked cell.
    tests : list of str
        Names that test cells alone bind.
    modules : list of str
        What test cells import, and the imports of other cells that they use.
    lent_imports : dict
        By name, the import of a test cell that an answer uses without one of its own.
    excepted : list of str
        The ``grade_id`` of each test cell with the tag ``judge: off`` or ``judge-off``: it runs in
        the student's process.
    plain : list of str
        Digests of the code cells that are neither answers nor tests, as they were released.
    """

    known: bool = False
    imports: dict[str, list[str | None]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    exercises: list[str] = field(default_factory=list)
    helpers: dict[str, str] = field(default_factory=dict)
    tests: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    lent_imports: dict[str, str] = field(default_factory=dict)
    excepted: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, from which ``Release(**data)`` makes it again."""
        return asdict(self)

    def module(self, name: str) -> list[str | None] | None:
        """Return what a name is imported as, if it is an import."""
        if name in self.imports:
            return self.imports[name]
        if not self.known and name in _CONVENTIONAL:
            return [_CONVENTIONAL[name], None]
        return None


def read_release(cells: Iterable[tuple[Kind, str]], *, known: bool = True) -> Release:
    """Read the names that the code cells of an instructor's notebook bind.

    Parameters
    ----------
    cells : iterable of tuple of str
        The kind of each code cell, and its source, in the notebook's order.
    known : bool, default True
        Whether these are all of the instructor's cells.

    Returns
    -------
    Release
        Without what cannot be read, such as a cell with a syntax error.
    """
    imports: dict[str, list[str | None]] = {}
    answers: set[str] = set()
    exercises: set[str] = set()
    helpers: dict[str, str] = {}
    tests: set[str] = set()
    others: set[str] = set()
    used: set[str] = set()
    modules: set[str] = set()
    bound_in_locked: dict[str, int] = {}
    of_tests: dict[str, str] = {}
    used_in_answers: set[str] = set()
    used_elsewhere: set[str] = set()
    containers: set[str] = set()
    for kind, source in cells:
        for node in statements(source):
            names = set(bound(node))
            if kind == "test":
                tests |= names
                used |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    modules |= {str(target[0]) for _, target in imported(node)}
                    of_tests |= dict.fromkeys(names, ast.unparse(node))
                continue
            loaded = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            loads = {n.id for n in loaded if isinstance(n.ctx, ast.Load)}
            used_elsewhere |= loads
            used_in_answers |= loads if kind != "locked" else set()
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name, target in imported(node):
                    if kind != "answer" or _is_of_assertions(target):
                        imports[name] = target
                        helpers.pop(name, None)
                    else:
                        answers.add(name)
                        imports.setdefault(name, target)
                continue
            if kind == "answer":
                answers |= names
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    exercises.add(node.name)
                for name in names:
                    imports.pop(name, None)
                continue
            others |= names
            for name in names:
                imports.pop(name, None)
                bound_in_locked[name] = bound_in_locked.get(name, 0) + 1
                helpers.pop(name, None)
                if kind == "locked" and _is_helper(node, bound_in_locked[name], containers=True):
                    helpers[name] = ast.unparse(node)
                    if not _is_helper(node, 1):
                        containers.add(name)
    # A container that an answer uses may be changed by it: then it is the notebook's.
    for name in answers | (containers & used_in_answers):
        helpers.pop(name, None)
    modules |= {str(imports[name][0]) for name in used & imports.keys()}
    known_elsewhere = answers | others | imports.keys()
    return Release(
        known,
        imports,
        sorted(answers),
        sorted(exercises),
        helpers,
        sorted(tests - known_elsewhere),
        sorted(modules),
        {n: s for n, s in of_tests.items() if n in used_elsewhere and n not in known_elsewhere},
    )


def definitions(source: str) -> list[str]:
    """List the imports, functions, classes and constants of a cell, each as source."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return [
        ast.unparse(node)
        for node in statements(source)
        if isinstance(node, kinds) or _is_helper(node, 1)
    ]


def _is_of_assertions(target: list[str | None]) -> bool:
    """Whether an import is a test's tool: it says what is right, wherever it is imported."""
    if target[1] in _COMPARISONS:
        return True
    parts = str(target[0]).split(".")
    return parts[0] in _OF_ASSERTIONS or parts[-1] in _OF_ASSERTIONS


def _is_helper(node: ast.stmt, times: int, *, containers: bool = False) -> bool:
    """Whether a statement defines what never changes: a function, or a constant bound once.

    With `containers`, a list, set or dict of constants counts as one.
    """
    if isinstance(node, ast.FunctionDef):
        return True
    if not isinstance(node, ast.Assign) or times > 1:
        return False
    if not all(isinstance(target, ast.Name) for target in node.targets):
        return False
    try:
        value = ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    if isinstance(value, (list, set, dict)):
        return containers and bool(value)
    return isinstance(value, (int, float, complex, str, bytes, tuple))
