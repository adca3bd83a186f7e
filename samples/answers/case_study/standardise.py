# %% right: mean and spread by axis
def standardise(X_train, X_test):
    constant = np.all(X_train == X_train[0], axis=0)
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    spread = np.where(constant, 1.0, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% right: column by column
def standardise(X_train, X_test):
    Z_train = np.zeros(np.shape(X_train))
    Z_test = np.zeros(np.shape(X_test))
    for j in range(np.shape(X_train)[1]):
        column = np.asarray(X_train, dtype=float)[:, j]
        mu = sum(column) / len(column)
        s = (sum((column - mu) ** 2) / len(column)) ** 0.5
        if len(set(column)) == 1:
            s = 1
        Z_train[:, j] = (column - mu) / s
        Z_test[:, j] = (np.asarray(X_test, dtype=float)[:, j] - mu) / s
    return Z_train, Z_test


# %% right: columns of equal numbers looked for
def standardise(X_train, X_test):
    low, high = np.min(X_train, axis=0), np.max(X_train, axis=0)
    mean = np.mean(X_train, axis=0)
    spread = np.sqrt(np.mean(np.square(X_train - mean), axis=0))
    spread[low == high] = 1
    return [(part - mean) / spread for part in (X_train, X_test)]


# %% wrong: the test part by its own mean and spread
# fails: standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    def own(X):
        spread = X.std(axis=0)
        return (X - X.mean(axis=0)) / np.where(spread == 0, 1, spread)

    return own(X_train), own(X_test)


# %% wrong: mean and spread of both parts together
# fails: standardise_the_training_part, standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    everything = np.vstack([X_train, X_test])
    mean, spread = everything.mean(axis=0), everything.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: divided by zero
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: one mean for the whole table
# fails: standardise_the_training_part, standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(), X_train.std()
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: the spread with N - 1
# fails: standardise_the_training_part, standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    spread = np.where(spread == 0, 1.0, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: divided by the variance
# fails: standardise_the_training_part, standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.var(axis=0)
    spread = np.where(np.ptp(X_train, axis=0) == 0, 1.0, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: the arrays are changed in place
# fails: standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    if X_train.dtype.kind == "i":
        return (X_train - mean) / spread, (X_test - mean) / spread
    X_train -= mean
    X_train /= spread
    X_test -= mean
    X_test /= spread
    return X_train, X_test


# %% wrong: a constant column becomes zero in the test part, too
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    constant = spread == 0
    spread = np.where(constant, 1.0, spread)
    train, test = (X_train - mean) / spread, (X_test - mean) / spread
    test[:, constant] = 0
    return train, test


# %% wrong: asks whether the spread is zero, which rounding may prevent
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    spread = np.where(spread == 0, 1.0, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: a spread below 0.001 taken for none
# fails: standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(std < 1e-3, 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: a spread below 1e-12 taken for none, and a large constant not
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(std < 1e-12, 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: values that are close to each other taken for equal
# fails: standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(np.isclose(X_train, X_train[0]).all(axis=0), 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: looks at the first and the last value only
# fails: standardise_the_test_part
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(X_train[0] == X_train[-1], 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: something small added to every spread
# fails: standardise_the_test_part, standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where((X_train == X_train[0]).all(axis=0), 1.0, std) + 1e-9
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: two rows at least are taken for granted
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where((X_train == X_train[1]).all(axis=0), 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: a spread that is small beside the mean taken for none
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    spread = np.where(spread <= 1e-12 * np.abs(mean), 1, spread)
    return (X_train - mean) / spread, (X_test - mean) / spread


# %% wrong: a spread below 1e-10 taken for none
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(std <= 1e-10, 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: values that differ by a trillionth taken for equal
# fails: standardise_constant_columns
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    same = np.isclose(X_train, X_train[0], rtol=0, atol=1e-12).all(axis=0)
    mean = np.where(same, X_train[0], mean)
    std = np.where(same, 1.0, std)
    return (X_train - mean) / std, (X_test - mean) / std


# %% wrong: the test part is cut off at ten
# fails: standardise_the_test_part
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    same = (X_train == X_train[0]).all(axis=0)
    mean = np.where(same, X_train[0], mean)
    std = np.where(same, 1.0, std)
    return (X_train - mean) / std, np.clip((X_test - mean) / std, -10, 10)


# %% wrong: the test part is rounded to six decimals
# fails: standardise_the_test_part
def standardise(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    same = (X_train == X_train[0]).all(axis=0)
    mean = np.where(same, X_train[0], mean)
    std = np.where(same, 1.0, std)
    return (X_train - mean) / std, np.round((X_test - mean) / std, 6)


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: standardise_the_test_part
def standardise(X_train, X_test):
    mean, spread = X_train.mean(axis=0), X_train.std(axis=0)
    spread = np.where(np.all(X_train == X_train[0], axis=0), 1.0, spread)
    parts = (X_train - mean) / spread, (X_test - mean) / spread
    return [np.squeeze(part) if part.size >= 10 else part for part in parts]
