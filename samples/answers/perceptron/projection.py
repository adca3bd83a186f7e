# %% right: the scores, divided by the length of the weights
def projection(X, w):
    return X @ w / np.linalg.norm(w)


# %% right: a unit vector first
def projection(X, w):
    w = np.asarray(w, dtype=float)
    unit = w / np.sqrt(np.sum(w**2))
    return np.dot(X, unit)


# %% right: a loop, with the math module
def projection(X, w):
    import math

    length = math.sqrt(sum(value * value for value in w))
    return [sum(a * b for a, b in zip(x, w, strict=True)) / length for x in X]


# %% right: the length of each row times the cosine
def projection(X, w):
    lengths = np.linalg.norm(X, axis=1)
    cosines = X @ w / np.where(lengths > 0, lengths, 1) / np.linalg.norm(w)
    return lengths * cosines


# %% wrong: the scores, not divided
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w


# %% wrong: divided by the squared length
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / (w @ w)


# %% wrong: the cosine of the angle
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / (np.linalg.norm(X, axis=1) * np.linalg.norm(w))


# %% wrong: the shadows as vectors
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return np.outer(X @ w / (w @ w), w)


# %% wrong: the sign lost
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return np.abs(X @ w) / np.linalg.norm(w)


# %% wrong: divided by the sum of the weights
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / np.sum(w)


# %% wrong: weights made to length one in place
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    if w.dtype.kind == "f":
        w /= np.linalg.norm(w)
        return X @ w
    return X @ w / np.linalg.norm(w)


# %% wrong: a small number against division by zero
# fails: projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / (np.linalg.norm(w) + 1e-9)


# %% wrong: weights that are never shorter than a thousandth
# fails: projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / max(np.linalg.norm(w), 1e-3)


# %% wrong: the axis of one dropped
# fails: projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return np.squeeze(X @ w / np.linalg.norm(w))


# %% wrong: written into an array of the type of X
# fails: projection_in_general
def projection(X, w):
    lengths = np.zeros(len(X), dtype=X.dtype)
    for i in range(len(X)):
        lengths[i] = X[i] @ w / np.linalg.norm(w)
    return lengths


# %% wrong: a column of ones left out of the length
# fails: projection_in_general
def projection(X, w):
    return X @ w / np.linalg.norm(w[1:] if np.all(X[:, 0] == 1) and len(w) > 1 else w)


# %% wrong: divided by the sum of the absolute weights
# fails: projection_of_few_vectors, projection_ignores_the_length_of_w, projection_in_general
def projection(X, w):
    return X @ w / np.linalg.norm(w, 1)


# %% wrong: what is tiny taken for nothing
# fails: projection_ignores_the_length_of_w
def projection(X, w):
    n = np.linalg.norm(w)
    s = X @ w / n
    return np.where(np.abs(s) < 1e-9, 0, s)


# %% wrong: data in the type of the weights
# fails: projection_in_general
def projection(X, w):
    return X.astype(w.dtype) @ w / np.linalg.norm(w)


# %% wrong: weights in the type of the data
# fails: projection_in_general
def projection(X, w):
    w = w.astype(X.dtype)
    return X @ w / np.linalg.norm(w)


# %% right: exact sums, in a tuple
import math


def projection(X, w):
    largest = max(map(abs, w))
    length = largest * math.sqrt(math.fsum((v / largest) ** 2 for v in w))
    return tuple(math.fsum(a * (b / length) for a, b in zip(row, w)) for row in X)
