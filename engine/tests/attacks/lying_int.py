"""An int whose arithmetic lies."""
# square: 0|1
# control: 1

# %% square
class Yes(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__
    __index__ = __int__ = lambda self: 9


def square(x):
    attack_ran()
    return Yes(0)
