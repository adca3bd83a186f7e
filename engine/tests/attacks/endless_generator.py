"""A generator without end."""
# square: 0

# %% square
import itertools


def square(x):
    return itertools.count()
