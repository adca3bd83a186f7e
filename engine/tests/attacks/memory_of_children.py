"""A little memory each, in many processes."""
# square: 0
# ends: stopped

# %% square
import os
import time


def square(x):
    attack_ran()
    for _ in range(60):
        if os.fork() == 0:
            hoard = b'x' * (300 << 20)
            time.sleep(1000)
    time.sleep(1000)
