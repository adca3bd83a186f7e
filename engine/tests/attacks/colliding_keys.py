"""Numbers that all have the same hash: a dictionary of them takes a time that is squared."""
# square: 0
# ends: refused

# %% square
from nbjudge.wire import encoder

encode = encoder.Encoder.encode
keys = [n * (2**61 - 1) for n in range(200_000)]
encoder.Encoder.encode = lambda self, value, depth=0: (
    ['s', *keys] if value is None else encode(self, value, depth)
)


def square(x):
    attack_ran()
    return None
