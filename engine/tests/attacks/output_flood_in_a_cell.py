"""Output without end."""
# square: 0

# %% square
while True:
    print('x' * 100_000)
