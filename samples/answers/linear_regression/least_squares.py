# %% right: lstsq
def least_squares(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% right: the pseudoinverse of X
def least_squares(X, y):
    return np.linalg.pinv(X) @ y


# %% right: by hand from the singular values
def least_squares(X, y):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    keep = s > 1e-13 * s.max()
    return Vt[keep].T @ (U[:, keep].T @ y / s[keep])


# %% wrong: the formula with the inverse
# fails: least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.inv(X.T @ X) @ X.T @ y


# %% wrong: the normal equations, solved
# fails: least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


# %% wrong: the pseudoinverse of X^T X, whose condition is squared already
# fails: least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.pinv(X.T @ X) @ X.T @ y


# %% wrong: adds a column of ones to those that are there
# fails: least_squares_of_three_points, least_squares_leaves_no_trend, least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    X = np.column_stack([np.ones(len(X)), X])
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% wrong: everything that lstsq returns
# fails: least_squares_of_three_points, least_squares_leaves_no_trend, least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.lstsq(X, y, rcond=None)


# %% wrong: a small ridge against the missing inverse
# fails: least_squares_of_three_points, least_squares_leaves_no_trend, least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.solve(X.T @ X + 1e-3 * np.eye(X.shape[1]), X.T @ y)


# %% wrong: QR, which needs independent columns
# fails: least_squares_gives_the_shortest_weights
def least_squares(X, y):
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


# %% wrong: transposed the wrong way round
# fails: least_squares_of_three_points, least_squares_leaves_no_trend, least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.pinv(X @ X.T) @ X @ y


# %% wrong: centres the data and forgets the constant
# fails: least_squares_of_three_points, least_squares_leaves_no_trend, least_squares_gives_the_shortest_weights
def least_squares(X, y):
    return np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]


# %% wrong: the inverse, unless the determinant is zero
# fails: least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    A = X.T @ X
    if np.isclose(np.linalg.det(A), 0):
        return np.linalg.pinv(X) @ y
    return np.linalg.inv(A) @ X.T @ y


# %% wrong: singular values below a thousandth left out
# fails: least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.lstsq(X, y, rcond=1e-3)[0]


# %% wrong: the axis of one dropped
# fails: least_squares_leaves_no_trend
def least_squares(X, y):
    return np.squeeze(np.linalg.lstsq(X, y, rcond=None)[0])


# %% wrong: weights in the type of X
# fails: least_squares_leaves_no_trend
def least_squares(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0].astype(X.dtype)


# %% wrong: dependent columns left out, where they should share
# fails: least_squares_gives_the_shortest_weights
def least_squares(X, y):
    kept = []
    for column in range(X.shape[1]):
        if np.linalg.matrix_rank(X[:, [*kept, column]]) > len(kept):
            kept.append(column)
    weights = np.zeros(X.shape[1])
    weights[kept] = np.linalg.lstsq(X[:, kept], y, rcond=None)[0]
    return weights


# %% wrong: columns brought to one length first, so that others are the shortest weights
# fails: least_squares_gives_the_shortest_weights
def least_squares(X, y):
    lengths = np.linalg.norm(X, axis=0)
    lengths[lengths == 0] = 1
    return np.linalg.lstsq(X / lengths, y, rcond=None)[0] / lengths


# %% wrong: singular values below a fixed number left out
# fails: least_squares_gives_the_shortest_weights, least_squares_keeps_its_digits
def least_squares(X, y):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    keep = s > 1e-10
    return Vt.T[:, keep] @ ((U.T @ y)[keep] / s[keep])


# %% wrong: the formula for more columns than rows, which needs independent rows
# fails: least_squares_gives_the_shortest_weights
def least_squares(X, y):
    if len(X) < X.shape[1]:
        return X.T @ np.linalg.solve(X @ X.T, y)
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% wrong: data in the type of the numbers to predict
# fails: least_squares_leaves_no_trend
def least_squares(X, y):
    return np.linalg.lstsq(X.astype(y.dtype), y, rcond=None)[0]


# %% wrong: the numbers to predict in the type of the data
# fails: least_squares_leaves_no_trend
def least_squares(X, y):
    return np.linalg.lstsq(X, y.astype(X.dtype), rcond=None)[0]


# %% wrong: equal rows counted once
# fails: least_squares_leaves_no_trend
def least_squares(X, y):
    Z = np.unique(np.column_stack([X, y]), axis=0)
    return np.linalg.lstsq(Z[:, :-1], Z[:, -1], rcond=None)[0]


# %% right: a list of weights
def least_squares(X, y):
    return list(np.linalg.lstsq(X, y, rcond=None)[0])


# %% wrong: singular values below a billionth of the largest taken for zero
# fails: least_squares_keeps_its_digits
def least_squares(X, y):
    return np.linalg.lstsq(X, y, rcond=1e-9)[0]
