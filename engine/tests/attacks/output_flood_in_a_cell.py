"""Output without end."""
# square: 0
# ends: stopped

# %% square
attack_ran()
while True:
    print('x' * 100_000)
