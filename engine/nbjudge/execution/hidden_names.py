"""Whether code may read or bind names that do not stand in it."""

from __future__ import annotations

import ast
import re

from nbjudge.execution.cell_names import Use

_ANY_NAME = re.compile(
    r"exec|eval|compile|globals|locals|vars|dir|get_ipython|__import__|__builtins__"
    r"|attrgetter|methodcaller|In|Out|_{1,3}|_[io]h|_dh|_i{1,3}|_i?\d+"
)
"""Names through which code reads or binds any other."""
_WAYS = frozenset(
    {"f_globals", "f_locals", "f_back", "f_builtins", "tb_frame", "gi_frame", "cr_frame"}
    | {"user_ns", "modules", "_getframe", "currentframe", "settrace", "setprofile", "get_objects"}
    | {"get_referrers", "attrgetter", "methodcaller", "query", "eval"}
)
"""Attributes that lead to the names of a notebook; pandas' ``query`` reads them by ``@``."""
_HIDDEN = frozenset(
    {"__globals__", "__builtins__", "__dict__", "__code__", "__closure__", "__defaults__"}
    | {"__kwdefaults__", "__annotations__", "__self__", "__func__", "__wrapped__"}
    | {"__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__subclasses__"}
    | {"__all__", "__enter__", "__exit__", "__reduce__", "__reduce_ex__", "__setstate__"}
    | {"__loader__", "__spec__", "__import__"}
)
"""Attributes by which an object, a function or a module is changed in ways that nobody sees."""
_MODULES = frozenset(
    {"__main__", "builtins", "gc", "importlib", "IPython", "timeit", "doctest", "runpy", "code"}
    | {"codeop", "pdb", "bdb", "weakref"}
)
_OF_INSPECT = frozenset({"stack", "currentframe", "trace"})


def hides_names(tree: ast.AST, names: set[str], uses: frozenset[Use]) -> bool:
    """Return whether code may read or bind names that do not stand in it.

    Parameters
    ----------
    tree : ast.AST
        The code.
    names : set of str
        The global names that it reads.
    uses : frozenset of tuple
        All names in it, with the attributes that are asked of them.
    """
    if any(map(_ANY_NAME.fullmatch, names)) or ("inspect", "stack") in uses:
        return True
    literal = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _names_an_attribute(node)
    }
    return any(_is_a_way(node, literal) for node in ast.walk(tree))


def _names_an_attribute(call: ast.Call) -> bool:
    """Whether a call, of ``getattr``, says which attribute it asks for, and that is harmless."""
    match call.args:
        case [_, ast.Constant(value=str() as name), *_]:
            return name not in _WAYS | _HIDDEN
    return False


def _is_a_way(node: ast.AST, literal: set[int]) -> bool:
    match node:
        case ast.Attribute(attr=name):
            return name in _WAYS or name in _HIDDEN
        case ast.Name(id="getattr"):
            return id(node) not in literal
        case ast.FunctionDef(name="__del__"):  # runs when a name is bound anew
            return True
        case ast.Constant(value=str() as text):  # "{0.__globals__}".format(f)
            return "__" in text and any(name in text for name in _HIDDEN)
        case ast.Import(names=aliases):
            return any(alias.name.split(".")[0] in _MODULES for alias in aliases)
        case ast.ImportFrom(module=module, names=aliases):
            taken = {alias.name for alias in aliases}
            of_inspect = module == "inspect" and bool(taken & _OF_INSPECT)
            at_large = "*" in taken or str(module).split(".")[0] in _MODULES
            return at_large or of_inspect or any(map(_ANY_NAME.fullmatch, taken))
    return False
