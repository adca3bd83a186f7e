"""A list that contains itself."""
# square: 0
# ends: refused

# %% square
def square(x):
    attack_ran()
    value = [x]
    value.append(value)
    return value
