"""Output without end, while a test waits."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
def square(x):
    attack_ran()
    while True:
        print('x' * 100_000)
