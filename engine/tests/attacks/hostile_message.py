"""An exception whose message is endless, or fails."""
# square: 0
# ends: refused

# %% square
class Loud(Exception):
    def __str__(self):
        return 'x' * (50 << 20)

    __repr__ = __str__


def square(x):
    attack_ran()
    raise Loud(lambda: 1)
