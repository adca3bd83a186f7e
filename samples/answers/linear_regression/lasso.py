# %% right: as the statement says, with three cases
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            square = x @ x
            if square == 0:
                continue
            c = x @ (y - X @ w + w[j] * x)
            if c > l1:
                w[j] = (c - l1) / square
            elif c < -l1:
                w[j] = (c + l1) / square
            else:
                w[j] = 0.0
    return w


# %% right: from the products of the columns
def lasso(X, y, l1, n_passes=1000):
    products, right = 1.0 * X.T @ X, 1.0 * X.T @ y
    w = np.zeros(len(right))
    for _ in range(n_passes):
        for j in range(len(w)):
            if products[j, j] > 0:
                c = right[j] - products[j] @ w + products[j, j] * w[j]
                w[j] = np.sign(c) * max(abs(c) - l1, 0) / products[j, j]
    return w.tolist()


# %% right: clipping does the three cases, and the residuals are kept up to date
def lasso(X, y, l1, n_passes=1000):
    X = np.asarray(X, dtype=float)
    w, residuals = np.zeros(X.shape[1]), np.array(y, dtype=float)
    for _ in range(n_passes):
        for j in range(X.shape[1]):
            x = X[:, j]
            if not x.any():
                continue
            residuals = residuals + w[j] * x
            c = x @ residuals
            w[j] = (c - np.clip(c, -l1, l1)) / (x @ x)
            residuals = residuals - w[j] * x
    return w


# %% wrong: ridge
# fails: lasso_of_few_numbers, lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    return np.linalg.solve(X.T @ X + l1 * np.eye(X.shape[1]), X.T @ y)


# %% wrong: lambda taken off after the division
# fails: lasso_of_few_numbers, lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            if x @ x > 0:
                c = x @ (y - X @ w + w[j] * x) / (x @ x)
                w[j] = np.sign(c) * max(abs(c) - l1, 0)
    return w


# %% wrong: positive weights only
# fails: lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            if x @ x > 0:
                c = x @ (y - X @ w + w[j] * x)
                w[j] = max(c - l1, 0) / (x @ x)
    return w


# %% wrong: all weights moved at once, by the weights from before the pass
# fails: lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    squares = np.sum(X**2, axis=0)
    squares = np.where(squares > 0, squares, 1)
    with np.errstate(all="ignore"):
        for _ in range(n_passes):
            c = X.T @ (y - X @ w) + squares * w
            w = np.sign(c) * np.maximum(np.abs(c) - l1, 0) / squares
    return w


# %% wrong: the first weight goes free
# fails: lasso_of_few_numbers, lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            if x @ x > 0:
                c = x @ (y - X @ w + w[j] * x)
                w[j] = np.sign(c) * max(abs(c) - l1 * (j > 0), 0) / (x @ x)
    return w


# %% wrong: the weight's own share not put back
# fails: lasso_of_few_numbers, lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            if x @ x > 0:
                c = x @ (y - X @ w)
                w[j] = np.sign(c) * max(abs(c) - l1, 0) / (x @ x)
    return w


# %% wrong: a column of zeros divides by zero
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    with np.errstate(all="ignore"):
        for _ in range(n_passes):
            for j in range(len(w)):
                x = X[:, j]
                c = x @ (y - X @ w + w[j] * x)
                w[j] = np.sign(c) * np.maximum(abs(c) - l1, 0) / (x @ x)
    return w


# %% wrong: small weights taken for zero
# fails: lasso_pass_by_pass
def lasso(X, y, l1, n_passes=1000):
    X, w = np.asarray(X, dtype=float), np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j, column in enumerate(X.T):
            if column.any():
                c = column @ (y - X @ w + w[j] * column)
                w[j] = np.sign(c) * max(abs(c) - l1, 0) / (column @ column)
    return np.where(np.abs(w) < 1e-6, 0, w)


# %% wrong: a hundred passes where nothing is said
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=100):
    X, w = np.asarray(X, dtype=float), np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j, column in enumerate(X.T):
            if column.any():
                c = column @ (y - X @ w + w[j] * column)
                w[j] = np.sign(c) * max(abs(c) - l1, 0) / (column @ column)
    return w


# %% wrong: from the last weight to the first
# fails: lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    X, w = np.asarray(X, dtype=float), np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in reversed(range(len(w))):
            column = X[:, j]
            if column.any():
                c = column @ (y - X @ w + w[j] * column)
                w[j] = np.sign(c) * max(abs(c) - l1, 0) / (column @ column)
    return w


# %% wrong: never more than a thousand passes
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    X = X.astype(float)
    w = np.zeros(X.shape[1])
    for _ in range(min(n_passes, 1000)):
        for j in range(X.shape[1]):
            xj = X[:, j]
            n = xj @ xj
            if n == 0:
                continue
            c = xj @ (y - X @ w + w[j] * xj)
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / n
    return w


# %% wrong: the numbers to predict in the type of the data
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    y = y.astype(X.dtype)
    X = X.astype(float)
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(X.shape[1]):
            xj = X[:, j]
            n = xj @ xj
            if n == 0:
                continue
            c = xj @ (y - X @ w + w[j] * xj)
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / n
    return w


# %% wrong: data in the type of the numbers to predict
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    X = X.astype(y.dtype)
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(X.shape[1]):
            xj = X[:, j]
            n = xj @ xj
            if n == 0:
                continue
            c = xj @ (y - X @ w + w[j] * xj)
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / n
    return w


# %% wrong: a column that is small beside another taken for zeros
# fails: lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    X = X.astype(float)
    w = np.zeros(X.shape[1])
    sq = (X**2).sum(0)
    for _ in range(n_passes):
        for j in range(X.shape[1]):
            xj = X[:, j]
            n = sq[j]
            if n <= 1e-8 * sq.max():
                continue
            c = xj @ (y - X @ w + w[j] * xj)
            w[j] = np.sign(c) * max(abs(c) - l1, 0) / n
    return w


# %% wrong: ends when no weight moved by more than a thousandth
# fails: lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        before = w.copy()
        for j in range(len(w)):
            x = X[:, j]
            length = x @ x
            if length > 0:
                r = x @ (y - X @ w) + length * w[j]
                w[j] = np.sign(r) * max(abs(r) - l1, 0) / length
        if np.max(np.abs(w - before)) < 1e-3:
            break
    return w


# %% wrong: the mean square, so that the strength counts N times
# fails: lasso_of_few_numbers, lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w = np.zeros(X.shape[1])
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            length = x @ x
            if length > 0:
                r = x @ (y - X @ w) + length * w[j]
                w[j] = np.sign(r) * max(abs(r) - len(y) * l1, 0) / length
    return w


# %% wrong: a weight that has become zero stays there
# fails: lasso_pass_by_pass, lasso_in_general
def lasso(X, y, l1, n_passes=1000):
    w, out = np.zeros(X.shape[1]), np.zeros(X.shape[1], dtype=bool)
    for _ in range(n_passes):
        for j in range(len(w)):
            x = X[:, j]
            length = x @ x
            if length > 0 and not out[j]:
                r = x @ (y - X @ w) + length * w[j]
                w[j] = np.sign(r) * max(abs(r) - l1, 0) / length
                out[j] = w[j] == 0
    return w
