"""The course's own library, through the finder that its installation left."""
# square: 0
# control: 3

# %% square
import sys

sys.path[:0] = ['/', '/work', '/engine', '.', '..']
attack_ran()
from reference import square
