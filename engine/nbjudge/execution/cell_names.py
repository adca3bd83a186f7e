"""The names in a cell's code: which it binds, which it reads of other cells, how it uses them."""

from __future__ import annotations

import ast
import functools
import symtable
from collections import Counter
from collections.abc import Container, Iterable, Iterator

from nbjudge.judge.cell_source import imported

_PASSES_ERRORS = frozenset(
    {"errstate", "printoptions", "catch_warnings", "warns", "rc_context", "redirect_stdout", "open"}
)
"""Functions whose ``with`` suppresses no error."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)
Use = tuple[str, ...]
"""A name with the attributes that are asked of it, and ``=`` at the end where one is set."""


def bound_in(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the notebook that code binds, at its top or as a function's global."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        binds = symbol.is_assigned() or symbol.is_imported()
        if binds and (top or symbol.is_declared_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from bound_in(child)


def rebound_in(tree: ast.AST, imports: Container[str]) -> Iterator[str]:
    """Yield the names that a cell binds more than once, so that one of them says little.

    Parameters
    ----------
    tree : ast.AST
        The cell's.
    imports : container of str
        The names that it imports, in its functions too; to import one again binds the same.
    """
    times: Counter[str] = Counter()
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            times[node.name] += 1
            for inner in ast.walk(node):
                if isinstance(inner, ast.Global):
                    times.update(2 * inner.names)
            todo += node.decorator_list
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            times[node.id] += 1
        if isinstance(node, ast.ExceptHandler) and node.name:
            times[node.name] += 1
        todo += [] if isinstance(node, ast.Lambda) else ast.iter_child_nodes(node)
    yield from (name for name, count in times.items() if count + (name in imports) > 1)


@functools.lru_cache(4096)
def names_read(code: str) -> frozenset[str]:
    """Return the global names that code reads, in its functions too, without their own.

    Raises
    ------
    SyntaxError, ValueError, RecursionError
        If it is no Python.
    """
    todo, found = [symtable.symtable(code, "<part>", "exec")], set()
    while todo:
        table = todo.pop()
        todo += table.get_children()
        top = table.get_type() == "module"
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (top or symbol.is_global())
        }
    return frozenset(found)


def global_reads(node: ast.AST | None) -> frozenset[str]:
    """Return the global names that a part of a cell reads."""
    return frozenset() if node is None else names_read(ast.unparse(node))


def _reads(node: ast.AST | None, own: set[str]) -> frozenset[str]:
    """Return what a part of a cell reads that is not bound so far.

    A function looks a name up when it is called: another cell may have bound it anew by then.
    """
    names = global_reads(node)
    return names if not names & own else names - (own - _read_late(node))


def _read_late(node: ast.AST | None) -> set[str]:
    late: set[str] = set()
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, _FUNCTIONS):
            late |= global_reads(part)
        elif part is not None:
            todo += ast.iter_child_nodes(part)
    return late


def read_in_turn(body: Iterable[ast.stmt], own: set[str]) -> Iterator[str]:
    """Yield what statements read that no statement before them is sure to have bound.

    Parameters
    ----------
    body : iterable of ast.stmt
        Statements that run one after the other.
    own : set of str
        What is bound so far; grows.
    """
    for node in body:
        if isinstance(node, (ast.If, ast.While)):
            yield from _reads(node.test, own)
            yield from read_in_turn(node.body, set(own))
            yield from read_in_turn(node.orelse, set(own))
        elif isinstance(node, ast.For):
            yield from _reads(node.iter, own)
            yield from read_in_turn(node.body, own | _stored(node.target))
            yield from read_in_turn(node.orelse, set(own))
        elif isinstance(node, ast.With):
            for item in node.items:
                yield from _reads(item.context_expr, own)
                own |= _stored(item.optional_vars)
            # An error may be suppressed, and what follows it not bound.
            yield from read_in_turn(node.body, own if _lets_errors_out(node) else set(own))
        elif isinstance(node, ast.Try):
            yield from read_in_turn(node.body, set(own))
            for handler in node.handlers:
                yield from _reads(handler.type, own)
                yield from read_in_turn(handler.body, own | {handler.name or ""})
            yield from read_in_turn(node.orelse, set(own))
            yield from read_in_turn(node.finalbody, set(own))
        else:
            yield from _reads(node, own)
            if isinstance(node, ast.AugAssign):
                yield from _loaded(node.target) - own
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                own.add(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                own |= {name for name, _ in imported(node)}
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                own |= {name for target in targets for name in _stored(target)}


def _lets_errors_out(node: ast.With) -> bool:
    calls = [item.context_expr for item in node.items]
    names = {
        getattr(call.func, "attr", getattr(call.func, "id", ""))
        for call in calls
        if isinstance(call, ast.Call)
    }
    return all(isinstance(call, ast.Call) for call in calls) and names <= _PASSES_ERRORS


def _stored(target: ast.AST | None) -> set[str]:
    nodes = () if target is None else ast.walk(target)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _loaded(target: ast.AST) -> set[str]:
    """Name what an augmented assignment reads: its target, too."""
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def uses_in(tree: ast.AST) -> Iterator[Use]:
    """Yield every name with the attributes that are asked of it."""
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):  # from the outside in
        if node in inner or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            continue
        attributes: list[str] = [] if isinstance(node.ctx, ast.Load) else ["="]
        part: ast.expr = node
        while isinstance(part, (ast.Attribute, ast.Subscript)):
            attributes.append(part.attr if isinstance(part, ast.Attribute) else "[]")
            part = part.value
            inner.add(part)
        if isinstance(part, ast.Name) and (attributes != ["="]):
            head, tail = attributes[:1], attributes[1:]
            order = [*reversed(tail), *head] if head == ["="] else [*reversed(attributes)]
            yield (part.id, *order)
