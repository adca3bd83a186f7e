"""SIGSTOP to itself: neither dead nor alive, and at no cost."""
# square: 0
# ends: stopped

# %% square
import os
import signal


def square(x):
    attack_ran()
    os.kill(os.getpid(), signal.SIGSTOP)
