"""No attack: numpy's own numbers."""
# square: 3

# %% square
import numpy as np


def square(x):
    return np.multiply(x, x)
