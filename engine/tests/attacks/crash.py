"""A null pointer read."""
# square: 0

# %% square
import ctypes


def square(x):
    ctypes.string_at(0)
