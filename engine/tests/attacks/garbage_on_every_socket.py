"""Noise into every file descriptor."""
# square: 0
# ends: refused

# %% square
import os


def square(x):
    attack_ran()
    for fd in range(3, 200):
        try:
            os.write(fd, os.urandom(1000))
        except OSError:
            pass
    return 0
