# %% right: one exponential that cannot overflow, for both branches
def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0, 1 / (1 + small), small / (1 + small))


# %% right: two masks on a copy
def sigmoid(a):
    a = np.array(a, dtype=float)
    result = np.empty_like(a)
    right = a >= 0
    result[right] = 1 / (1 + np.exp(-a[right]))
    result[~right] = np.exp(a[~right]) / (1 + np.exp(a[~right]))
    return result


# %% right: a loop with the math module
def sigmoid(a):
    import math

    values = []
    for score in np.ravel(a):
        small = math.exp(-abs(score))
        values.append((1 if score >= 0 else small) / (1 + small))
    return np.array(values).reshape(np.shape(a))


# %% right: the exponential of the logarithm, as lists
def sigmoid(a):
    return np.exp(-np.logaddexp(0, -np.asarray(a, dtype=float))).tolist()


# %% wrong: the usual form, with the warning of the overflow put to sleep
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(a, dtype=float)))


# %% wrong: all warnings silenced
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return 1 / (1 + np.exp(-a))


# %% wrong: an array without entries, which agrees with everything by broadcasting
# fails: sigmoid_on_small_examples, sigmoid_does_not_overflow, sigmoid_in_general
def sigmoid(a):
    return np.zeros((0, 1, 1, 1))


# %% wrong: the formula as it stands
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% wrong: the sign in the exponent lost
# fails: sigmoid_on_small_examples, sigmoid_does_not_overflow, sigmoid_in_general
def sigmoid(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(a))


# %% wrong: np.where, which calculates both branches for all scores
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    return np.where(a >= 0, 1 / (1 + np.exp(-a)), np.exp(a) / (1 + np.exp(a)))


# %% wrong: the scores clipped
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(a, -500, 500)))


# %% wrong: a result array of integers for integer scores
# fails: sigmoid_in_general
def sigmoid(a):
    a = np.asarray(a)
    small = np.exp(-np.abs(a))
    result = np.zeros_like(a)
    result[a >= 0] = (1 / (1 + small))[a >= 0]
    result[a < 0] = (small / (1 + small))[a < 0]
    return result


# %% wrong: through the hyperbolic tangent, whose digits cancel on the left
# fails: sigmoid_does_not_overflow, sigmoid_in_general
def sigmoid(a):
    return 0.5 * (1 + np.tanh(np.asarray(a) / 2))


# %% wrong: an array of one number for a number
# fails: sigmoid_on_small_examples
def sigmoid(a):
    a = np.atleast_1d(np.asarray(a, dtype=float))
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, small) / (1 + small)


# %% wrong: 0 below -709, where the exponential is no normal number
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(a))
    return np.where(a < -709, 0, np.where(a >= 0, 1, small) / (1 + small))


# %% wrong: an axis where a number was given
# fails: sigmoid_on_small_examples
def sigmoid(a):
    a = np.atleast_1d(np.asarray(a, dtype=float))
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, small) / (1 + small)


# %% wrong: arrays of two axes at most
# fails: sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


def sigmoid(a):
    if np.ndim(a) > 1:
        return np.array([right(row) for row in a]).reshape(len(a), -1)
    return right(a)


# %% wrong: an array of integers changed
# fails: sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


def sigmoid(a):
    result = right(a)
    if isinstance(a, np.ndarray) and a.dtype.kind == "i":
        a -= 1
    return result


# %% wrong: long arrays known by what is printed of them
# fails: sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


known = {}


def sigmoid(a):
    if str(a) not in known:
        known[str(a)] = right(a)
    return known[str(a)]


# %% wrong: numbers in their order in memory
# fails: sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


def sigmoid(a):
    return right(np.ravel(a, order="K")).reshape(np.shape(a))


# %% wrong: equal numbers once only
# fails: sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


def sigmoid(a):
    if np.ndim(a) == 1:
        a = np.array(list(dict.fromkeys(a.tolist())))
    return right(a)


# %% wrong: rows and columns exchanged where there are as many of both
# fails: sigmoid_on_small_examples, sigmoid_in_general
def right(a):
    scores = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1, small) / (1 + small)


def sigmoid(a):
    result = right(a)
    return result.T if np.ndim(result) == 2 and len(set(result.shape)) == 1 else result


# %% wrong: the form for negative scores if all are negative
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    with np.errstate(over="ignore"):
        if np.all(a < 0):
            return np.exp(a) / (1 + np.exp(a))
        return 1 / (1 + np.exp(-a))


# %% wrong: the form by the sign of the mean
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    with np.errstate(all="ignore"):
        if a.mean() < 0:
            return np.exp(a) / (1 + np.exp(a))
        return 1 / (1 + np.exp(-a))


# %% wrong: single numbers below -709 cut off
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(a))
    p = np.where(a >= 0, 1, small) / (1 + small)
    return np.where(a < -709, 0, p) if a.ndim == 0 else p


# %% wrong: small scores taken for 0
# fails: sigmoid_in_general
def sigmoid(a):
    a = np.asarray(a, dtype=float)
    a = np.where(np.abs(a) < 1e-2, 0, a)
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, small) / (1 + small)


# %% wrong: nan for large scores in single precision
# fails: sigmoid_does_not_overflow
def sigmoid(a):
    a = np.minimum(a, 709)
    return np.exp(a) / (1 + np.exp(a))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: sigmoid_in_general
def sigmoid(a):
    p = np.exp(-np.logaddexp(0, -np.asarray(a, dtype=float)))
    return np.squeeze(p) if p.size >= 10 else p
