"""No attack: strided, reversed and Fortran arrays are ordinary answers."""
# square: 3

# %% square
import numpy as np


def square(x):
    if np.ndim(x) == 0:
        return x * x
    table = np.asfortranarray(np.stack([x, x * x, x]))
    return table[1][::-1][::-1]
