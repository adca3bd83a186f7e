# %% right: a comparison of the scores
def predict(X, w):
    return (X @ w >= 0).astype(int)


# %% right: a loop over the rows
def predict(X, w):
    answers = []
    for x in X:
        score = sum(x_d * w_d for x_d, w_d in zip(x, w, strict=True))
        answers.append(1 if score >= 0 else 0)
    return answers


# %% right: numpy's own step, with its value at 0
def predict(X, w):
    return np.heaviside(np.dot(X, w), 1.0)


# %% right: booleans, which are 0 and 1 to numpy
def predict(X, w):
    return np.logical_not(X @ w < 0)


# %% wrong: a score of 0 taken for class 0
# fails: predict_on_the_line
def predict(X, w):
    return (X @ w > 0).astype(int)


# %% wrong: document C's labels, -1 and 1
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return np.where(X @ w >= 0, 1, -1)


# %% wrong: the sign, which is 0 on the line
# fails: predict_on_the_line
def predict(X, w):
    return np.maximum(np.sign(X @ w), 0)


# %% wrong: the scores themselves
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return X @ w


# %% wrong: the classes swapped
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return (X @ w < 0).astype(int)


# %% wrong: products without the sum
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return (X * w >= 0).astype(int)


# %% wrong: one answer for all rows together
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return int(np.sum(X @ w) >= 0)


# %% wrong: two features and no more
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return (X[:, 0] * w[0] + X[:, 1] * w[1] >= 0).astype(int)


# %% wrong: a threshold at one half
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return (X @ w > 0.5).astype(int)


# %% wrong: scores rounded to eight decimals before the look at their sign
# fails: predict_on_the_line, predict_in_general
def predict(X, w):
    return (np.round(X @ w, 8) >= 0).astype(int)


# %% wrong: a small tolerance around the line
# fails: predict_on_the_line, predict_in_general
def predict(X, w):
    return (X @ w > -1e-9).astype(int)


# %% wrong: a row of answers for each row
# fails: predict_the_six_points, predict_on_the_line, predict_in_general
def predict(X, w):
    return (X @ w >= 0).astype(int)[:, None]


# %% wrong: through the sigmoid, which is rounded to one half
# fails: predict_on_the_line
def predict(X, w):
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-(X @ w))) >= 0.5).astype(int)


# %% wrong: a tolerance in proportion to the numbers
# fails: predict_on_the_line
def predict(X, w):
    tolerance = 1e-9 * np.abs(X).max() * np.abs(w).max()
    return (X @ w >= -tolerance).astype(int)


# %% right: einsum, and where
def predict(X, w):
    return np.where(np.einsum("nd,d->n", X, w) < 0, 0, 1)


# %% wrong: class 0 where nothing is weighed
# fails: predict_on_the_line
def predict(X, w):
    s = X @ w
    return np.where(s == 0, np.any(w != 0), s > 0).astype(int)


# %% wrong: the product the wrong way round, where X is square
# fails: predict_in_general
def predict(X, w):
    if X.shape[0] == X.shape[1]:
        return (w @ X >= 0).astype(int)
    return (X @ w >= 0).astype(int)


# %% wrong: a tolerance of a few roundings of the products
# fails: predict_on_the_line
def predict(X, w):
    s = X @ w
    return (s >= -1e-13 * (np.abs(X) @ np.abs(w))).astype(int)


# %% wrong: remembers its answers by the data alone
# fails: predict_in_general
_d = {}


def predict(X, w):
    k = (X.tobytes(), X.shape)
    if k not in _d:
        _d[k] = (X @ w >= 0).astype(int)
    return _d[k]


# %% wrong: data in the type of the weights
# fails: predict_in_general
def predict(X, w):
    return (X.astype(w.dtype) @ w >= 0).astype(int)
