"""A timer that ends the kernel while a test runs."""
# square: 0
# cube: 0|1

# %% square
import os
import threading

threading.Timer(0.2, os._exit, [0]).start()


def square(x):
    import time

    time.sleep(1)
    return 0
