"""No attack: the right answer gets its points."""
# square: 3

# %% square
def square(x):
    return x * x
