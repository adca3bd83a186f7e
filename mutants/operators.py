"""The changes that make mutants: each is made in one place of a function at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_BOUNDARY = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_DIRECTION = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_FUNCTIONS = {
    "minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min", "exp": "expm1",
    "expm1": "exp", "log": "log1p", "log1p": "log", "mean": "sum", "sum": "mean", "any": "all",
    "all": "any", "argmax": "argmin", "argmin": "argmax", "ones": "zeros", "zeros": "ones",
    "floor": "ceil", "ceil": "floor", "abs": "negative", "full_like": "zeros_like",
    "cumsum": "asarray", "sort": "asarray", "unique": "sort", "append": "prepend",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A function with one change.

    Parameters
    ----------
    what : str
        The kind of change, such as ``"constant"``.
    before, after : str
        The statement that is changed, on one line each.
    tree : ast.Module
        The module that defines the function, changed.
    refuses_less : bool
        Whether all that is left out is a refusal: nothing that is allowed can tell.
    """

    what: str
    before: str
    after: str
    tree: ast.Module
    refuses_less: bool = False


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Yield every mutant of some code.

    Parameters
    ----------
    tree : ast.Module
        The code. It is not changed.

    Yields
    ------
    Mutant
        One change each; no two with the same statement after it in the same place.
    """
    names = _names(tree)
    places = list(_places(tree))
    seen = {ast.unparse(tree)}
    for number, place in enumerate(places):
        for choice in range(len(list(_changes(place, names)))):
            made = copy.deepcopy(tree)
            node = list(_places(made))[number]
            what, new = list(_changes(node, names))[choice]
            statement = _statement_of(made, node)
            before = _line(statement)
            replaced = _replace(made, node, new)
            if not replaced:
                continue
            ast.fix_missing_locations(made)
            after = _line(new) if node is statement else _line(statement)
            text = ast.unparse(made)
            if text not in seen and before != after:
                seen.add(text)
                less = _refuses_less(place, what) or before.startswith("_checks.")
                yield Mutant(what, before, after, made, less)


def _places(node):
    """Yield the nodes where a change is made.

    Not in what an error says, nor in the list of numpy's warnings that are switched off: a test
    that asks for no warning meets the mutant that switches none of them off.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr) or _is_errstate(child):
            continue
        yield child
        if not isinstance(child, ast.Raise):
            yield from _places(child)


def _is_errstate(node):
    return isinstance(node, ast.withitem) and "errstate" in ast.unparse(node)


def _names(tree):
    """Return the arguments and variables of a function, in the order of the alphabet."""
    found = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return sorted(found)


def _refuses_less(node, what):
    """Tell whether a change only leaves out an error."""
    if isinstance(node, ast.Raise):
        return True
    only_raises = isinstance(node, ast.If) and all(isinstance(n, ast.Raise) for n in node.body)
    return only_raises and what in ("statement left out", "condition always False")


def _line(node):
    """Write a statement on one line; of a block the head."""
    if node is None or isinstance(node, list):
        return "; ".join(_line(part) for part in node) if node else "(nothing)"
    return ast.unparse(node).split("\n")[0]


def _statement_of(tree, node):
    """Return the innermost statement that contains a node."""
    best = tree
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt) and any(n is node for n in ast.walk(statement)):
            best = statement
    return best


