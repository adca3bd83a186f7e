# %% right: the formula, for numbers and arrays alike
def bernoulli_pmf(x, p):
    return p**x * (1 - p) ** (1 - x)


# %% right: a choice between the two cases
def bernoulli_pmf(x, p):
    return np.where(np.asarray(x) == 1, p, 1 - p)


# %% right: a loop over the tosses, with the shape put back
def bernoulli_pmf(x, p):
    x = np.asarray(x)
    values = []
    for toss in x.ravel():
        if toss == 1:
            values.append(p)
        else:
            values.append(1 - p)
    return np.array(values).reshape(x.shape)


# %% right: a weighted sum instead of a product
def bernoulli_pmf(x, p):
    return x * p + (1 - x) * (1 - p)


# %% wrong: heads and tails swapped
# fails: bernoulli_pmf_of_one_toss, bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return p ** (1 - x) * (1 - p) ** x


# %% wrong: an if that takes the toss for one number
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    if x == 1:
        return p
    else:
        return 1 - p


# %% wrong: the exponent of the second factor forgotten
# fails: bernoulli_pmf_of_one_toss, bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return p**x * (1 - p)


# %% wrong: the probability of all tosses together
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return np.prod(p**x * (1 - p) ** (1 - x))


# %% wrong: through logarithms, which certain coins do not survive
# fails: bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return np.exp(x * np.log(p) + (1 - x) * np.log(1 - p))


# %% wrong: prints instead of returning
# fails: bernoulli_pmf_of_one_toss, bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    print(p**x * (1 - p) ** (1 - x))


# %% wrong: turns the caller's tosses into probabilities
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    if not isinstance(x, np.ndarray):
        return p if x == 1 else 1 - p
    result = np.where(x == 1, p, 1 - p)
    x[:] = 0
    return result


# %% wrong: the axis of one dropped
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return np.squeeze(np.where(np.asarray(x) == 1, p, 1 - p))


# %% wrong: rounded to six decimals
# fails: bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    return np.round(np.where(np.asarray(x) == 1, p, 1 - p), 6)


# %% wrong: kept away from the edges
# fails: bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.where(np.asarray(x) == 1, p, 1 - p)


# %% wrong: an if that takes every toss for a head unless it is the integer 0
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    if np.ndim(x) == 0:
        return p if x else 1 - p
    return np.array([p if toss else 1 - p for toss in np.ravel(x)])


# %% right: the distance from the other side
def bernoulli_pmf(x, p):
    return np.abs(1 - np.asarray(x) - p)


# %% wrong: an axis of one for what is no number of Python's own
# fails: bernoulli_pmf_of_an_array, bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    if isinstance(x, (int, float)):
        return p if x else 1 - p
    x = np.array(x, ndmin=1)
    return np.where(x == 1, p, 1 - p)


# %% wrong: only the uncertain coins kept away from the edges
# fails: bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    if 0 < p < 1:
        p = min(max(p, 1e-10), 1 - 1e-10)
    return np.where(np.asarray(x) == 1, p, 1 - p)


# %% right: from the tail's probability to the head's
def bernoulli_pmf(x, p):
    return (1 - p) + x * (2 * p - 1)


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: bernoulli_pmf_in_general
def bernoulli_pmf(x, p):
    each = np.where(np.asarray(x) == 1, p, 1 - p)
    return np.squeeze(each) if each.size >= 10 else each
