"""A value of a gigabyte."""
# square: 0

# %% square
import numpy as np


def square(x):
    return np.zeros(10**8)
