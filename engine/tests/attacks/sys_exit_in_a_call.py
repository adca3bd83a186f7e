"""SystemExit with success."""
# square: 0

# %% square
import sys


def square(x):
    attack_ran()
    sys.exit(0)
