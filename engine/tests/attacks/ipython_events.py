"""A hook before every cell that empties it."""
# square: 0

# %% square
import IPython


def empty(info):
    info.raw_cell = ''


get_ipython().events.register('pre_run_cell', empty)


def square(x):
    attack_ran()
    return 0
