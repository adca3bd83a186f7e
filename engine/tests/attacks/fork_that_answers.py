"""Two processes that answer the same call."""
# square: 0
# cube: 0|1
# limits: iopub_timeout=2

# %% square
import os


def square(x):
    attack_ran()
    os.fork()
    return 0
