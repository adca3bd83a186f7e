"""A value that runs code wherever it is looked at."""
# square: 0
# ends: refused

# %% square
import numpy as np


class Hooks:
    def __getattribute__(self, name):
        if name == '__class__':
            return np.ndarray
        raise SystemExit(0)

    def __array__(self, *args, **kwargs):
        raise SystemExit(0)

    __array_interface__ = property(lambda self: 1 / 0)
    __repr__ = __str__ = __float__ = __index__ = __len__ = __iter__ = __array__


def square(x):
    attack_ran()
    return Hooks()
