"""A value a million levels deep."""
# square: 0

# %% square
def square(x):
    value = []
    for _ in range(10**6):
        value = [value]
    return value
