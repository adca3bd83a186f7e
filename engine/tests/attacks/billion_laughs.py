"""A small value that is enormous when it is written out."""
# square: 0
# ends: stopped

# %% square
def square(x):
    attack_ran()
    value = ['ha'] * 10
    for _ in range(40):
        value = [value] * 10
    return value
