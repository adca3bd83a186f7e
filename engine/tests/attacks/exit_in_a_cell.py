"""The kernel ended by the answer cell."""
# square: 0

# %% square
import os

os._exit(0)
