"""Builtins that a test may use, replaced."""
# square: 0
# cube: 0|1

# %% square
import builtins

builtins.all = builtins.any = lambda *args: True
builtins.abs = lambda x: 0
builtins.AssertionError = type('Quiet', (Exception,), {})


def square(x):
    attack_ran()
    return 0
