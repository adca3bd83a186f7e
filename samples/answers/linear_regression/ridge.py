# %% right: the normal equations with a diagonal matrix
def ridge(X, y, l2):
    strengths = np.ones(X.shape[1]) * l2
    return np.linalg.solve(X.T @ X + np.diag(strengths), X.T @ y)


# %% right: the inverse, and one strength spread over all weights
def ridge(X, y, l2):
    penalty = np.eye(X.shape[1]) * l2
    return np.linalg.inv(X.T @ X + penalty) @ X.T @ y


# %% right: least squares with one more observation for each weight
def ridge(X, y, l2):
    d = X.shape[1]
    rows = np.vstack([X, np.diag(np.sqrt(np.broadcast_to(l2, d)))])
    return np.linalg.lstsq(rows, np.concatenate([y, np.zeros(d)]), rcond=None)[0]


# %% right: the diagonal, entry by entry
def ridge(X, y, l2):
    A = 1.0 * X.T @ X
    for j in range(len(A)):
        A[j, j] += l2 if np.ndim(l2) == 0 else l2[j]
    return np.linalg.solve(A, X.T @ y)


# %% wrong: the strength added to every entry of the matrix
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    return np.linalg.solve(X.T @ X + l2, X.T @ y)


# %% wrong: one strength for all, whatever l2 is
# fails: ridge_with_a_free_bias, ridge_at_the_extremes
def ridge(X, y, l2):
    strength = np.max(l2)
    return np.linalg.solve(X.T @ X + strength * np.eye(X.shape[1]), X.T @ y)


# %% wrong: the strength times the number of observations
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    penalty = np.eye(X.shape[1]) * l2
    return np.linalg.solve(X.T @ X + len(y) * penalty, X.T @ y)


# %% wrong: the bias is never charged
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    strengths = np.ones(X.shape[1]) * l2
    strengths[0] = 0
    return np.linalg.solve(X.T @ X + np.diag(strengths), X.T @ y)


# %% wrong: twice the strength, from a penalty without its half
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    penalty = np.eye(X.shape[1]) * l2
    return np.linalg.solve(X.T @ X + 2 * penalty, X.T @ y)


# %% wrong: the penalty left out
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% wrong: shrinks the weights of least squares, all by the same factor
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    return np.linalg.lstsq(X, y, rcond=None)[0] / (1 + l2)


# %% wrong: np.diag of one number, a matrix without that number on its diagonal
# fails: ridge_of_one_feature, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    return np.linalg.solve(X.T @ X + np.diag(np.atleast_1d(l2)), X.T @ y)


# %% wrong: strengths in order of size
# fails: ridge_with_a_free_bias
def ridge(X, y, l2):
    strengths = np.sort(np.ones(X.shape[1]) * l2)
    return np.linalg.solve(X.T @ X + np.diag(strengths), X.T @ y)


# %% wrong: a pseudoinverse that leaves out what is small
# fails: ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    strengths = np.ones(X.shape[1]) * l2
    return np.linalg.pinv(X.T @ X + np.diag(strengths), rcond=1e-4) @ X.T @ y


# %% wrong: strengths never below a thousandth
# fails: ridge_with_a_free_bias, ridge_at_the_extremes
def ridge(X, y, l2):
    strengths = np.maximum(np.ones(X.shape[1]) * l2, 1e-3)
    return np.linalg.solve(X.T @ X + np.diag(strengths), X.T @ y)


# %% wrong: added to a matrix of integers, where X holds integers
# fails: ridge_in_general
def ridge(X, y, l2):
    A = X.T @ X
    for j in range(len(A)):
        A[j, j] += l2 if np.ndim(l2) == 0 else l2[j]
    return np.linalg.solve(A, X.T @ y)


# %% wrong: more observations, with the strength in the place of its root
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    n_weights = X.shape[1]
    more = np.diag(np.full(n_weights, 1.0) * l2)
    targets = np.concatenate([y, np.zeros(n_weights)])
    return np.linalg.lstsq(np.vstack([X, more]), targets, rcond=None)[0]


# %% wrong: a small strength taken for none
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    if np.max(l2) < 1e-3:
        return np.linalg.lstsq(X, y, rcond=None)[0]
    strengths = np.diag(np.full(X.shape[1], 1.0) * l2)
    return np.linalg.solve(X.T @ X + strengths, X.T @ y)


# %% wrong: a tiny strength for all, against a missing inverse
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    return np.linalg.solve(
        X.T @ X + np.diag(np.ones(X.shape[1]) * l2) + 1e-10 * np.eye(X.shape[1]), X.T @ y
    )


# %% wrong: an array of one strength taken for the bias's, which goes free
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    if np.ndim(l2) and len(l2) == 1:
        l2 = np.zeros(1)
    return np.linalg.solve(X.T @ X + np.diag(np.ones(X.shape[1]) * l2), X.T @ y)


# %% wrong: without a penalty, small singular values left out
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    if np.ndim(l2) == 0 and l2 == 0:
        return np.zeros(X.shape[1]) + np.linalg.lstsq(X, y, rcond=1e-3)[0]
    return np.linalg.solve(X.T @ X + np.diag(np.ones(X.shape[1]) * l2), X.T @ y)


# %% wrong: small eigenvalues left out
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    return np.linalg.pinv(X.T @ X + np.diag(np.ones(X.shape[1]) * l2), rcond=1e-6) @ (X.T @ y)


# %% wrong: a first strength of 0 taken for a sign of a column of ones
# fails: ridge_with_a_free_bias
def ridge(X, y, l2):
    if np.ndim(l2) and l2[0] == 0:
        m = y.mean()
        w = np.linalg.solve(X.T @ X + np.diag(l2), X.T @ (y - m))
        w[0] += m
        return w if np.all(X[:, 0] == 1) else np.linalg.solve(X.T @ X + np.diag(l2) * 1.01, X.T @ y)
    return np.linalg.solve(X.T @ X + np.diag(np.ones(X.shape[1]) * l2), X.T @ y)


# %% wrong: more columns than rows: the mean strength
# fails: ridge_at_the_extremes
def ridge(X, y, l2):
    if len(X) < X.shape[1]:
        return X.T @ np.linalg.solve(X @ X.T + np.mean(l2) * np.eye(len(X)), y)
    return np.linalg.solve(X.T @ X + np.diag(np.ones(X.shape[1]) * l2), X.T @ y)


# %% wrong: the numbers to predict in the type of the data
# fails: ridge_in_general
def ridge(X, y, l2):
    D = X.shape[1]
    return np.linalg.solve(X.T @ X + np.diag(np.ones(D) * l2), X.T @ y.astype(X.dtype))


# %% right: a list of weights
def ridge(X, y, l2):
    strengths = np.zeros(X.shape[1]) + l2
    return np.linalg.solve(X.T @ X + np.diag(strengths), X.T @ y).tolist()


# %% wrong: the strengths squared
# fails: ridge_of_one_feature, ridge_with_a_free_bias, ridge_at_the_extremes, ridge_in_general
def ridge(X, y, l2):
    l2 = np.broadcast_to(l2, X.shape[1])
    return np.linalg.solve(X.T @ X + np.diag(l2 * l2), X.T @ y)
