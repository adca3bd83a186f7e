# %% right: shuffle once, then cut
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]


# %% right: the test part is the end of a shuffled list
def train_test_split(n, test_fraction, seed):
    indices = list(range(n))
    np.random.default_rng(seed).shuffle(indices)
    n_train = n - int(n * test_fraction + 0.5)
    return np.array(indices[:n_train], dtype=int), np.array(indices[n_train:], dtype=int)


# %% right: draw the test part without replacement, shuffle the rest for training
def train_test_split(n, test_fraction, seed):
    rng = np.random.default_rng(seed)
    test = rng.choice(n, size=round(n * test_fraction), replace=False)
    train = rng.permutation([i for i in range(n) if i not in set(test.tolist())]).astype(int)
    return train, test


# %% wrong: no shuffle
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    n_test = round(n * test_fraction)
    return np.arange(n)[n_test:], np.arange(n)[:n_test]


# %% wrong: cuts off what comes after the point
# fails: train_test_split_has_complete_parts
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_test = int(n * test_fraction)
    return order[n_test:], order[:n_test]


# %% wrong: a negative slice, which is everything for an empty test part
# fails: train_test_split_has_complete_parts
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_fraction)
    return order[:-n_test], order[-n_test:]


# %% wrong: the test part first
# fails: train_test_split_has_complete_parts
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_fraction)
    return order[:n_test], order[n_test:]


# %% wrong: another split at every call
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng().permutation(n)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]


# %% wrong: a coin for each observation, so that the sizes are left to chance
# fails: train_test_split_has_complete_parts, train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    tested = np.random.default_rng(seed).uniform(size=n) < test_fraction
    return np.flatnonzero(~tested), np.flatnonzero(tested)


# %% wrong: shuffles twice, so that the parts overlap
# fails: train_test_split_has_complete_parts
def train_test_split(n, test_fraction, seed):
    rng = np.random.default_rng(seed)
    n_test = round(n * test_fraction)
    return rng.permutation(n)[n_test:], rng.permutation(n)[:n_test]


# %% wrong: a block that begins at the seed
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.roll(np.arange(n), seed)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]


# %% wrong: the training part is left in the order of the file
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    test = np.random.default_rng(seed).choice(n, size=round(n * test_fraction), replace=False)
    return np.setdiff1d(np.arange(n), test), test


# %% wrong: both parts are sorted again
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n)
    n_test = round(n * test_fraction)
    return np.sort(order[n_test:]), np.sort(order[:n_test])


# %% wrong: indices that are no integers
# fails: train_test_split_has_complete_parts
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed).permutation(n).astype(float)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]


# %% wrong: the last observation is always tested
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.r_[n - 1, np.random.default_rng(seed).permutation(n - 1)]
    k = int(round(n * test_fraction))
    return order[k:], order[:k]


# %% wrong: the first observation is never tested
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.r_[1 + np.random.default_rng(seed).permutation(n - 1), 0]
    k = int(round(n * test_fraction))
    return order[k:], order[:k]


# %% wrong: the seed 0 taken for none
# fails: train_test_split_is_random_and_repeatable
def train_test_split(n, test_fraction, seed):
    order = np.random.default_rng(seed or None).permutation(n)
    n_test = round(n * test_fraction)
    return order[n_test:], order[:n_test]
