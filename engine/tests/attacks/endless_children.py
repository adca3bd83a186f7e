"""CPU time spent by children, not by the kernel."""
# square: 0

# %% square
import os


def square(x):
    if os.fork() == 0:
        while True:
            pass
    os.wait()
    return 0
