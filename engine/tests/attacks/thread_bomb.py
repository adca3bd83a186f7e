"""Threads without number."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
import threading
import time


def square(x):
    attack_ran()
    while True:
        try:
            threading.Thread(target=time.sleep, args=(1000,)).start()
        except RuntimeError:
            pass
