"""An answer cell that never ends."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
attack_ran()
while True:
    pass
