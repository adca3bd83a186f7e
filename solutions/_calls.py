"""How hidden tests look at a function's manners: what one call may do to another, and to memory."""

import inspect

import numpy as np

from solutions._agreement import agree


def agree_always(function, reference, arguments, others, rtol=1e-6, terms=0.0):
    """
    Check that a function is right at every call, and leaves arguments and older results alone.

    It is called with `arguments`, with `others`, and with arrays that held the one and hold the
    other, an argument after the other. Then their numbers lie in memory in another order, as those
    of ``X.T`` do. (A function that runs in a process of its own gets copies, and some of what it
    might do wrong does not happen. In a notebook it does.)

    Parameters
    ----------
    function : callable
        The student's function.
    reference : callable
        The right one; messages name the function and its parameters as this one does.
    arguments : sequence
        Arguments, arrays and other things. Arrays are copied before they are given away.
    others : sequence
        Other arguments: arrays of the same shapes and types, all else the same.
    rtol : float, optional
        The relative error that is allowed; a thousandth at least if an array is of float32.
    terms : float, optional
        The largest term where terms cancel; the error may be relative to it.

    Raises
    ------
    AssertionError
        If a result is wrong, an argument was changed, or a result changes after it was given.

    Examples
    --------
    >>> agree_always(np.negative, np.negative, [np.zeros(2)], [np.ones(2)])
    """
    name = reference.__name__
    names = list(inspect.signature(reference).parameters)
    if any(isinstance(a, np.ndarray) and a.dtype == np.float32 for a in arguments):
        rtol = max(rtol, 1e-3)

    earlier = []

    def call(given, hint=""):
        expected = reference(*_copies(given))
        kept = _copies(given)
        got = function(*given)
        for parameter, now, then in zip(names, given, kept, strict=False):
            assert _is_same(now, then), f"{name} changed {parameter}{_described(then)}"
        shapes = ", ".join(
            f"{parameter}{_described(argument)}"
            for parameter, argument in zip(names, given, strict=False)
        )
        if any(np.array_equal(got, result) for result in earlier):
            hint = "That is what an earlier call gave, for other numbers"
        agree(got, expected, f"{name} for {shapes}", rtol=rtol, terms=terms, hint=hint)
        earlier.append(np.array(got, dtype=float))
        return got

    given = _copies(arguments)
    first = call(given)
    call(_copies(others))
    assert np.array_equal(np.asarray(first, dtype=float), earlier[0]), (
        f"the array that {name} gave back has changed since: another call wrote into it. "
        "Each call should make its result anew"
    )
    for number, other in enumerate(others):
        if isinstance(other, np.ndarray):
            given[number][...] = other
            call(given)
    hint = "Here the numbers lie in memory in another order, as in the transpose of an array"
    call([_transposed(argument) for argument in arguments], hint)


def kinds(*arrays):
    """
    Yield the same arrays in every type that the rules allow, and mixed.

    A function should not take over the type of an argument, whichever it is.

    Parameters
    ----------
    *arrays : ndarray
        Arrays of floats, and of integers, which stay as they are.

    Yields
    ------
    list of ndarray
        The arrays; then all of float32; then one after the other of them, and all, rounded to
        integers.

    Examples
    --------
    >>> [x.dtype.kind for x, in kinds(np.zeros(2))]
    ['f', 'f', 'i']
    """
    floats = [number for number, array in enumerate(arrays) if array.dtype.kind == "f"]
    yield list(arrays)
    yield [a.astype(np.float32) if a.dtype.kind == "f" else a for a in arrays]
    for chosen in [{number} for number in floats] + [set(floats)] * (len(floats) > 1):
        yield [
            np.rint(array).astype(int) if number in chosen else array
            for number, array in enumerate(arrays)
        ]


def _copies(arguments):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]


def _is_same(now, then):
    """Compare with what an argument was; nan is itself here."""
    of_floats = isinstance(then, np.ndarray) and then.dtype.kind == "f"
    return np.array_equal(now, then, equal_nan=of_floats)


def _described(argument):
    """Tell an array by its shape, and by its type if it is not the usual one."""
    if not isinstance(argument, np.ndarray):
        return f" = {argument}"
    kind = {"f": "", "i": " of integers"}.get(argument.dtype.kind, f" of {argument.dtype}")
    kind = " of float32" if argument.dtype == np.float32 else kind
    return f"{kind} of shape {argument.shape}"


def _transposed(argument):
    """Copy an array so that its columns, and not its rows, are together in memory."""
    return np.array(argument, order="F") if isinstance(argument, np.ndarray) else argument
