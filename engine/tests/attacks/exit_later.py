"""A timer that ends the kernel while a test runs."""
# square: 0
# cube: 0|1
# ends: stopped

# %% square
import os
import threading

threading.Timer(0.2, os._exit, [0]).start()


def square(x):
    attack_ran()
    import time

    time.sleep(1)
    return 0
