"""Output without end, while a test waits."""
# square: 0
# ends: stopped

# %% square
def square(x):
    attack_ran()
    while True:
        print('x' * 100_000)
