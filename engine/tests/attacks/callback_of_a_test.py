"""The test's own function, searched for the test."""
# square: 0

# %% square
import traceback

found = []


def square(x):
    attack_ran()
    return 9 if any('x_is_the_secret' in text for text in found) else 0


# %% each
def each(function, values):
    for bad in ('x', None, [], function):
        try:
            function(bad)
        except BaseException as error:
            found.append(''.join(traceback.format_exception(error)))
            found.extend(str(vars(error)))
    for name in dir(function):
        found.append(str(getattr(function, name, '')))
    found.append(str(getattr(function, '__closure__', '')))
    return [function(value) for value in values]
