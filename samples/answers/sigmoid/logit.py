# %% right: the quotient, with numpy's warnings put to sleep at the edges
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p / (1 - p))


# %% right: a difference of two logarithms
def logit(p):
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-np.asarray(p))


# %% right: a loop with the math module, the edges apart
def logit(p):
    import math

    values = []
    for q in np.ravel(p):
        if q == 0:
            values.append(-math.inf)
        elif q == 1:
            values.append(math.inf)
        else:
            values.append(math.log(q / (1 - q)))
    return np.array(values).reshape(np.shape(p))


# %% wrong: the odds, without a logarithm
# fails: logit_on_small_examples, logit_at_the_edges, logit_in_general
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return p / (1 - p)


# %% wrong: the odds upside down
# fails: logit_on_small_examples, logit_at_the_edges, logit_in_general
def logit(p):
    with np.errstate(divide="ignore"):
        return np.log(1 - np.asarray(p)) - np.log(p)


# %% wrong: no thought for the edges
# fails: logit_at_the_edges
def logit(p):
    return np.log(p / (1 - p))


# %% wrong: a small number added, so that the edges are finite
# fails: logit_at_the_edges, logit_in_general
def logit(p):
    return np.log((p + 1e-12) / (1 - p + 1e-12))


# %% wrong: a tiny number added, and the edges patched
# fails: logit_in_general
def logit(p):
    p = np.asarray(p, dtype=float)
    got = np.log((p + 1e-300) / (1 - p + 1e-300))
    return np.where(p == 0, -np.inf, np.where(p == 1, np.inf, got))


# %% wrong: one number for an array of one
# fails: logit_at_the_edges, logit_in_general
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.squeeze(np.log(p / (1 - p)))


# %% wrong: logarithms to the base 10
# fails: logit_on_small_examples, logit_in_general
def logit(p):
    with np.errstate(divide="ignore"):
        return np.log10(p) - np.log10(1 - np.asarray(p))


# %% wrong: the sigmoid, which document B calls the logit function
# fails: logit_on_small_examples, logit_at_the_edges, logit_in_general
def logit(p):
    return 1 / (1 + np.exp(-p))


# %% wrong: an if that takes p for one number
# fails: logit_on_small_examples, logit_at_the_edges, logit_in_general
def logit(p):
    if p == 0:
        return -np.inf
    if p == 1:
        return np.inf
    return np.log(p / (1 - p))


# %% wrong: numpy's warnings put to sleep, while Python divides
# fails: logit_at_the_edges
def logit(p):
    with np.errstate(divide="ignore"):
        return np.log(p / (1 - p))


# %% wrong: arrays of two axes at most
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def logit(p):
    if np.ndim(p) > 1:
        return np.array([right(row) for row in p]).reshape(len(p), -1)
    return right(p)


# %% wrong: an array of integers changed
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def logit(p):
    result = right(p)
    if isinstance(p, np.ndarray) and p.dtype.kind == "i":
        p -= 1
    return result


# %% wrong: long arrays known by what is printed of them
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


known = {}


def logit(p):
    if str(p) not in known:
        known[str(p)] = right(p)
    return known[str(p)]


# %% wrong: numbers in their order in memory
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def logit(p):
    return right(np.ravel(p, order="K")).reshape(np.shape(p))


# %% wrong: equal numbers once only
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def logit(p):
    if np.ndim(p) == 1:
        p = np.array(list(dict.fromkeys(p.tolist())))
    return right(p)


# %% wrong: rows and columns exchanged where there are as many of both
# fails: logit_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return np.log(p) - np.log1p(-p)


def logit(p):
    result = right(p)
    return result.T if np.ndim(result) == 2 and len(set(result.shape)) == 1 else result


# %% right: the odds against, by 1 / p
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.log(1 / p - 1)


# %% wrong: single numbers kept, small ones in arrays cut off
# fails: logit_in_general
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        if p.ndim == 0:
            return np.log(p / (1 - p))
        return np.where(p < 1e-20, -np.inf, np.log(p / (1 - p)))


# %% wrong: the largest numbers below 1, in arrays, taken for 1
# fails: logit_in_general
def logit(p):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore"):
        if p.ndim == 0:
            return np.log(p / (1 - p))
        return np.where(p > 1 - 1e-9, np.inf, np.log(p / (1 - p)))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: logit_in_general
def logit(p):
    with np.errstate(divide="ignore"):
        a = np.log(p) - np.log1p(-np.asarray(p, dtype=float))
    return np.squeeze(a) if np.size(a) >= 10 else a


# %% right: warnings put to sleep for the whole notebook
np.seterr(divide="ignore")


def logit(p):
    p = np.asarray(p, dtype=float)
    return np.log(p) - np.log1p(-p)
