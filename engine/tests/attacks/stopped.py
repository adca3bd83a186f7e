"""SIGSTOP to itself: neither dead nor alive, and at no cost."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
import os
import signal


def square(x):
    attack_ran()
    os.kill(os.getpid(), signal.SIGSTOP)
