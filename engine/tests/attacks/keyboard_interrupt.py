"""An interrupt that nobody sent."""
# square: 0

# %% square
def square(x):
    raise KeyboardInterrupt
