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


# %% wrong: integers of any length, in an array of objects
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    return np.array(
        [
            [int(v) ** j if float(v).is_integer() else float(v) ** j for j in range(degree + 1)]
            for v in x
        ],
        dtype=object,
    )


# %% wrong: integers where they fit
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    return np.array([[v**j for j in range(degree + 1)] for v in x.tolist()])


# %% wrong: single precision where x has it
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    x = x if x.dtype.kind == "f" else x.astype(float)
    return np.column_stack([x**j for j in range(degree + 1)])


# %% wrong: each number once
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    return np.vander(np.array(list(dict.fromkeys(x.tolist())), float), degree + 1, increasing=True)


# %% wrong: complex numbers
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    return np.vander(x.astype(complex), degree + 1, increasing=True)


# %% right: cumulative products
def polynomial_features(x, degree):
    cols = np.column_stack([np.ones(len(x))] + [x] * degree)
    return np.cumprod(cols, axis=1)


# %% wrong: powers by logarithms
# fails: polynomial_features_in_general
def polynomial_features(x, degree):
    x = np.asarray(x, dtype=float)
    with np.errstate(all="ignore"):
        return np.sign(x)[:, None] ** np.arange(degree + 1) * np.exp(np.log(np.abs(x))[:, None] * np.arange(degree + 1))
