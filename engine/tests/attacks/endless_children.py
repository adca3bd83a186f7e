"""CPU time spent by children, not by the kernel."""
# square: 0
# ends: stopped

# %% square
import os


def square(x):
    attack_ran()
    if os.fork() == 0:
        while True:
            pass
    os.wait()
    return 0
