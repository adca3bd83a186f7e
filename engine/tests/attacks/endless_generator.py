"""A generator without end: it is handed over, draws nothing by itself, and equals no number."""
# square: 0

# %% square
import itertools


def square(x):
    attack_ran()
    return itertools.count()
