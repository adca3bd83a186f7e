"""A view of one number that claims to be a terabyte."""
# square: 0

# %% square
import numpy as np


def square(x):
    return np.broadcast_to(np.float64(0), (2**37,))
