"""An exception that loops take for the end of the list."""
# square: 0

# %% square
def square(x):
    attack_ran()
    raise StopIteration
