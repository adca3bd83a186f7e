# %% right: the logarithm taken only where there is something to take it of
def entropy(p):
    surprise = np.zeros(p.shape)
    surprise[p > 0] = -np.log(p[p > 0])
    return np.sum(p * surprise, axis=-1)


# %% right: zeros replaced by ones, whose logarithm is 0
def entropy(p):
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(axis=-1)


# %% right: a loop over the classes, and over the rows of a table
def entropy(p):
    if p.ndim == 2:
        return np.array([entropy(row) for row in p])
    total = 0.0
    for share in p:
        if share > 0:
            total -= share * np.log(share)
    return total


# %% right: nan turned back into 0
def entropy(p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nansum(-p * np.log(p), axis=-1)


# %% wrong: 0 log 0 is nan
# fails: entropy_with_impossible_classes
def entropy(p):
    return -np.sum(p * np.log(p), axis=-1)


# %% wrong: a small number added against log 0, which makes an entropy negative
# fails: entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return -np.sum(p * np.log(p + 1e-12), axis=-1)


# %% wrong: bits instead of nats
# fails: entropy_of_small_distributions, entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return -np.sum(p * np.log2(np.where(p > 0, p, 1.0)), axis=-1)


# %% wrong: the minus forgotten
# fails: entropy_of_small_distributions, entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=-1)


# %% wrong: the sum over a whole table
# fails: entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return -np.sum(p * np.log(np.where(p > 0, p, 1.0)))


# %% wrong: the sum over the observations instead of the classes
# fails: entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return -np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=0)


# %% wrong: a mean over the classes
# fails: entropy_of_small_distributions, entropy_with_impossible_classes, entropy_in_general
def entropy(p):
    return np.mean(-p * np.log(np.where(p > 0, p, 1.0)), axis=-1)


# %% wrong: zeros overwritten in the caller's array
# fails: entropy_with_impossible_classes
def entropy(p):
    p[p == 0] = 1.0
    return -np.sum(p * np.log(p), axis=-1)


# %% wrong: the zeros of a table filled in
# fails: entropy_with_impossible_classes
def right(p):
    p = np.asarray(p, dtype=float)
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


def entropy(p):
    result = right(p)
    if p.ndim == 2:
        p[p == 0] = 1
    return result


# %% wrong: the zeros of integers filled in
# fails: entropy_with_impossible_classes
def right(p):
    p = np.asarray(p, dtype=float)
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


def entropy(p):
    result = right(p)
    if p.dtype.kind == "i":
        p[p == 0] = 1
    return result


# %% wrong: rows in their order in memory
# fails: entropy_with_impossible_classes, entropy_in_general
def right(p):
    p = np.asarray(p, dtype=float)
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


def entropy(p):
    table = p.ravel(order="K").reshape(p.shape)
    return right(table)


# %% wrong: the zeros of a single distribution filled in
# fails: entropy_with_impossible_classes
def entropy(p):
    if p.ndim == 1 and p.dtype == float:
        p[p == 0] = 1
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


# %% wrong: what is rarer than one in ten thousand million left out
# fails: entropy_with_impossible_classes
def entropy(p):
    return -(p * np.log(np.where(p > 1e-10, p, 1))).sum(axis=-1)


# %% right: divided by the sum first, as scipy does
def entropy(p):
    p = p / np.sum(p, axis=-1, keepdims=True)
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)


# %% wrong: a probability below 1e-5 taken for zero
# fails: entropy_with_impossible_classes
def entropy(p):
    with np.errstate(all="ignore"):
        return -np.sum(np.where(p > 1e-5, p * np.log(p), 0.0), axis=-1)
