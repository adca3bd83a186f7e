# %% right: split a shuffle, join all parts but one
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    pairs = []
    for m in range(k):
        train = np.concatenate([parts[j] for j in range(k) if j != m])
        pairs.append((train, parts[m]))
    return pairs


# %% right: every k-th of a shuffle
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n)
    return [(np.delete(order, np.arange(m, n, k)), order[m::k]) for m in range(k)]


# %% right: a shuffled number of the part for each observation
def k_fold(n, k, seed):
    part = np.random.default_rng(seed).permutation(np.arange(n) % k)
    return [(np.flatnonzero(part != m), np.flatnonzero(part == m)) for m in range(k)]


# %% right: bounds by whole-number arithmetic, and plain lists
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n).tolist()
    pairs = []
    for m in range(k):
        first, last = m * n // k, (m + 1) * n // k
        pairs.append((order[:first] + order[last:], order[first:last]))
    return pairs


# %% wrong: no shuffle
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    parts = np.array_split(np.arange(n), k)
    return [(np.setdiff1d(np.arange(n), part), part) for part in parts]


# %% wrong: the remainder is never tested
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n)
    size = n // k
    return [
        (
            np.concatenate([order[: m * size], order[(m + 1) * size :]]),
            order[m * size : (m + 1) * size],
        )
        for m in range(k)
    ]


# %% wrong: the last part takes the whole remainder
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n)
    bounds = [m * (n // k) for m in range(k)] + [n]
    parts = [order[bounds[m] : bounds[m + 1]] for m in range(k)]
    return [(np.setdiff1d(order, part), part) for part in parts]


# %% wrong: trains on everything
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n)
    return [(order, part) for part in np.array_split(order, k)]


# %% wrong: a new shuffle for each part
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    rng = np.random.default_rng(seed)
    pairs = []
    for m in range(k):
        order = rng.permutation(n)
        pairs.append((order[n // k :], order[: n // k]))
    return pairs


# %% wrong: the test part first
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    return [(part, np.setdiff1d(np.arange(n), part)) for part in parts]


# %% wrong: every k-th row, without a shuffle
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    order = np.roll(np.arange(n), seed)
    parts = [order[m::k] for m in range(k)]
    return [(np.concatenate(parts[:m] + parts[m + 1 :]), parts[m]) for m in range(k)]


# %% wrong: two parts of two observations are too few
# fails: k_fold_tests_each_once, k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    if n < 3:
        raise ValueError("too few")
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: shuffled within blocks of the file
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    rng = np.random.default_rng(seed)
    parts = [rng.permutation(part) for part in np.array_split(np.arange(n), k)]
    return [(np.setdiff1d(np.arange(n), part), part) for part in parts]


# %% wrong: the remainder is not shuffled
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    parts = np.array_split(
        np.r_[np.random.default_rng(seed).permutation(n // k * k), np.arange(n // k * k, n)], k
    )
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: the first observation is always in the first part
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    parts = np.array_split(np.r_[0, 1 + np.random.default_rng(seed).permutation(n - 1)], k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: indices that are no integers
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed).permutation(n) * 1.0, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: training indices that are no integers
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed).permutation(n), k)
    return [(np.concatenate([[]] + parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: two seeds for each shuffle
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed // 2).permutation(n), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


# %% wrong: the rest of a division is in the last part
# fails: k_fold_tests_each_once
def k_fold(n, k, seed):
    order = np.random.default_rng(seed).permutation(n)
    size, pairs = n // k, []
    for part in range(k):
        end = n if part == k - 1 else (part + 1) * size
        test = order[part * size : end]
        pairs.append((np.setdiff1d(order, test), test))
    return pairs


# %% wrong: the seed 0 taken for none
# fails: k_fold_keeps_parts_apart_and_shuffles
def k_fold(n, k, seed):
    parts = np.array_split(np.random.default_rng(seed or None).permutation(n), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]
