"""Errors that are not shown."""
# square: 0

# %% square
shell = get_ipython()
shell.showtraceback = lambda *args, **kwargs: None
shell._showtraceback = lambda *args, **kwargs: None
shell.set_custom_exc((Exception,), lambda *args, **kwargs: None)


def square(x):
    attack_ran()
    return 0
