"""SystemExit with success."""
# square: 0

# %% square
import sys


def square(x):
    sys.exit(0)
