# %% right: the logarithm of the quotient, where q is positive
def kl_divergence(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.where(q > 0, q * np.log(q / p), 0.0), axis=-1)


# %% right: cross-entropy minus entropy
def kl_divergence(q, p):
    seen = q > 0
    with np.errstate(divide="ignore"):
        crossed = -np.sum(q * np.log(np.where(seen, p, 1.0)), axis=-1)
    return crossed + np.sum(q * np.log(np.where(seen, q, 1.0)), axis=-1)


# %% right: a loop with the math module
def kl_divergence(q, p):
    import math

    def of_one(q, p):
        if any(b == 0 and a > 0 for a, b in zip(q, p)):
            return math.inf
        return sum(a * math.log(a / b) for a, b in zip(q, p) if a > 0)

    if np.ndim(q) == 1:
        return of_one(q, p)
    return np.array([of_one(*rows) for rows in zip(q, p)])


# %% wrong: zeros in q give nan
# fails: kl_divergence_at_the_edges
def kl_divergence(q, p):
    return np.sum(q * np.log(q / p), axis=-1)


# %% wrong: the distributions swapped
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.where(p > 0, p * np.log(p / q), 0.0), axis=-1)


# %% wrong: the quotient upside down
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.where(q > 0, q * np.log(p / q), 0.0), axis=-1)


# %% wrong: the entropy of p taken off, not that of q
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    def mean_surprise(weights, belief):
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.sum(np.where(weights > 0, weights * np.log(belief), 0.0), axis=-1)

    return mean_surprise(q, p) - mean_surprise(p, p)


# %% wrong: the cross-entropy itself
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(q > 0, q * np.log(p), 0.0), axis=-1)


# %% wrong: made symmetric, as a distance would be
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        there = np.where(q > 0, q * np.log(q / p), 0.0)
        back = np.where(p > 0, p * np.log(p / q), 0.0)
    return np.sum(there + back, axis=-1) / 2


# %% wrong: clipped, so that nothing is impossible
# fails: kl_divergence_at_the_edges
def kl_divergence(q, p):
    q, p = np.clip(q, 1e-12, 1), np.clip(p, 1e-12, 1)
    return np.sum(q * np.log(q / p), axis=-1)


# %% wrong: terms of both signs made positive
# fails: kl_divergence_on_small_examples, kl_divergence_at_the_edges, kl_divergence_in_general
def kl_divergence(q, p):
    with np.errstate(all="ignore"):
        terms = np.where(q > 0, q * np.log(q / p), 0)
    return np.abs(terms).sum(axis=-1)


# %% wrong: the zeros of a table filled in
# fails: kl_divergence_at_the_edges
def right(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(q > 0, q, 1.0)) - np.log(np.where(q > 0, p, 1.0))
        return (q * ratio).sum(axis=-1)


def kl_divergence(q, p):
    result = right(q, p)
    if p.ndim == 2:
        p[p == 0] = 1
    return result


# %% wrong: the zeros of integers filled in
# fails: kl_divergence_at_the_edges
def right(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(q > 0, q, 1.0)) - np.log(np.where(q > 0, p, 1.0))
        return (q * ratio).sum(axis=-1)


def kl_divergence(q, p):
    result = right(q, p)
    if p.dtype.kind == "i":
        p[p == 0] = 1
    return result


# %% wrong: rows in their order in memory
# fails: kl_divergence_at_the_edges, kl_divergence_in_general
def right(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(q > 0, q, 1.0)) - np.log(np.where(q > 0, p, 1.0))
        return (q * ratio).sum(axis=-1)


def kl_divergence(q, p):
    table = p.ravel(order="K").reshape(p.shape)
    return right(q, table)


# %% wrong: ten classes at most
# fails: kl_divergence_in_general
def right(q, p):
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.where(q > 0, q, 1.0)) - np.log(np.where(q > 0, p, 1.0))
        return (q * ratio).sum(axis=-1)


def kl_divergence(q, p):
    return right(q[..., :10], p[..., :10])


# %% wrong: a probability of q below 1e-12 taken for zero
# fails: kl_divergence_at_the_edges
def kl_divergence(q, p):
    with np.errstate(all="ignore"):
        return np.sum(np.where(q > 1e-12, q * (np.log(q) - np.log(p)), 0.0), axis=-1)


# %% wrong: classes that p holds for impossible left out
# fails: kl_divergence_at_the_edges
def kl_divergence(q, p):
    with np.errstate(all="ignore"):
        terms = q * (np.log(q) - np.log(p))
    return np.sum(np.where((q > 0) & (p > 0), terms, 0.0), axis=-1)


# %% wrong: cut off at zero, and infinity replaced by the largest number
# fails: kl_divergence_at_the_edges
def kl_divergence(q, p):
    with np.errstate(all="ignore"):
        terms = np.where(q > 0, q * np.log(q / p), 0.0)
    return np.maximum(np.nan_to_num(terms.sum(axis=-1)), 0.0)
