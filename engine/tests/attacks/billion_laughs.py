"""A small value that is enormous when it is written out."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
def square(x):
    attack_ran()
    value = ['ha'] * 10
    for _ in range(40):
        value = [value] * 10
    return value
