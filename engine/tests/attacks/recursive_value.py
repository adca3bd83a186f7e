"""A list that contains itself."""
# square: 0

# %% square
def square(x):
    value = [x]
    value.append(value)
    return value
