"""The recursion limit lifted, until the stack is full."""
# square: 0
# ends: stopped

# %% square
import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __repr__(self):
        return repr([self])


def square(x):
    attack_ran()
    try:
        return len(repr(Deep()))
    except RecursionError:  # from Python 3.12 on, C code has a limit of its own, which nobody lifts
        nested = iter([1])  # and iterators in iterators count towards none
        for _ in range(1_000_000):
            nested = filter(None, nested)
        return next(nested)
