"""The kernel ended by the function."""
# square: 0

# %% square
import os


def square(x):
    os._exit(0)
