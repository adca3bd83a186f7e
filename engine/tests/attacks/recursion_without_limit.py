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
    return len(repr(Deep()))
