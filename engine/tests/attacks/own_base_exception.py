"""An exception that `except Exception` does not catch."""
# square: 0

# %% square
class Over(BaseException):
    pass


def square(x):
    attack_ran()
    raise Over
