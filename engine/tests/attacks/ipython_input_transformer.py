"""Every cell turned into nothing before it runs."""
# square: 0
# cube: 0|1
# control: 3

# %% square
get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])


def square(x):
    attack_ran()
    return 0