def _replace(tree, old, new):
    """Put a node, or some statements, in the place of a node."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
                return True
            if isinstance(value, list):
                for index, item in enumerate(value):
                    if item is old:
                        new_items = new if isinstance(new, list) else [new]
                        if not new_items and isinstance(old, ast.stmt):
                            new_items = [ast.Pass()]
                        value[index : index + 1] = new_items
                        return True
    return False


def _changes(node, names):
    """Yield the kind of each change of a node, and what comes in its place."""
    change = _BY_TYPE.get(type(node))
    if change is not None:
        yield from change(node)
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        other = names[(names.index(node.id) + 1) % len(names)]
        yield "names mixed up", ast.Name(other, ast.Load())


def _with(node, **fields):
    made = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def _of_binary(node):
    other = _ARITHMETIC.get(type(node.op))
    if other:
        yield "arithmetic", _with(node, op=other())
    yield "left term only", node.left
    yield "right term only", node.right
    if isinstance(node.op, ast.Div):
        tiny = ast.BinOp(node.right, ast.Add(), ast.Constant(1e-9))
        yield "epsilon in a denominator", _with(node, right=tiny)
    if isinstance(node.op, ast.MatMult):
        yield "arithmetic", _with(node, op=ast.Mult())


def _of_comparison(node):
    for table, what in [(_BOUNDARY, "boundary"), (_DIRECTION, "direction")]:
        other = table.get(type(node.ops[0]))
        if other:
            yield what, _with(node, ops=[other(), *node.ops[1:]])


def _of_boolean(node):
    yield "and, or", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for value in node.values:
        yield "one condition only", value


def _of_unary(node):
    yield "sign or negation dropped", node.operand


def _of_constant(node):
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
        yield "constant", ast.Constant(value - 1) if value > 0 else ast.Constant(2)
    elif isinstance(value, float):
        yield "constant", ast.Constant(value * 2 if value else 1e-9)
        yield "constant", ast.Constant(value * 0.8 if value else 1.0)
    elif value is None:
        yield "constant", ast.Constant(0)


def _of_call(node):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    other = _FUNCTIONS.get(name)
    if other and isinstance(node.func, ast.Attribute):
        yield "another function", _with(node, func=_with(node.func, attr=other))
    elif other and isinstance(node.func, ast.Name) and other in ("min", "max", "any", "all"):
        yield "another function", _with(node, func=_with(node.func, id=other))
    if node.args:
        yield "call dropped", node.args[0]
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield "call dropped", node.func.value
    for index, keyword in enumerate(node.keywords):
        if keyword.arg:
            rest = [k for i, k in enumerate(node.keywords) if i != index]
            yield "keyword dropped", _with(node, keywords=rest)
    if name == "where" and len(node.args) == 3:
        yield "branches swapped", _with(node, args=[node.args[0], node.args[2], node.args[1]])
        yield "one branch only", node.args[1]
        yield "one branch only", node.args[2]
    if name in ("log", "log2", "log10") and len(node.args) == 1:
        tiny = ast.BinOp(node.args[0], ast.Add(), ast.Constant(1e-12))
        yield "epsilon in a logarithm", _with(node, args=[tiny])


def _is_module(node):
    return isinstance(node, ast.Name) and (node.id in ("np", "math") or node.id.startswith("_"))


def _of_attribute(node):
    if node.attr == "T":
        yield "not transposed", node.value


def _of_subscript(node):
    if isinstance(node.ctx, ast.Load):
        yield "subscript dropped", node.value


def _of_choice(node):
    for value in (True, False):
        yield f"condition always {value}", _with(node, test=ast.Constant(value))


def _of_tuple(node):
    if isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        yield "pair swapped", _with(node, elts=node.elts[::-1])


def _of_with(node):
    yield "context left out", node.body


def _of_jump(node):
    yield "jump", ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


def _of_statement(node):
    simple = (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete, ast.Raise, ast.Assert, ast.If)
    is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, simple) and not is_docstring:
        yield "statement left out", []
    if isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        yield "arithmetic", _with(node, op=_ARITHMETIC[type(node.op)]())
    if isinstance(node, ast.For):
        all_but_first = ast.Subscript(
            ast.Call(ast.Name("list", ast.Load()), [node.iter], []),
            ast.Slice(ast.Constant(1)),
            ast.Load(),
        )
        yield "the first turn of a loop left out", _with(node, iter=all_but_first)


_BY_TYPE = {
    ast.BinOp: _of_binary, ast.Compare: _of_comparison, ast.BoolOp: _of_boolean,
    ast.UnaryOp: _of_unary, ast.Constant: _of_constant, ast.Call: _of_call,
    ast.Attribute: _of_attribute, ast.Subscript: _of_subscript, ast.If: _of_choice,
    ast.IfExp: _of_choice, ast.While: _of_choice, ast.Tuple: _of_tuple, ast.With: _of_with,
    ast.Break: _of_jump, ast.Continue: _of_jump,
}  # fmt: skip
