"""An integer of ten million digits."""
# square: 0

# %% square
def square(x):
    attack_ran()
    return 1 << 33_000_000
