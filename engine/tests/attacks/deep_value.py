"""A value a million levels deep."""
# square: 0
# ends: refused

# %% square
def square(x):
    attack_ran()
    value = []
    for _ in range(10**6):
        value = [value]
    return value
