"""No attack: warnings, prints and a picture cost nothing."""
# square: 3

# %% square
import sys
import warnings

import matplotlib.pyplot as plt


def square(x):
    warnings.warn('mind the gap')
    print('debug', file=sys.stderr)
    plt.plot([1, 2])
    return x * x
