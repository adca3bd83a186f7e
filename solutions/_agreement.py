"""How hidden tests compare a student's result with the right one: the worst entry is named."""

import numpy as np


def agree(got, expected, what, at=None, hint="", rtol=1e-6, terms=0.0):
    """
    Check that numbers are right, and say in the student's words which is not.

    What the shape is comes first: an array without entries agrees with nothing.

    Parameters
    ----------
    got : object
        What the student's function returned: an array, a list of the same shape, a number.
    expected : array_like
        The right numbers, calculated before the call.
    what : str
        What they are, such as ``"sigmoid(a)"``.
    at : array_like, optional
        The argument for each entry, of the shape of `expected`, to be named beside a wrong one.
    hint : str, optional
        A question or a remark that leads on, for a wrong number.
    rtol : float, optional
        The relative error that is allowed; the course's rule is a millionth.
    terms : array_like, optional
        The largest term of each entry where terms cancel; the error may be relative to it.

    Raises
    ------
    AssertionError
        If the result is not made of numbers, has another shape, or one of them is wrong. Of the
        wrong ones the message names the one that is furthest off.

    Examples
    --------
    >>> agree([0.5, 1], [0.5, 1.0], "sigmoid(a)")
    >>> agree([0.5, 1], [0.5, 0.9], "sigmoid(a)", at=[0, 2.2], hint="Too sure?")
    Traceback (most recent call last):
    ...
    AssertionError: sigmoid(a) should be 0.9 for 2.2, got 1. Too sure?
    """
    expected = np.asarray(expected, dtype=float)
    if got is None:
        raise AssertionError(f"{what} is None: is there a return statement?")
    try:
        if np.asarray(got).dtype.kind in "US":
            raise TypeError  # numpy would read numbers from texts
        numbers = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise AssertionError(f"{what} should be made of numbers, got {got!r}") from None
    if numbers.shape != expected.shape:
        raise AssertionError(
            f"{what} should have the shape {expected.shape}, got the shape {numbers.shape}"
        )
    with np.errstate(all="ignore"):
        off = np.where(numbers == expected, 0.0, np.abs(numbers - expected))
        allowed = rtol * np.maximum(np.abs(expected), terms)
        allowed = np.where(np.isfinite(expected), allowed, 0.0)
        wrong = ~((off <= allowed) | (np.isnan(numbers) & np.isnan(expected)))
        if not wrong.any():
            return
        # How far off by what is allowed; an entry that is nan, or infinite by mistake, is worst.
        distance = np.nan_to_num(off / allowed, nan=np.inf, posinf=np.inf)
    place = np.unravel_index(np.argmax(np.where(wrong, distance, -1.0)), expected.shape)
    where = ""
    if at is not None:
        where = f" for {np.asarray(at)[place]:.6g}"
    elif place:
        where = f" at [{', '.join(map(str, place))}]"
    right, came = _told(expected[place], numbers[place])
    raise AssertionError(f"{what} should be {right}{where}, got {came}. {hint}".rstrip(" ."))


def _told(right, came):
    """Write two numbers with as many digits as tell them apart."""
    for digits in (4, 6, 9, 17):
        told = f"{right:.{digits}g}", f"{came:.{digits}g}"
        if told[0] != told[1]:
            break
    return told
