"""A question that nobody answers."""
# square: 0

# %% square
def square(x):
    return input('the answer? ')
