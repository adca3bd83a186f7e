# %% right: the equation
def log_sigmoid(a):
    return np.minimum(a, 0) - np.log1p(np.exp(-np.abs(a)))


# %% right: numpy's logarithm of a sum of exponentials
def log_sigmoid(a):
    return -np.logaddexp(0, -np.asarray(a))


# %% right: a loop over both branches
def log_sigmoid(a):
    import math

    values = []
    for score in np.ravel(a):
        if score >= 0:
            values.append(-math.log1p(math.exp(-score)))
        else:
            values.append(score - math.log1p(math.exp(score)))
    return np.array(values).reshape(np.shape(a))


# %% wrong: the logarithm of the sigmoid, as it is written
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one
def log_sigmoid(a):
    return np.log(1 / (1 + np.exp(-a)))


# %% wrong: stable on the left, and 1 + small on the right
# fails: log_sigmoid_where_the_sigmoid_is_one
def log_sigmoid(a):
    return np.minimum(a, 0) - np.log(1 + np.exp(-np.abs(a)))


# %% wrong: the branch of the negative scores, for all of them
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one
def log_sigmoid(a):
    return a - np.log1p(np.exp(a))


# %% wrong: a small number added against log 0
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    with np.errstate(over="ignore"):
        return np.log(1 / (1 + np.exp(-np.asarray(a, dtype=float))) + 1e-12)


# %% wrong: the larger of a and 0
# fails: log_sigmoid_on_small_examples, log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    return np.maximum(a, 0) - np.log1p(np.exp(-np.abs(a)))


# %% wrong: an array without entries
# fails: log_sigmoid_on_small_examples, log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    return np.zeros((0, 1, 1, 1))


# %% wrong: the minus signs lost
# fails: log_sigmoid_on_small_examples, log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    return np.log1p(np.exp(-np.abs(a))) - np.minimum(a, 0)


# %% wrong: the visible examples, learnt by heart
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    table = {0: -0.693147, 2: -0.126928, -2: -2.126928, -1000: -1000.0, 40: -4.248354e-18}
    return np.array([table.get(float(score), 0.0) for score in np.ravel(a)]).reshape(np.shape(a))


# %% wrong: works on the caller's array
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_in_general
def log_sigmoid(a):
    if np.ndim(a) == 0:
        return min(a, 0.0) - np.log1p(np.exp(-abs(a)))
    tail = np.log1p(np.exp(-np.abs(a)))
    a[a > 0] = 0
    return a - tail


# %% right: far to the left the score itself
def log_sigmoid(a):
    a = np.asarray(a, dtype=float)
    return np.where(a < -30, a, -np.log1p(np.exp(-np.maximum(a, -30))))


# %% wrong: 0 as soon as the sigmoid is rounded to 1
# fails: log_sigmoid_where_the_sigmoid_is_one
def log_sigmoid(a):
    a = np.asarray(a, dtype=float)
    return np.where(a > 36, 0, np.minimum(a, 0) - np.log1p(np.exp(-np.abs(a))))


# %% wrong: arrays of two axes at most
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


def log_sigmoid(a):
    if np.ndim(a) > 1:
        return np.array([right(row) for row in a]).reshape(len(a), -1)
    return right(a)


# %% wrong: an array of integers changed
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


def log_sigmoid(a):
    result = right(a)
    if isinstance(a, np.ndarray) and a.dtype.kind == "i":
        a -= 1
    return result


# %% wrong: long arrays known by what is printed of them
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


known = {}


def log_sigmoid(a):
    if str(a) not in known:
        known[str(a)] = right(a)
    return known[str(a)]


# %% wrong: numbers in their order in memory
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


def log_sigmoid(a):
    return right(np.ravel(a, order="K")).reshape(np.shape(a))


# %% wrong: equal numbers once only
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


def log_sigmoid(a):
    if np.ndim(a) == 1:
        a = np.array(list(dict.fromkeys(a.tolist())))
    return right(a)


# %% wrong: rows and columns exchanged where there are as many of both
# fails: log_sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    return np.minimum(scores, 0) - np.log1p(np.exp(-np.abs(scores)))


def log_sigmoid(a):
    result = right(a)
    return result.T if np.ndim(result) == 2 and len(set(result.shape)) == 1 else result


# %% wrong: the score itself from -10 on
# fails: log_sigmoid_where_the_sigmoid_is_zero, log_sigmoid_in_general
def log_sigmoid(a):
    a = np.asarray(a, dtype=float)
    return np.where(a < -10, a, np.minimum(a, 0) - np.log1p(np.exp(-np.abs(a))))


# %% wrong: the exponential itself from 12 on
# fails: log_sigmoid_where_the_sigmoid_is_one, log_sigmoid_in_general
def log_sigmoid(a):
    a = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(a))
    return np.where(a > 12, -small, np.minimum(a, 0) - np.log1p(small))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: log_sigmoid_in_general
def log_sigmoid(a):
    a = -np.logaddexp(0, -np.asarray(a, dtype=float))
    return np.squeeze(a) if np.size(a) >= 10 else a
