"""A function that waits for ever, at no cost."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
import time


def square(x):
    attack_ran()
    time.sleep(10**6)
