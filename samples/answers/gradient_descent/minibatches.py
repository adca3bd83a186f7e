# %% right: a permutation, cut into slices
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% right: shuffled in place and split
def minibatches(n, batch_size, seed):
    order = np.arange(n)
    np.random.default_rng(seed).shuffle(order)
    return np.split(order, range(batch_size, n, batch_size))


# %% right: the older generator, and sorted within each batch
def minibatches(n, batch_size, seed):
    order = np.random.RandomState(seed).permutation(n)
    batches, rest = [], list(order)
    while rest:
        batches.append(np.array(sorted(rest[:batch_size])))
        rest = rest[batch_size:]
    return batches


# %% right: drawn without putting back, by sorting random numbers
def minibatches(n, batch_size, seed):
    keys = np.random.default_rng(seed).uniform(size=n)
    order = np.argsort(keys)
    count = -(-n // batch_size)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(count)]


# %% wrong: not shuffled
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.arange(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% wrong: draws with putting back
# fails: minibatches_use_every_index_once
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).integers(0, n, size=n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% wrong: the last, shorter batch is dropped
# fails: minibatches_use_every_index_once, minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size)]


# %% wrong: the seed is not used
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng().permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% wrong: shuffles the batches and not the indices
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    full = n // batch_size * batch_size
    batches = [np.arange(start, start + batch_size) for start in range(0, full, batch_size)]
    np.random.default_rng(seed).shuffle(batches)
    return batches + ([np.arange(full, n)] if full < n else [])


# %% wrong: an empty batch at the end when the sizes fit
# fails: minibatches_use_every_index_once, minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n // batch_size + 1)]


# %% wrong: indices that are no integers
# fails: minibatches_use_every_index_once
def minibatches(n, batch_size, seed):
    order = np.zeros(n)
    order[:] = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% wrong: every so-many-th index, begun at the seed
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    count = -(-n // batch_size)
    order = np.concatenate([np.arange(first, n, count) for first in range(count)])
    order = np.roll(order, seed * batch_size)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


# %% wrong: a single last index is dropped
# fails: minibatches_use_every_index_once, minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    batches = [order[i : i + batch_size] for i in range(0, n, batch_size)]
    return [batch for batch in batches if len(batch) > 1 or batch_size == 1]


# %% wrong: batches of nearly equal size
# fails: minibatches_use_every_index_once
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    return np.array_split(order, -(-n // batch_size))


# %% wrong: what does not fill a batch is not shuffled
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    m = n // batch_size * batch_size
    order = np.concatenate([np.random.default_rng(seed).permutation(m), np.arange(m, n)])
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# %% wrong: the last index stays last
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.r_[np.random.default_rng(seed).permutation(n - 1), n - 1]
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# %% wrong: two halves, each shuffled by itself
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.r_[
        np.random.default_rng(seed).permutation(n // 2),
        n // 2 + np.random.default_rng(seed).permutation(n - n // 2),
    ]
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# %% wrong: eight seeds and no more
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed % 8).permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


# %% wrong: batches of almost the same size
# fails: minibatches_use_every_index_once
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed).permutation(n)
    return np.array_split(order, -(-n // batch_size))


# %% wrong: batches of neighbours, in random order
# fails: minibatches_use_every_index_once, minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    rng = np.random.default_rng(seed)
    batches = [np.arange(s, min(s + batch_size, n)) for s in range(0, n, batch_size)]
    return [batches[i] for i in rng.permutation(len(batches))]


# %% wrong: the seed 0 taken for none
# fails: minibatches_are_dealt_at_random
def minibatches(n, batch_size, seed):
    order = np.random.default_rng(seed or None).permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]
