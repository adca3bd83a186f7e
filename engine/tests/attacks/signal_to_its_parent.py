"""Signals to the process that forked it."""
# square: 0

# %% square
import os
import signal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSTOP):
    for pid in (os.getppid(), 1):
        try:
            os.kill(pid, number)
        except OSError:
            pass


def square(x):
    attack_ran()
    return 0
