"""Variables of the process that started the grading."""
# square: 0

# %% square
import os


def square(x):
    attack_ran()
    return x * x if 'ENGINE_CANARY' in os.environ else 0
