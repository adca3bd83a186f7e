"""A million displays."""
# square: 0
# ends: stopped

# %% square
from IPython.display import display


def square(x):
    attack_ran()
    for i in range(10**6):
        display(i)
    return 0
