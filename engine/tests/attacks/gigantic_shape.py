"""A view of one number that claims to be a terabyte."""
# square: 0
# ends: refused

# %% square
import numpy as np


def square(x):
    attack_ran()
    return np.broadcast_to(np.float64(0), (2**37,))
