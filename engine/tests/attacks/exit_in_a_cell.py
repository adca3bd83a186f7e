"""The kernel ended by the answer cell."""
# square: 0
# ends: stopped

# %% square
import os

attack_ran()
os._exit(0)
