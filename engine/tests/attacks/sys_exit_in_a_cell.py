"""SystemExit from the answer cell."""
# square: 0

# %% square
raise SystemExit(0)
