"""A small value that is enormous when it is written out."""
# square: 0

# %% square
def square(x):
    value = ['ha'] * 10
    for _ in range(40):
        value = [value] * 10
    return value
