"""An interrupt that nobody sent."""
# square: 0

# %% square
def square(x):
    attack_ran()
    raise KeyboardInterrupt
