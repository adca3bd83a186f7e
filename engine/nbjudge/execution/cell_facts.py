"""What a cell's code binds and reads, and what it may do beside, by its syntax tree.

It errs on one side: what cannot be told counts as read, as an effect, or as obscure.
"""

from __future__ import annotations

import ast
import functools
import symtable
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from nbjudge.execution.cell_names import (
    Use,
    bound_in,
    global_reads,
    read_in_turn,
    rebound_in,
    uses_in,
)
from nbjudge.execution.hidden_names import hides_names
from nbjudge.execution.libraries import DRAWS, LIBRARIES, NUMBERS, WRITES
from nbjudge.judge.cell_source import imported, plain_python, tree_of

_SEEDS = frozenset({"random_state", "rng", "seed"})
"""Arguments that tell such a function to draw from another."""
_ACTS = frozenset({"open", "input", "setattr", "delattr", "exit", "quit", "breakpoint"})
"""Builtins that do something beside returning a value."""
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
_HARMLESS_MAGIC = ("%matplotlib inline", "%config InlineBackend")


@dataclass(frozen=True)
class Function:
    """A function that keeps nothing of a call by itself: what it reads decides the rest."""

    reads: frozenset[str]
    uses: frozenset[Use]


@dataclass(frozen=True)
class CellFacts:
    """What one cell's code does.

    Attributes
    ----------
    binds : frozenset of str
        The notebook's names that it binds or deletes, also in its functions.
    reads : frozenset of str
        Names that it may read from another cell, also in its functions.
    uses : frozenset of tuple
        All names in it, with the attributes that are asked of them.
    imports : dict of str to str
        The names that it imports from `LIBRARIES`, each with its full path.
    modules : frozenset of str
        Those of them that are modules as a whole, by ``import``.
    functions : dict of str to Function
        Those of its functions that keep nothing of a call by themselves.
    constants : dict of str to str
        Names that it binds to a number or a text, each with the module that it is taken from.
    rebound : frozenset of str
        Names that it binds more than once.
    defines : frozenset of str
        Its functions and classes.
    calls : frozenset of str
        Names that it calls.
    hands_on : frozenset of str
        Names that it reads otherwise than to call them.
    sets : bool
        Whether it sets an attribute of anything, which may be a function.
    draws : bool
        Whether it may draw from numpy's global generator by way of another library.
    acts : bool
        Whether it may do more than bind names: change a setting, write a file, import at large.
    obscure : bool
        Whether it may read or bind names that do not stand in it.
    """

    binds: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    uses: frozenset[Use] = frozenset()
    imports: dict[str, str] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()
    functions: dict[str, Function] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    rebound: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    hands_on: frozenset[str] = frozenset()
    sets: bool = False
    draws: bool = False
    acts: bool = False
    obscure: bool = False


@functools.lru_cache(1024)
def facts_of(source: str) -> CellFacts:
    """Read a cell; of one that is no Python, nothing runs but its error."""
    if source.startswith(_HARMLESS_MAGIC) and "\n" not in source.strip():
        return CellFacts(acts=True)
    try:
        tree = tree_of(source)
        if plain_python(source) != source:
            return CellFacts(acts=True, obscure=True)
        table = symtable.symtable(source, "<cell>", "exec")
        reads = frozenset(read_in_turn(tree.body, set()))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return CellFacts(acts=True)
    uses = frozenset(uses_in(tree))
    paths, modules, at_large = _library_imports(tree)
    names = {use[0] for use in uses if "=" not in use[-1:]}
    called, other = _calls(tree)
    return CellFacts(
        binds=frozenset(bound_in(table)),
        reads=reads,
        uses=uses,
        imports=paths,
        modules=frozenset(modules),
        functions=dict(_functions(tree.body, paths)),
        constants=dict(_constants(tree.body)),
        rebound=frozenset(rebound_in(tree, paths)),
        defines=frozenset(node.name for node in ast.walk(tree) if isinstance(node, _DEFINITIONS)),
        calls=called,
        hands_on=other,
        sets=_sets_attributes(tree),
        draws=_draws(tree, paths),
        acts=at_large or _acts(tree),
        obscure=hides_names(tree, names & reads, uses),
    )


def _library_imports(tree: ast.AST) -> tuple[dict[str, str], set[str], bool]:
    """Return the names of what is imported, which are modules, and if any is of no library."""
    paths: dict[str, str] = {}
    modules: set[str] = set()
    at_large = False
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, ast.ImportFrom):
            at_large |= node.level > 0 or any(alias.name == "*" for alias in node.names)
        for name, (module, member) in imported(node):
            path = f"{module}.{member}" if member else str(module)
            at_large |= path.split(".")[0] not in LIBRARIES or paths.get(name, path) != path
            paths[name] = path
            if member is None:
                modules.add(name)
    return paths, modules, at_large


def _functions(body: Iterable[ast.stmt], paths: Container[str]) -> Iterator[tuple[str, Function]]:
    """Yield the functions at a cell's top that keep nothing of a call by themselves."""
    for node in body:
        name: str
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            name, code = node.name, node
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Lambda)
            and all(isinstance(target, ast.Name) for target in node.targets)
        ):
            name, code = node.targets[0].id, node.value  # type: ignore[attr-defined, assignment]
        else:
            continue
        defaults = [d for d in (*code.args.defaults, *code.args.kw_defaults) if d is not None]
        if any(_constant(default) is None for default in defaults):
            continue  # an object that every call shares
        if _acts(code) or any(isinstance(inner, ast.Global) for inner in ast.walk(code)):
            continue
        imports = _library_imports(code)[0]
        if _sets_attributes(code) or _draws(code, paths):
            continue
        reads = frozenset(global_reads(code))
        used = [
            use for use in uses_in(code) if use[0] in reads or len(use) > 1 or use[0] in imports
        ]
        if any(use[0] in reads and use[-1] == "=" for use in used):
            continue
        looked_into = any(use[0] == name and len(use) > 1 for use in used)
        yield name, Function(reads if looked_into else reads - {name}, frozenset(used))


def _constant(node: ast.AST) -> str | None:
    """Return the name of the module that a number is taken from, nothing for one by itself.

    None stands for what may be an object.
    """
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Tuple):
        return "" if all(_constant(part) == "" for part in node.elts) else None
    if isinstance(node, ast.Attribute) and node.attr in NUMBERS:
        return node.value.id if isinstance(node.value, ast.Name) else None
    return "" if isinstance(node, ast.Constant) else None


def _constants(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in body:
        module = _constant(node.value) if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and module is not None:
            yield from ((t.id, module) for t in node.targets if isinstance(t, ast.Name))


def _calls(tree: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that code calls, and those that it reads otherwise."""
    calls = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    called = frozenset(name.id for name in names if id(name) in calls)
    return called, frozenset(name.id for name in names if id(name) not in calls)


def _sets_attributes(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        for node in ast.walk(tree)
    )


def _draws(tree: ast.AST, imports: Container[str]) -> bool:
    """Return whether code may draw from numpy's global generator by way of another library."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        told = any(keyword.arg in _SEEDS for keyword in call.keywords)
        if isinstance(call.func, ast.Attribute) and call.func.attr in DRAWS and not told:
            return True
        name = getattr(call.func, "id", "")
        if name in imports and name in DRAWS | {"shuffle"} and not told:
            return True
    return False


def _acts(tree: ast.AST) -> bool:
    """Return whether code may do something beside binding names, by the builtins and methods."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _ACTS:
            return True
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            return True
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)):
            return True
        if isinstance(node, (ast.Match, ast.TryStar)):  # not taken apart above
            return True
    return False
