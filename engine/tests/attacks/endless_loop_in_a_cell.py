"""An answer cell that never ends."""
# square: 0
# ends: stopped

# %% square
attack_ran()
while True:
    pass
