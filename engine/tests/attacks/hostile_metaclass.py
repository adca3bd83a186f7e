"""An exception whose class lies about everything."""
# square: 0
# cube: 0|1
# ends: refused

# %% square
class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)


class Odd(Exception, metaclass=Meta):
    pass


def square(x):
    attack_ran()
    raise Odd()
