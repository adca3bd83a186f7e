"""A question that nobody answers."""
# square: 0

# %% square
def square(x):
    attack_ran()
    return input('the answer? ')
