"""A function that waits for ever, at no cost."""
# square: 0
# ends: stopped

# %% square
import time


def square(x):
    attack_ran()
    time.sleep(10**6)
