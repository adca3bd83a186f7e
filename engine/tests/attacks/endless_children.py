"""CPU time spent by children, not by the kernel."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
import os


def square(x):
    attack_ran()
    if os.fork() == 0:
        while True:
            pass
    os.wait()
    return 0
