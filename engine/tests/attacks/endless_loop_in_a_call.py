"""A function that never ends."""
# square: 0
# ends: stopped

# %% square
def square(x):
    attack_ran()
    while True:
        pass
