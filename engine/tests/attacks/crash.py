"""A null pointer read."""
# square: 0
# ends: stopped

# %% square
import ctypes


def square(x):
    attack_ran()
    ctypes.string_at(0)
