"""Every file descriptor closed."""
# square: 0
# ends: stopped

# %% square
import os


def square(x):
    attack_ran()
    os.closerange(3, 500)
    return 0
