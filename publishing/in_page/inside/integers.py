"""Integers of 64 bits where numpy of a machine with 32 bits has its own: places and counts.

numpy's default integer has 64 bits in the page (``publishing/in_page/integers.py``). Where numpy
itself counts or finds something, its result still has the 32 bits of an address. Here such results
are widened, so that products of counts are not wrong in silence, and the names of the default
integer lead to it.
"""

import functools
import gc
import sys

import numpy as np

METHODS = ("argmax", "argmin", "argpartition", "argsort", "nonzero", "searchsorted")
"""Methods of arrays that give places."""
FUNCTIONS = (
    "bincount",
    "count_nonzero",
    "digitize",
    "histogram",
    "lexsort",
    "ravel_multi_index",
    "unravel_index",
)
"""Functions that give places or counts, and nothing else of integers."""
RANDOM = (
    "binomial",
    "choice",
    "geometric",
    "hypergeometric",
    "logseries",
    "multinomial",
    "negative_binomial",
    "permutation",
    "poisson",
    "randint",
    "random_integers",
    "tomaxint",
    "zipf",
)
"""Methods of the older random numbers, whose integers are C's."""


def wide(result):
    """Return a result with integers of 64 bits where it has those of an address."""
    if isinstance(result, tuple):
        parts = [wide(part) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
    dtype = getattr(result, "dtype", None)
    if dtype is None or dtype.char != "l":
        return result
    return result.astype(np.int64)


def widening(function):
    """Return a function with the results of another, widened."""

    @functools.wraps(function)
    def wrapped(*arguments, **settings):
        return wide(function(*arguments, **settings))

    return wrapped


def _narrowing(binomial):
    @functools.wraps(binomial)
    def wrapped(self, n, *arguments, **settings):
        return binomial(self, n.astype("l") if is_wide(n) else n, *arguments, **settings)

    def is_wide(n):
        return isinstance(n, np.ndarray) and n.dtype == np.int64

    return wrapped


def _unique(function):
    @functools.wraps(function)
    def unique(*arguments, **settings):
        found = function(*arguments, **settings)
        if not isinstance(found, tuple):
            return found
        return (found[0], *wide(found[1:]))  # the values keep their type

    return unique


def _where(function):
    @functools.wraps(function)
    def where(condition, *choices):
        found = function(condition, *choices)
        return found if choices else wide(found)

    return where


def _methods_of(kind):
    """Return the methods of a type that is written in C, to be changed."""
    (methods,) = gc.get_referents(kind.__dict__)
    return methods


def _replace(name, function):
    """Put a function in the place of the one that numpy has under a name, in all its modules."""
    old = getattr(np, name)
    for module in list(sys.modules.values()):
        is_numpy = getattr(module, "__name__", "").split(".")[0] == "numpy"
        if is_numpy and getattr(module, name, None) is old:
            setattr(module, name, function)


def widen():
    """Change numpy. Called once, before anything has looked for a method of arrays."""
    methods = _methods_of(np.ndarray)
    for name in METHODS:
        methods[name] = widening(methods[name])
    sys._clear_type_cache()
    for name in FUNCTIONS:
        _replace(name, widening(getattr(np, name)))
    _replace("unique", _unique(np.unique))
    _replace("where", _where(np.where))
    _widen_random()
    _rename()


def _widen_random():
    methods = _methods_of(np.random.RandomState)
    methods["binomial"] = _narrowing(methods["binomial"])
    for name in RANDOM:
        methods[name] = widening(methods[name])
    sys._clear_type_cache()
    of_the_module = np.random.normal.__self__
    for name in set(RANDOM) & set(np.random.__all__):
        setattr(np.random, name, getattr(of_the_module, name))


def _rename():
    """Let the names of the default integer lead to it."""
    from numpy._core import arrayprint, numerictypes

    for name, kind in (("int_", np.int64), ("uint", np.uint64)):
        _replace(name, kind)
        numerictypes.sctypeDict[name] = kind
    numerictypes.sctypeDict["int"] = np.int64
    at = arrayprint._typelessdata.index(np.int32)
    arrayprint._typelessdata[at] = np.int64
