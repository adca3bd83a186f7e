"""Memory that is shared and anonymous, in many processes."""
# square: 0
# ends: stopped

# %% square
import mmap
import os
import time


def square(x):
    attack_ran()
    for _ in range(30):
        if os.fork() == 0:
            hoard = mmap.mmap(-1, 300 << 20)
            hoard.write(b'x' * (300 << 20))
            time.sleep(1000)
    time.sleep(1000)
