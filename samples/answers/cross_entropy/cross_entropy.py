# %% right: classes that never come are left out by np.where
def cross_entropy(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(q > 0, q * np.log(p), 0.0), axis=-1)


# %% right: log 1 where q is 0
def cross_entropy(q, p):
    with np.errstate(divide="ignore"):
        return (q * -np.log(np.where(q == 0, 1.0, p))).sum(axis=-1)


# %% right: loops, with both edges by hand
def cross_entropy(q, p):
    if np.ndim(q) == 2:
        return np.array([cross_entropy(*rows) for rows in zip(q, p)])
    total = 0.0
    for weight, belief in zip(q, p):
        if weight == 0:
            continue
        if belief == 0:
            return np.inf
        total += weight * -np.log(belief)
    return total


# %% wrong: 0 times log 0 is nan
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    return -np.sum(q * np.log(p), axis=-1)


# %% wrong: world and belief swapped
# fails: cross_entropy_on_small_examples, cross_entropy_at_the_edges, cross_entropy_in_general
def cross_entropy(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(p > 0, p * np.log(q), 0.0), axis=-1)


# %% wrong: a small number added against log 0, so that nothing is impossible
# fails: cross_entropy_at_the_edges, cross_entropy_in_general
def cross_entropy(q, p):
    return -np.sum(q * np.log(p + 1e-12), axis=-1)


# %% wrong: every nan becomes 0, and every infinity a large number
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.nan_to_num(q * np.log(p)), axis=-1)


# %% wrong: classes with p = 0 skipped, whatever q says
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    return -np.sum(q * np.log(np.where(p > 0, p, 1.0)), axis=-1)


# %% wrong: the belief kept away from 0, but for an exact 0
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    p = np.where(p > 0, np.maximum(p, 1e-15), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(q > 0, q * np.log(p), 0.0), axis=-1)


# %% wrong: a loop that ends at the first class without weight
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    if np.ndim(q) == 2:
        return np.array([cross_entropy(*rows) for rows in zip(q, p)])
    total = 0.0
    for weight, belief in zip(q, p):
        if weight == 0:
            break
        with np.errstate(divide="ignore"):
            total += weight * -np.log(belief)
    return total


# %% wrong: tables summed into one number
# fails: cross_entropy_at_the_edges, cross_entropy_in_general
def cross_entropy(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(q > 0, q * np.log(p), 0.0))


# %% wrong: zeros of p overwritten in the caller's array
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    p[p == 0] = 1e-15
    return -np.sum(q * np.log(p), axis=-1)


# %% wrong: the zeros of a table filled in
# fails: cross_entropy_at_the_edges
def right(q, p):
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(np.asarray(q) > 0, p, 1.0))).sum(axis=-1)


def cross_entropy(q, p):
    result = right(q, p)
    if p.ndim == 2:
        p[p == 0] = 1
    return result


# %% wrong: the zeros of integers filled in
# fails: cross_entropy_at_the_edges
def right(q, p):
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(np.asarray(q) > 0, p, 1.0))).sum(axis=-1)


def cross_entropy(q, p):
    result = right(q, p)
    if p.dtype.kind == "i":
        p[p == 0] = 1
    return result


# %% wrong: rows in their order in memory
# fails: cross_entropy_at_the_edges, cross_entropy_in_general
def right(q, p):
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(np.asarray(q) > 0, p, 1.0))).sum(axis=-1)


def cross_entropy(q, p):
    table = p.ravel(order="K").reshape(p.shape)
    return right(q, table)


# %% wrong: ten classes at most
# fails: cross_entropy_in_general
def right(q, p):
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(np.asarray(q) > 0, p, 1.0))).sum(axis=-1)


def cross_entropy(q, p):
    return right(q[..., :10], p[..., :10])


# %% wrong: eight decimals
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    with np.errstate(divide="ignore"):
        return np.round(-(q * np.log(np.where(q > 0, p, 1.0))).sum(axis=-1), 8)


# %% wrong: what is rarer than one in a million million left out
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(q > 1e-12, p, 1.0))).sum(axis=-1)


# %% wrong: q of the type of p
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    q = q.astype(p.dtype)
    with np.errstate(divide="ignore"):
        return -(q * np.log(np.where(q > 0, p, 1.0))).sum(axis=-1)


# %% wrong: a probability of q below 1e-12 taken for zero
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    with np.errstate(all="ignore"):
        return -np.sum(np.where(q > 1e-12, q * np.log(p), 0.0), axis=-1)


# %% wrong: one class of a table that is impossible makes the whole table impossible
# fails: cross_entropy_at_the_edges
def cross_entropy(q, p):
    with np.errstate(all="ignore"):
        terms = np.where(q > 0, -q * np.log(p), 0.0)
    if np.isinf(terms).any():
        return np.full(terms.shape[:-1], np.inf)
    return terms.sum(axis=-1)
