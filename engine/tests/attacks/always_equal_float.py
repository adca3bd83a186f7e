"""A float that equals everything."""
# square: 0
# control: 1

# %% square
class Yes(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__
    __le__ = __lt__ = __ge__ = __gt__ = __eq__


def square(x):
    attack_ran()
    return Yes(0)
