"""The shell made to run nothing."""
# square: 0
# cube: 0|1
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
shell = get_ipython()
shell.run_cell = lambda *args, **kwargs: None
shell.run_cell_async = None


def square(x):
    attack_ran()
    return 0
