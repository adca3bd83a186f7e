# %% right: the inverse of the information
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    information = X.T @ np.diag(p * (1 - p)) @ X
    return np.sqrt(np.diag(np.linalg.inv(information)))


# %% right: a sum of outer products
def standard_errors(X, w):
    information = np.zeros((len(w), len(w)))
    for row in X:
        p = 1 / (1 + np.exp(-(row @ w)))
        information += p * (1 - p) * np.outer(row, row)
    covariance = np.linalg.inv(information)
    return np.array([covariance[j, j] ** 0.5 for j in range(len(w))])


# %% right: N times the Hessian of the mean loss, solved for the unit vectors
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-np.asarray(X) @ w))
    H = (X * (p * (1 - p))[:, np.newaxis]).T @ X / len(X)
    return np.sqrt(np.linalg.solve(len(X) * H, np.eye(len(w))).diagonal())


# %% wrong: the curvature of the mean loss
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    H = X.T @ np.diag(p * (1 - p)) @ X / len(X)
    return np.sqrt(np.diag(np.linalg.inv(H)))


# %% wrong: the root is missing
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    return np.diag(np.linalg.inv(X.T @ np.diag(p * (1 - p)) @ X))


# %% wrong: one over the diagonal instead of the diagonal of the inverse
# fails: standard_errors_in_general
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    information = X.T @ np.diag(p * (1 - p)) @ X
    return 1 / np.sqrt(np.diag(information))


# %% wrong: the weight p instead of p (1 - p)
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    return np.sqrt(np.diag(np.linalg.inv(X.T @ np.diag(p) @ X)))


# %% wrong: the same 1/4 for every observation, whatever the weights
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    return np.sqrt(np.diag(np.linalg.inv(X.T @ X / 4)))


# %% wrong: the whole matrix instead of its diagonal
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    return np.sqrt(np.abs(np.linalg.inv(X.T @ np.diag(p * (1 - p)) @ X)))


# %% wrong: rounded to six places, which is much for small errors
# fails: standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    information = X.T @ ((p * (1 - p))[:, None] * X)
    return np.round(np.sqrt(np.diag(np.linalg.inv(information))), 6)


# %% wrong: remembers the answer by the shape of X
# fails: standard_errors_in_general
def standard_errors(X, w, seen={}):
    if np.shape(X) not in seen:
        p = 1 / (1 + np.exp(-X @ w))
        information = X.T @ ((p * (1 - p))[:, None] * X)
        seen[np.shape(X)] = np.sqrt(np.diag(np.linalg.inv(information)))
    return seen[np.shape(X)]


# %% wrong: a probability that overflows far out
# fails: standard_errors_in_general
def standard_errors(X, w):
    odds = np.exp(X @ w)
    p = odds / (1 + odds)
    information = X.T @ (X * (p * (1 - p))[:, None])
    return np.sqrt(np.diag(np.linalg.inv(information)))


# %% wrong: the mean probability for everybody
# fails: standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = np.mean(1 / (1 + np.exp(-X @ w)))
    return np.sqrt(np.diag(np.linalg.inv(p * (1 - p) * X.T @ X)))


# %% wrong: divided by N - D, as for a fitted line
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    I = X.T @ ((p * (1 - p))[:, None] * X)
    n, d = X.shape
    return np.sqrt(np.diag(np.linalg.inv(I)) * n / max(n - d, 1))


# %% wrong: a little added to the diagonal, so that it can be inverted
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    p = 1 / (1 + np.exp(-X @ w))
    I = X.T @ ((p * (1 - p))[:, None] * X)
    return np.sqrt(np.diag(np.linalg.inv(I + 1e-3 * np.eye(len(w)))))


# %% wrong: the information of one observation after the other, the last of which stays
# fails: standard_errors_of_a_coin, standard_errors_in_general, standard_errors_of_repeated_experiments
def standard_errors(X, w):
    I = np.zeros((len(w), len(w)))
    for row in X:
        p = 1 / (1 + np.exp(-row @ w))
        I = I * 0.999999 + p * (1 - p) * np.outer(row, row)
    return np.sqrt(np.diag(np.linalg.inv(I)))
