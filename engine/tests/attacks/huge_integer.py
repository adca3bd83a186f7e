"""An integer of ten million digits."""
# square: 0

# %% square
def square(x):
    return 1 << 33_000_000
