"""SIGKILL to itself."""
# square: 0
# ends: stopped

# %% square
import os
import signal


def square(x):
    attack_ran()
    os.kill(os.getpid(), signal.SIGKILL)
