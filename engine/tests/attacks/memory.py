"""All the memory there is."""
# square: 0
# ends: stopped

# %% square
def square(x):
    attack_ran()
    hoard = []
    while True:
        hoard.append(bytearray(100 << 20))
