"""All the memory there is."""
# square: 0

# %% square
def square(x):
    hoard = []
    while True:
        hoard.append(bytearray(100 << 20))
