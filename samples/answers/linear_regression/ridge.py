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
# fails: ridge_with_a_free_bias
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
# fails: ridge_in_general
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
