"""The loaded modules, for the reference."""
# square: 0
# control: 2

# %% square
import sys


def square(x):
    attack_ran()
    for name, module in list(sys.modules.items()):
        if 'reference' in name and hasattr(module, 'square'):
            return module.square(x)
    return 0
