"""What a cell's code binds and reads, and what it may do beside, by its syntax tree.

It errs on one side: what cannot be told counts as read, as an effect, or as obscure.
"""

from __future__ import annotations

import ast
import functools
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nbjudge.execution.cell_names import Use, bound_in, global_reads, read_in_turn, uses_in
from nbjudge.judge.cell_source import imported, plain_python, tree_of

LIBRARIES = frozenset(
    {"numpy", "math", "cmath", "matplotlib", "altair", "itertools", "functools", "collections"}
    | {"time", "statistics", "operator", "string", "textwrap", "fractions", "dataclasses"}
    | {"typing", "bisect", "heapq", "scipy", "sklearn", "pandas", "__future__", "csv", "re"}
    | {"json", "pathlib", "random", "datetime", "copy", "io", "warnings"}
)
"""Packages whose functions keep nothing of a call, but for those that `keeps_something` names."""
_SETTINGS = frozenset(
    {"rc", "rc_file", "rcdefaults", "rcParams", "style", "use", "ion", "ioff", "xkcd", "seterr"}
    | {"seterrcall", "setbufsize", "options", "switch_backend", "themes", "theme", "renderers"}
    | {"data_transformers", "colormaps", "connect", "tzset", "memmap", "interactive", "open"}
    | {"font_manager", "simplefilter", "filterwarnings", "resetwarnings", "field_size_limit"}
    | {"register_dialect", "unregister_dialect"}
)
"""Parts of them that are settings of the whole process."""
_OWN_STATE = frozenset({"default_rng", "Generator", "PCG64", "SeedSequence"})
"""What of ``numpy.random`` has a state of its own."""
_WRITES = frozenset(
    {"savefig", "save", "savetxt", "savez", "savez_compressed", "tofile", "dump", "write", "mkdir"}
    | {"write_text", "write_bytes", "writelines", "unlink", "rename", "touch", "print_figure"}
    | {f"to_{kind}" for kind in ("csv", "excel", "feather", "hdf", "html", "json", "latex", "xml")}
    | {f"to_{kind}" for kind in ("markdown", "orc", "parquet", "pickle", "sql", "stata", "string")}
)
"""Methods that write a file, or may."""
_ANY_NAME = frozenset(
    {"exec", "eval", "compile", "globals", "locals", "vars", "dir", "get_ipython", "__import__"}
    | {"_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh", "In", "Out", "__builtins__"}
)
"""Names through which code reads or binds any other."""
_OF_FRAMES = frozenset(
    {"__globals__", "f_globals", "f_locals", "f_back", "user_ns", "modules", "_getframe"}
    | {"currentframe", "settrace", "setprofile", "get_objects", "get_referrers"}
)
_MODULES_OF_NAMES = frozenset({"__main__", "builtins", "gc", "importlib", "IPython"})
_ACTS = frozenset({"open", "input", "setattr", "delattr", "exit", "quit", "breakpoint"})
"""Builtins that do something beside returning a value."""
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
    constants : frozenset of str
        Names that it binds to a number or a text.
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
    constants: frozenset[str] = frozenset()
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
    return CellFacts(
        binds=frozenset(bound_in(table)),
        reads=reads,
        uses=uses,
        imports=paths,
        modules=frozenset(modules),
        functions=dict(_functions(tree.body)),
        constants=frozenset(_constants(tree.body)),
        acts=at_large or _acts(tree),
        obscure=_is_obscure(tree, names & reads, uses),
    )


def keeps_something(path: str, attributes: Iterable[str]) -> bool:
    """Return whether a part of a library keeps something of a call, such as a setting.

    Parameters
    ----------
    path : str
        What was imported, such as ``matplotlib.pyplot``.
    attributes : iterable of str
        What is asked of it, such as ``rcParams``; ``=`` last where it is set.
    """
    parts = [*path.split("."), *attributes]
    if parts[0] not in LIBRARIES or parts[-1] == "=":
        return True
    if parts[:2] == ["numpy", "random"]:
        return len(parts) < 3 or parts[2] not in _OWN_STATE
    if parts[0] == "random":
        return parts[1:2] != ["Random"]
    return any(part in _SETTINGS or part.startswith("set_") for part in parts[1:])


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


def _functions(body: Iterable[ast.stmt]) -> Iterator[tuple[str, Function]]:
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
        if any(not _is_constant(default) for default in defaults):
            continue  # an object that every call shares
        if _acts(code) or any(isinstance(inner, ast.Global) for inner in ast.walk(code)):
            continue
        reads = frozenset(global_reads(code))
        uses = frozenset(use for use in uses_in(code) if use[0] in reads or len(use) > 1)
        if any(use[0] in reads and use[-1] == "=" for use in uses):
            continue
        yield name, Function(reads - {name}, uses)


def _is_constant(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    dotted = node
    while isinstance(dotted, ast.Attribute):  # np.inf
        dotted = dotted.value
    return isinstance(node, ast.Constant) or (dotted is not node and isinstance(dotted, ast.Name))


def _constants(body: Iterable[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.Assign) and _is_constant(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _acts(tree: ast.AST) -> bool:
    """Return whether code may do something beside binding names, by the builtins and methods."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _ACTS:
            return True
        if isinstance(node, ast.Attribute) and node.attr in _WRITES:
            return True
        if isinstance(node, (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef)):
            return True
        if isinstance(node, (ast.Match, ast.TryStar)):  # not taken apart above
            return True
    return False


def _is_obscure(tree: ast.AST, names: set[str], uses: frozenset[Use]) -> bool:
    if names & _ANY_NAME or ("inspect", "stack") in uses:
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _OF_FRAMES:
            return True
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            modules = ["__main__" if a.name == "*" else str(node.module) for a in node.names]
        if any(module.split(".")[0] in _MODULES_OF_NAMES for module in modules):
            return True
    return False
