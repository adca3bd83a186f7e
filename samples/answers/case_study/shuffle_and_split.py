# %% right: one permutation, cut in two
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    n_test = round(len(y) / 3)
    test, train = order[:n_test], order[n_test:]
    return X[train], y[train], X[test], y[test]


# %% right: the test part from the end, rounded by numpy
def shuffle_and_split(X, y, seed):
    rng = np.random.default_rng(seed)
    indices = np.arange(len(X))
    rng.shuffle(indices)
    n_train = len(X) - int(np.rint(len(X) / 3))
    X, y = X[indices], y[indices]
    return X[:n_train], y[:n_train], X[n_train:], y[n_train:]


# %% right: features and labels shuffled as one table
def shuffle_and_split(X, y, seed):
    rng = np.random.default_rng(seed)
    rows = [(X[i], y[i]) for i in range(len(y))]
    order = list(range(len(rows)))
    rng.shuffle(order)
    rows = [rows[i] for i in order]
    n_test = int(len(rows) / 3 + 0.5)
    test, train = rows[:n_test], rows[n_test:]
    return (
        np.array([x for x, _ in train]),
        np.array([label for _, label in train]),
        np.array([x for x, _ in test]),
        np.array([label for _, label in test]),
    )


# %% wrong: features and labels shuffled apart
# fails: shuffle_and_split_keeps_labels_with_their_rows, shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    rng = np.random.default_rng(seed)
    n_test = round(len(y) / 3)
    X, y = rng.permutation(X), rng.permutation(y)
    return X[n_test:], y[n_test:], X[:n_test], y[:n_test]


# %% wrong: not shuffled
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    n_test = round(len(y) / 3)
    return X[n_test:], y[n_test:], X[:n_test], y[:n_test]


# %% wrong: another order of the results
# fails: shuffle_and_split_has_the_right_sizes, shuffle_and_split_keeps_labels_with_their_rows, shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    n_test = round(len(y) / 3)
    test, train = order[:n_test], order[n_test:]
    return X[train], X[test], y[train], y[test]


# %% wrong: the third is cut off, not rounded
# fails: shuffle_and_split_has_the_right_sizes
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    n_test = len(y) // 3
    test, train = order[:n_test], order[n_test:]
    return X[train], y[train], X[test], y[test]


# %% wrong: the seed is not used
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(0).permutation(len(y))
    n_test = round(len(y) / 3)
    test, train = order[:n_test], order[n_test:]
    return X[train], y[train], X[test], y[test]


# %% wrong: rows drawn with replacement
# fails: shuffle_and_split_keeps_labels_with_their_rows
def shuffle_and_split(X, y, seed):
    rng = np.random.default_rng(seed)
    n_test = round(len(y) / 3)
    train = rng.integers(0, len(y), size=len(y) - n_test)
    test = rng.integers(0, len(y), size=n_test)
    return X[train], y[train], X[test], y[test]


# %% wrong: the arrays are shuffled in place
# fails: shuffle_and_split_keeps_labels_with_their_rows, shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    n_test = round(len(y) / 3)
    return X[n_test:], y[n_test:], X[:n_test], y[:n_test]


# %% wrong: the training part is left in the order of the file
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    n = len(y)
    test = np.random.default_rng(seed).choice(n, size=round(n / 3), replace=False)
    train = np.setdiff1d(np.arange(n), test)
    return X[train], y[train], X[test], y[test]


# %% wrong: both parts are sorted again
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    n = len(y)
    order = np.random.default_rng(seed).permutation(n)
    test, train = np.sort(order[: round(n / 3)]), np.sort(order[round(n / 3) :])
    return X[train], y[train], X[test], y[test]


# %% wrong: the test part holds one at least
# fails: shuffle_and_split_keeps_labels_with_their_rows
def shuffle_and_split(X, y, seed):
    n = len(y)
    order = np.random.default_rng(seed).permutation(n)
    n_test = max(1, round(n / 3))
    test, train = order[:n_test], order[n_test:]
    return X[train], y[train], X[test], y[test]


# %% wrong: 0.333 for a third
# fails: shuffle_and_split_keeps_labels_with_their_rows
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    k = round(0.333 * len(X))
    test, train = order[:k], order[k:]
    return X[train], y[train], X[test], y[test]


# %% wrong: the classes one after the other
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    k = round(len(X) / 3)
    order = (
        np.concatenate([order[y[order] == c] for c in np.unique(y)])
        if len(np.unique(y)) < 3
        else order
    )
    test, train = order[:k], order[k:]
    return X[train], y[train], X[test], y[test]


# %% wrong: the last row is never tested
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.r_[np.random.default_rng(seed).permutation(len(X) - 1), len(X) - 1]
    k = round(len(X) / 3)
    test, train = order[:k], order[k:]
    return X[train], y[train], X[test], y[test]


# %% wrong: the first row is always tested
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.r_[0, 1 + np.random.default_rng(seed).permutation(len(X) - 1)]
    k = round(len(X) / 3)
    test, train = order[:k], order[k:]
    return X[train], y[train], X[test], y[test]


# %% wrong: labels are cut to integers
# fails: shuffle_and_split_keeps_labels_with_their_rows
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    k = round(len(X) / 3)
    test, train = order[:k], order[k:]
    return X[train], y[train].astype(int), X[test], y[test].astype(int)


# %% wrong: the seed 0 taken for none
# fails: shuffle_and_split_shuffles
def shuffle_and_split(X, y, seed):
    order = np.random.default_rng(seed or None).permutation(len(y))
    k = round(len(y) / 3)
    return X[order[k:]], y[order[k:]], X[order[:k]], y[order[:k]]
