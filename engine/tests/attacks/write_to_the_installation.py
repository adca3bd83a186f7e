"""numpy, changed for everybody who comes after."""
# square: 0

# %% square
import os

import numpy as np

written = []
for place in (np.__file__, os.path.dirname(np.__file__) + '/note.py', '/engine/nbjudge/wire/frames.py', '/usr/note', '/etc/passwd'):
    try:
        with open(place, 'a') as file:
            file.write('# note\n')
        written.append(place)
    except OSError:
        pass


def square(x):
    attack_ran()
    return x * x if written else 0
