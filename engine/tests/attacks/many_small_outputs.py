"""A million displays."""
# square: 0

# %% square
from IPython.display import display


def square(x):
    for i in range(10**6):
        display(i)
    return 0
