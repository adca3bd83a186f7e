"""An object that runs code when it is unpickled."""
# square: 0
# ends: refused

# %% square
import os


class Bomb:
    def __reduce__(self):
        return os._exit, (0,)


def square(x):
    attack_ran()
    return Bomb()
