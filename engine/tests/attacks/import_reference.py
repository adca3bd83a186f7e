"""The reference library, imported."""
# square: 0
# control: 3

# %% square
def square(x):
    attack_ran()
    import reference

    return reference.square(x)
