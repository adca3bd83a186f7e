# %% right: the mean of the absolute values
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred))


# %% right: a loop
def mean_absolute_error(y_true, y_pred):
    total = 0.0
    for seen, predicted in zip(y_true, y_pred):
        total += abs(seen - predicted)
    return total / len(y_true)


# %% right: the larger minus the smaller
def mean_absolute_error(y_true, y_pred):
    return np.sum(np.maximum(y_true, y_pred) - np.minimum(y_true, y_pred)) / len(y_pred)


# %% right: the error times its sign
def mean_absolute_error(y_true, y_pred):
    errors = y_true - y_pred
    return np.dot(errors, np.sign(errors)) / errors.size


# %% wrong: errors of both signs cancel
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(y_true - y_pred)


# %% wrong: the absolute value of the mean
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return abs(np.mean(y_true - y_pred))


# %% wrong: the sum, as document C prints it
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.sum(np.abs(y_true - y_pred))


# %% wrong: the median of the absolute errors
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.median(np.abs(y_true - y_pred))


# %% wrong: the squared error again
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)


# %% wrong: relative to what was seen
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs((y_true - y_pred) / y_true))


# %% wrong: one error for each observation
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.abs(y_true - y_pred)


# %% wrong: the sign dropped from the numbers, not from the error
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs(np.abs(y_true) - np.abs(y_pred)))


# %% wrong: the predictions are turned into errors in the caller's array
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    y_pred -= y_true
    return np.mean(np.abs(y_pred))


# %% wrong: a small number added
# fails: mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred)) + 1e-9


# %% wrong: rounded to three decimals
# fails: mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return round(float(np.mean(np.abs(y_true - y_pred))), 3)


# %% wrong: errors of the type of what was seen
# fails: mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs((y_true - y_pred).astype(y_true.dtype)))


# %% wrong: a root that is smooth at zero
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.mean(np.sqrt((y_true - y_pred) ** 2 + 1e-9))


# %% wrong: the largest errors left out as outliers
# fails: mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    r = np.abs(y_true - y_pred)
    return r[r <= 1e6 * np.median(r)].mean() if np.median(r) > 0 else r.mean()


# %% wrong: the median
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    return np.median(np.abs(y_true - y_pred))


# %% wrong: a parabola near zero, as Huber has it
# fails: mean_absolute_error_of_three_flats, mean_absolute_error_in_general
def mean_absolute_error(y_true, y_pred):
    e = np.abs(np.asarray(y_true, dtype=float) - y_pred)
    return np.mean(np.where(e < 1e-3, e**2 / 2e-3 + 5e-4, e))
