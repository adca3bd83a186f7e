"""Every file descriptor closed."""
# square: 0

# %% square
import os


def square(x):
    os.closerange(3, 500)
    return 0
