"""SystemExit from the answer cell."""
# square: 0

# %% square
attack_ran()
raise SystemExit(0)
