"""Output without end."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
attack_ran()
while True:
    print('x' * 100_000)
