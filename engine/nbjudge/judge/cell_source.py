"""The Python of a cell, read once: its syntax tree, the names in it, and its code.

One judge asks the same of a cell many times, and the judges of a class run the same cells, so what
was read last is kept. Trees are shared: nobody changes one.
"""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Iterator, Mapping
from typing import Any

_READ = 64
"""So many cells are kept as they were read."""
KNOWN = 512
"""Of so many cells it is kept what was found in them."""
_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@functools.lru_cache(_READ)
def plain_python(source: str) -> str:
    """Turn magics into calls; what is Python already stays as it is."""
    if not any(mark in source for mark in "%!?"):
        return source
    try:
        _parse(source)
    except _UNREADABLE:
        from IPython.core.inputtransformer2 import TransformerManager

        return TransformerManager().transform_cell(source)
    return source


@functools.lru_cache(_READ)
def _parse(python: str) -> ast.Module:
    return ast.parse(python)


def tree_of(source: str) -> ast.Module:
    """Return the syntax tree of a cell, without its magics.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If it is no Python.
    """
    return _parse(plain_python(source))


def nodes(source: str) -> Iterator[ast.AST]:
    """Yield all that stands in a cell; nothing of one that is no Python."""
    try:
        return ast.walk(tree_of(source))
    except _UNREADABLE:
        return iter(())


def statements(source: str) -> Iterator[ast.stmt]:
    """Yield the statements of a cell, those in its branches and blocks too."""
    try:
        body = tree_of(source).body
    except _UNREADABLE:
        return
    todo: list[Any] = body[::-1]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            handlers = [s for h in getattr(node, "handlers", []) for s in h.body]
            todo += (inner + handlers)[::-1]


@functools.lru_cache(KNOWN)
def compiled(source: str, name: str) -> tuple[types.CodeType, types.CodeType | None]:
    """Compile a cell as a notebook runs it: it may await at its top, and its last value is shown.

    Parameters
    ----------
    source : str
        The cell.
    name : str
        What tracebacks call it.

    Returns
    -------
    statements : CodeType
        All of it but the expression at its end.
    last : CodeType or None
        That expression, unless a semicolon hides its value.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If it is no Python.
    """
    body = tree_of(source).body
    end, last = body[-1] if body else None, None
    if isinstance(end, ast.Expr) and not source.rstrip().endswith(";"):
        body, last = body[:-1], ast.Expression(end.value)
    statements = ast.Module(body, [])
    first: types.CodeType = compile(statements, name, "exec", _TOP_LEVEL_AWAIT, dont_inherit=True)
    if last is None:
        return first, None
    return first, compile(last, name, "eval", _TOP_LEVEL_AWAIT, dont_inherit=True)


def with_helpers(source: str, helpers: Mapping[str, str]) -> str:
    """Return a cell's source and that of the instructor's functions that it names."""
    return "\n".join([source, *(helpers[name] for name in sorted(names_in(source) & {*helpers}))])


@functools.lru_cache(KNOWN)
def bound_names(source: str) -> frozenset[str]:
    """Return the names that a cell binds at its top."""
    return frozenset(name for node in statements(source) for name in bound(node))


@functools.lru_cache(KNOWN)
def defined_names(source: str) -> frozenset[str]:
    """Return the functions, classes and imports of a cell."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    found = (node for node in statements(source) if isinstance(node, kinds))
    return frozenset(name for node in found for name in bound(node))


@functools.lru_cache(KNOWN)
def called_names(source: str) -> frozenset[str]:
    """Return the names that a cell calls."""
    calls = [node.func for node in nodes(source) if isinstance(node, ast.Call)]
    return frozenset(function.id for function in calls if isinstance(function, ast.Name))


@functools.lru_cache(KNOWN)
def names_in(source: str) -> frozenset[str]:
    """Return the names that stand anywhere in a cell."""
    return frozenset(node.id for node in nodes(source) if isinstance(node, ast.Name))


def bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in the notebook, by itself or in its functions."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                yield from inner.names
        return
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (name for name, _ in imported(node))
        return
    if isinstance(node, (ast.If, ast.Try, ast.While)):
        return  # their statements come one by one
    if isinstance(node, (ast.For, ast.With)):
        heads = (
            [node.target] if isinstance(node, ast.For) else [i.optional_vars for i in node.items]
        )
        found = [n for head in heads if head is not None for n in ast.walk(head)]
    else:
        found = list(ast.walk(node))
    for inner in found:
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, list[str | None]]]:
    """Yield the names that an import binds, each with its module and what is taken from it."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            module = alias.name if alias.asname else alias.name.split(".")[0]
            yield alias.asname or module, [module, None]
        elif alias.name != "*" and not node.level:
            yield alias.asname or alias.name, [node.module, alias.name]
