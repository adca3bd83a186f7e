"""The Python of a cell, read once: its syntax tree, and the names in it.

One judge asks the same of a cell many times, so what was read last is kept. Trees are shared:
nobody changes one.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from typing import Any

_READ = 64
"""So many cells are kept as they were read."""
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


@functools.lru_cache(_READ)
def bound_names(source: str) -> frozenset[str]:
    """Return the names that a cell binds at its top."""
    return frozenset(name for node in statements(source) for name in bound(node))


def defined_names(source: str) -> set[str]:
    """Return the functions, classes and imports of a cell."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return {n for node in statements(source) if isinstance(node, kinds) for n in bound(node)}


def called_names(source: str) -> set[str]:
    """Return the names that a cell calls."""
    calls = [node.func for node in nodes(source) if isinstance(node, ast.Call)]
    return {function.id for function in calls if isinstance(function, ast.Name)}


def names_in(source: str) -> set[str]:
    """Return the names that stand anywhere in a cell."""
    return {node.id for node in nodes(source) if isinstance(node, ast.Name)}


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
