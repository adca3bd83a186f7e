"""SIGKILL to itself."""
# square: 0

# %% square
import os
import signal


def square(x):
    os.kill(os.getpid(), signal.SIGKILL)
