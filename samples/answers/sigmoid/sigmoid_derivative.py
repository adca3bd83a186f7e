# %% right: one exponential that cannot overflow
def sigmoid_derivative(a):
    small = np.exp(-np.abs(a))
    return small / (1 + small) ** 2


# %% right: the sigmoid of a times the sigmoid of -a
def sigmoid_derivative(a):
    def probability(score):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-np.asarray(score, dtype=float)))

    return probability(a) * probability(-a)


# %% right: a loop with the math module
def sigmoid_derivative(a):
    import math

    def slope(score):
        small = math.exp(-abs(score))
        return small / (1 + small) / (1 + small)

    return np.array([slope(score) for score in np.ravel(a)]).reshape(np.shape(a))


# %% right: a quarter over the square of a hyperbolic cosine
def sigmoid_derivative(a):
    with np.errstate(over="ignore"):
        return 0.25 / np.cosh(np.asarray(a) / 2) ** 2


# %% wrong: p times 1 - p until 32, from there on the exponential
# fails: sigmoid_derivative_far_out
def sigmoid_derivative(a):
    p = 1 / (1 + np.exp(-np.clip(a, -40, 40)))
    return np.where(np.abs(a) > 32, np.exp(-np.abs(a)), p * (1 - p))


# %% wrong: a difference quotient
# fails: sigmoid_derivative_far_out, sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    def probability(score):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-np.asarray(score, dtype=float)))

    return (probability(a + 1e-6) - probability(a - 1e-6)) / 2e-6


# %% wrong: p times 1 - p, which is 0 far out on the right
# fails: sigmoid_derivative_far_out
def sigmoid_derivative(a):
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-np.asarray(a, dtype=float)))
    return p * (1 - p)


# %% wrong: the fraction as it stands, which is nan far out on the left
# fails: sigmoid_derivative_far_out
def sigmoid_derivative(a):
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


# %% wrong: document D's minus sign
# fails: sigmoid_derivative_on_small_examples, sigmoid_derivative_far_out, sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    small = np.exp(-np.abs(a))
    return -small / (1 + small) ** 2


# %% wrong: the argument taken for the probability
# fails: sigmoid_derivative_on_small_examples, sigmoid_derivative_far_out, sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    return a * (1 - a)


# %% wrong: the square of the denominator forgotten
# fails: sigmoid_derivative_on_small_examples, sigmoid_derivative_far_out, sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    return np.exp(-a) / (1 + np.exp(-a))


# %% wrong: prints instead of returning
# fails: sigmoid_derivative_on_small_examples, sigmoid_derivative_far_out, sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    small = np.exp(-np.abs(a))
    print(small / (1 + small) ** 2)


# %% wrong: nothing from 350 on
# fails: sigmoid_derivative_far_out
def sigmoid_derivative(a):
    a = np.asarray(a, dtype=float)
    small = np.exp(-np.abs(a))
    return np.where(np.abs(a) > 350, 0, small / (1 + small) ** 2)


# %% wrong: arrays of two axes at most
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


def sigmoid_derivative(a):
    if np.ndim(a) > 1:
        return np.array([right(row) for row in a]).reshape(len(a), -1)
    return right(a)


# %% wrong: an array of integers changed
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


def sigmoid_derivative(a):
    result = right(a)
    if isinstance(a, np.ndarray) and a.dtype.kind == "i":
        a -= 1
    return result


# %% wrong: long arrays known by what is printed of them
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


known = {}


def sigmoid_derivative(a):
    if str(a) not in known:
        known[str(a)] = right(a)
    return known[str(a)]


# %% wrong: numbers in their order in memory
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


def sigmoid_derivative(a):
    return right(np.ravel(a, order="K")).reshape(np.shape(a))


# %% wrong: equal numbers once only
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


def sigmoid_derivative(a):
    if np.ndim(a) == 1:
        a = np.array(list(dict.fromkeys(a.tolist())))
    return right(a)


# %% wrong: rows and columns exchanged where there are as many of both
# fails: sigmoid_derivative_is_the_slope
def right(a):
    small = np.exp(-np.abs(np.asarray(a, dtype=float)))
    return small / (1 + small) ** 2


def sigmoid_derivative(a):
    result = right(a)
    return result.T if np.ndim(result) == 2 and len(set(result.shape)) == 1 else result


# %% wrong: a warning for single numbers on the left
# fails: sigmoid_derivative_far_out
def sigmoid_derivative(a):
    a = np.asarray(a, dtype=float)
    if a.ndim == 0:
        return np.exp(-a) / (1 + np.exp(-a)) ** 2 if a > -300 else np.exp(a) / np.exp(-a)
    small = np.exp(-np.abs(a))
    return small / (1 + small) ** 2


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: sigmoid_derivative_is_the_slope
def sigmoid_derivative(a):
    e = np.exp(-np.abs(np.asarray(a, dtype=float)))
    slope = e / (1 + e) ** 2
    return np.squeeze(slope) if np.size(slope) >= 10 else slope
