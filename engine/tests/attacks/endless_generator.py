"""A generator without end."""
# square: 0
# ends: refused

# %% square
import itertools


def square(x):
    attack_ran()
    return itertools.count()
