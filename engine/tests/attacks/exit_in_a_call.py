"""The kernel ended by the function."""
# square: 0
# ends: stopped

# %% square
import os


def square(x):
    attack_ran()
    os._exit(0)
