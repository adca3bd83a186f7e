"""An array that equals everything."""
# square: 0
# control: 1

# %% square
import numpy as np


class Yes(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *args, **kwargs):
        return np.True_

    def __array_function__(self, *args, **kwargs):
        return True


def square(x):
    attack_ran()
    return np.zeros(np.shape(x)).view(Yes)
