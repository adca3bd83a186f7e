"""A function that waits for ever, at no cost."""
# square: 0

# %% square
import time


def square(x):
    time.sleep(10**6)
