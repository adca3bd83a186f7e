"""Output without end, while a test waits."""
# square: 0

# %% square
def square(x):
    while True:
        print('x' * 100_000)
