"""The shell made to run nothing."""
# square: 0
# cube: 0|1
# ends: stopped

# %% square
shell = get_ipython()
shell.run_cell = lambda *args, **kwargs: None
shell.run_cell_async = None


def square(x):
    attack_ran()
    return 0
