# %% right: numpy's Vandermonde matrix, lowest power first
def polynomial_features(x, degree):
    return np.vander(np.asarray(x, dtype=float), degree + 1, increasing=True)


# %% right: broadcasting numbers against powers
def polynomial_features(x, degree):
    return np.asarray(x, dtype=float)[:, None] ** np.arange(degree + 1)


# %% right: each column from the one before
def polynomial_features(x, degree):
    columns = [np.ones(len(x))]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.column_stack(columns)


# %% right: two loops
def polynomial_features(x, degree):
    return np.array([[float(value) ** power for power in range(degree + 1)] for value in x])


# %% wrong: one power too few
# fails: polynomial_features_of_two_numbers, polynomial_features_in_general
def polynomial_features(x, degree):
    return np.column_stack([np.asarray(x, dtype=float) ** j for j in range(degree)])


# %% wrong: the constant forgotten
# fails: polynomial_features_of_two_numbers, polynomial_features_in_general
def polynomial_features(x, degree):
    return np.column_stack([np.asarray(x, dtype=float) ** j for j in range(1, degree + 1)])


# %% wrong: the highest power first
# fails: polynomial_features_of_two_numbers, polynomial_features_in_general
def polynomial_features(x, degree):
    return np.vander(np.asarray(x, dtype=float), degree + 1)


# %% wrong: one row for each power
# fails: polynomial_features_of_two_numbers, polynomial_features_in_general
def polynomial_features(x, degree):
    return np.array([np.asarray(x, dtype=float) ** j for j in range(degree + 1)])


# %% wrong: multiples instead of powers
# fails: polynomial_features_of_two_numbers, polynomial_features_in_general
def polynomial_features(x, degree):
    return np.column_stack([np.asarray(x, dtype=float) * j for j in range(degree + 1)])


# %% wrong: integers that overflow
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    return np.column_stack([x**j for j in range(degree + 1)])


# %% wrong: through logarithms, which zero and negative numbers do not have
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    with np.errstate(all="ignore"):
        return np.exp(np.log(x)[:, None] * np.arange(degree + 1))


# %% wrong: single precision
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    x = np.asarray(x, dtype=np.float32)
    return np.column_stack([x**j for j in range(degree + 1)])


# %% wrong: the sign of negative numbers lost
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    x = np.abs(np.asarray(x, dtype=float))
    return np.column_stack([x**j for j in range(degree + 1)])
