# %% right: the mean of the squares
def mean_squared_error(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


# %% right: a loop over the pairs
def mean_squared_error(y_true, y_pred):
    total = 0.0
    for seen, predicted in zip(y_true, y_pred):
        total += (predicted - seen) ** 2
    return total / len(y_true)


# %% right: the errors times themselves
def mean_squared_error(y_true, y_pred):
    errors = np.asarray(y_pred) - np.asarray(y_true)
    return errors @ errors / errors.size


# %% right: the squared length, divided by the number of observations
def mean_squared_error(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred) ** 2 / y_true.shape[0]


# %% wrong: the sum, as document C prints it
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2)


# %% wrong: the root of the mean
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2))


# %% wrong: the square of the mean error
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.mean(y_true - y_pred) ** 2


# %% wrong: half of it, from the loss of the closed form
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return 0.5 * np.mean((y_true - y_pred) ** 2)


# %% wrong: a power sign that Python reads as something else
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.mean((y_true - y_pred) ^ 2)


# %% wrong: divided by one observation less, as a variance is
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / max(len(y_true) - 1, 1)


# %% wrong: the predictions are turned into errors in the caller's array
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    y_pred -= y_true
    return np.mean(y_pred**2)


# %% wrong: rounded to six decimals
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.round(np.mean((y_true - y_pred) ** 2), 6)


# %% wrong: large errors cut off
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.mean(np.clip(y_true - y_pred, -1e4, 1e4) ** 2)


# %% wrong: the variance of the errors
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.var(y_true - y_pred)


# %% wrong: what is tiny taken for nothing
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    mean = np.mean((y_true - y_pred) ** 2)
    return mean if mean > 1e-12 else 0.0


# %% wrong: the square multiplied out, so that large numbers cancel
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    t, p = y_true * 1.0, y_pred * 1.0
    return np.mean(t * t) - 2 * np.mean(t * p) + np.mean(p * p)


# %% wrong: no error where np.allclose sees none
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    if np.allclose(y_true, y_pred):
        return 0.0
    return np.mean((y_true - y_pred) ** 2.0)


# %% wrong: divided by N - 1
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2) / max(len(y_true) - 1, 1)


# %% wrong: squares first, differences afterwards
# fails: mean_squared_error_of_three_flats, mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    return abs(np.mean(np.asarray(y_true) ** 2.0 - np.asarray(y_pred) ** 2.0))


# %% wrong: as a binomial, whose parts cancel where the numbers are large
# fails: mean_squared_error_in_general
def mean_squared_error(y_true, y_pred):
    t, p = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    return np.mean(t**2) - 2 * np.mean(t * p) + np.mean(p**2)
