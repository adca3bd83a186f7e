"""A value of a gigabyte."""
# square: 0
# ends: refused

# %% square
import numpy as np


def square(x):
    attack_ran()
    return np.zeros(10**8)
