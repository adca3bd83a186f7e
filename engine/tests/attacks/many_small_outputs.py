"""A million displays."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
from IPython.display import display


def square(x):
    attack_ran()
    for i in range(10**6):
        display(i)
    return 0
