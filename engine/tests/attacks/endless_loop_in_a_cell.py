"""An answer cell that never ends."""
# square: 0

# %% square
while True:
    pass
