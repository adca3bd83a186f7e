"""A thread that prints and patches for ever."""
# square: 0
# cube: 0|1

# %% square
import threading
import time


def work():
    while True:
        print('still here')
        globals()['cube'] = None
        time.sleep(0.001)


threading.Thread(target=work, daemon=True).start()


def square(x):
    attack_ran()
    return 0
