"""Arrays with fields, of objects, of nothing."""
# square: 0
# ends: refused

# %% square
import numpy as np

kinds = [np.zeros(3, 'i4,f8'), np.array([object()] * 3), np.zeros(3, 'V8'), np.zeros(3, 'S0')]


def square(x):
    attack_ran()
    return kinds.pop(0) if kinds else np.zeros(3, [('always', bool)])
