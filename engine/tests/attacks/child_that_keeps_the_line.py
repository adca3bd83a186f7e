"""The kernel ends, and a child of it holds the judge's line open."""
# square: 0
# ends: stopped

# %% square
import os
import time


def square(x):
    attack_ran()
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
    os._exit(0)
