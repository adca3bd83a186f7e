"""A trace function that skips asserts."""
# square: 0

# %% square
import sys


def trace(frame, event, argument):
    return trace


sys.settrace(trace)


def square(x):
    attack_ran()
    return 0
