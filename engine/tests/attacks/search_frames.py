"""The caller's frames, for the expected value."""
# square: 0
# control: 2

# %% square
import sys


def square(x):
    attack_ran()
    frame = sys._getframe()
    while frame is not None:
        for space in (frame.f_locals, frame.f_globals):
            if 'reference' in space:
                return space['reference'].square(x)
        frame = frame.f_back
    return 0
