"""Globals of the names of builtins."""
# square: 0

# %% square
def abs(x):
    return 0


def all(x):
    return True


def square(x):
    attack_ran()
    return 0
