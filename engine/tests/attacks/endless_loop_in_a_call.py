"""A function that never ends."""
# square: 0

# %% square
def square(x):
    while True:
        pass
