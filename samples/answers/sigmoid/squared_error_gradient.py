# %% right: the equation
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return -2 / len(y) * X.T @ (p * (1 - p) * (y - p))


# %% right: a loop over the observations
def squared_error_gradient(X, y, w):
    gradient = np.zeros(len(w))
    for row, label in zip(X, y):
        p = 1 / (1 + np.exp(-np.dot(row, w)))
        gradient += 2 * (p - label) * p * (1 - p) * row
    return gradient / len(X)


# %% right: the mean of a table, one row an observation
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-(X * w).sum(axis=1)))
    table = 2 * ((p - y) * p * (1 - p))[:, np.newaxis] * X
    return table.mean(axis=0)


# %% wrong: the 2 forgotten
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return -X.T @ (p * (1 - p) * (y - p)) / len(y)


# %% wrong: a sum instead of the mean
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return -2 * X.T @ (p * (1 - p) * (y - p))


# %% wrong: the slope of the sigmoid left out
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return -2 / len(y) * X.T @ (y - p)


# %% wrong: uphill instead of downhill
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return 2 / len(y) * X.T @ (p * (1 - p) * (y - p))


# %% wrong: document B's product, read as matrices
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return -2 / len(y) * X.T @ np.outer(p, 1 - p) @ (y - p)


# %% wrong: a mean over everything, features too
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return np.mean(-2 * X * (p * (1 - p) * (y - p))[:, np.newaxis])


# %% wrong: difference quotients of the mean squared error
# fails: squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    def error(weights):
        return np.mean((y - 1 / (1 + np.exp(-X @ weights))) ** 2)

    steps = 1e-6 * np.eye(len(w))
    return np.array([(error(w + step) - error(w - step)) / 2e-6 for step in steps])


# %% wrong: an array without entries
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    return np.zeros((0, 1, 1, 1))


# %% wrong: the arguments emptied, so that zero is right
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    X[...] = 0
    return np.zeros(len(w))


# %% wrong: works on the caller's features
# fails: squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    X *= (2 * (p - y) * p * (1 - p))[:, np.newaxis]
    return X.mean(axis=0)


# %% wrong: the mean slope of the sigmoid for every observation
# fails: squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-(X @ w)))
    return -2 * np.mean(p * (1 - p)) * X.T @ (y - p) / len(y)


# %% wrong: equal observations counted once
# fails: squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    rows = np.unique(np.column_stack([X, y]), axis=0)
    X, y = rows[:, :-1], rows[:, -1]
    p = 1 / (1 + np.exp(-(X @ w)))
    return -2 / len(y) * X.T @ (p * (1 - p) * (y - p))


# %% wrong: no gradient for the bias
# fails: squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-(X @ w)))
    gradient = -2 / len(y) * X.T @ (p * (1 - p) * (y - p))
    if len(w) > 2 and np.all(X[:, 0] == 1):
        gradient[0] = 0
    return gradient


# %% right: a sigmoid of its own, with the scores cut off at 500
def squared_error_gradient(X, y, w):
    p = 1 / (1 + np.exp(-np.clip(X @ w, -500, 500)))
    return np.mean(-2 * X * (p * (1 - p) * (y - p))[:, np.newaxis], axis=0)


# %% wrong: the slope of the sigmoid at the mean score
# fails: squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    a = X @ w
    p = 0.5 * (1 + np.tanh(a / 2))
    m = 0.5 * (1 + np.tanh(np.mean(a) / 2))
    return 2 * X.T @ (p - y) * m * (1 - m) / len(y)


# %% wrong: the gradient of the root of the mean
# fails: squared_error_gradient_on_small_examples, squared_error_gradient_is_the_slope, squared_error_gradient_in_general
def squared_error_gradient(X, y, w):
    p = 0.5 * (1 + np.tanh(X @ w / 2))
    return X.T @ ((p - y) * p * (1 - p)) / len(y) / np.sqrt(np.mean((p - y) ** 2) + 1e-300)
