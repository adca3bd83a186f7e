# %% right: as the equation says
def margin(X, y, w):
    return np.min((2 * y - 1) * (X @ w)) / np.linalg.norm(w)


# %% right: a loop that keeps the smallest
def margin(X, y, w):
    length = np.sqrt(np.sum(np.asarray(w) ** 2))
    smallest = np.inf
    for x, label in zip(X, y, strict=True):
        distance = np.dot(x, w) / length
        if label == 0:
            distance = -distance
        smallest = min(smallest, distance)
    return smallest


# %% right: the nearest of each class, from its own side
def margin(X, y, w):
    positions = X @ (w / np.linalg.norm(w))
    nearest = [positions[y == 1], -positions[y == 0]]
    return min(side.min() for side in nearest if side.size)


# %% wrong: the length of the weights forgotten
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min((2 * y - 1) * (X @ w))


# %% wrong: absolute values, which forgive mistakes
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min(np.abs(X @ w)) / np.linalg.norm(w)


# %% wrong: the best point instead of the worst
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.max((2 * y - 1) * (X @ w)) / np.linalg.norm(w)


# %% wrong: the label where its sign belongs
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min(y * (X @ w)) / np.linalg.norm(w)


# %% wrong: divided by the squared length
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min((2 * y - 1) * (X @ w)) / (w @ w)


# %% wrong: the mean distance
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.mean((2 * y - 1) * (X @ w)) / np.linalg.norm(w)


# %% wrong: cosines instead of distances
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    scores = (2 * y - 1) * (X @ w) / np.linalg.norm(X, axis=1)
    return np.min(scores) / np.linalg.norm(w)


# %% wrong: nothing below zero
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return max(0.0, np.min((2 * y - 1) * (X @ w)) / np.linalg.norm(w))


# %% wrong: the bias left out of the length of the weights
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    length = np.linalg.norm(w[1:]) if np.all(X[:, 0] == 1) else np.linalg.norm(w)
    return np.min((2 * y - 1) * (X @ w)) / length


# %% wrong: a small number against division by zero
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min((2 * y - 1) * (X @ w)) / (np.linalg.norm(w) + 1e-9)


# %% wrong: rounded to six decimals
# fails: margin_in_general
def margin(X, y, w):
    return round(np.min((2 * y - 1) * (X @ w)) / np.linalg.norm(w), 6)


# %% wrong: half the gap between the classes
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    positions = X @ w / np.linalg.norm(w)
    return (positions[y == 1].min(initial=np.inf) - positions[y == 0].max(initial=-np.inf)) / 2


# %% wrong: the worst of many points taken for an outlier
# fails: margin_in_general
def margin(X, y, w):
    s = (2 * y - 1) * (X @ w) / np.linalg.norm(w)
    return np.partition(s, min(1, len(s) - 1))[min(1, len(s) - 1)] if len(s) > 20 else s.min()


# %% wrong: data in the type of the weights
# fails: margin_in_general
def margin(X, y, w):
    return np.min((2 * y - 1) * (X.astype(w.dtype) @ w)) / np.linalg.norm(w)


# %% wrong: the smallest distance, negative if any point is on the wrong side
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    b = X @ w / np.sqrt(np.sum(np.asarray(w, dtype=float) ** 2))
    s = np.where(np.asarray(y) == 1, b, -b)
    return np.min(np.abs(s)) * (1 if np.all(s >= 0) else -1)


# %% wrong: the smallest of each class, averaged
# fails: margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    b = X @ w / np.sqrt(np.sum(np.asarray(w, dtype=float) ** 2))
    y = np.asarray(y)
    parts = [np.min(s) for s in (b[y == 1], -b[y == 0]) if len(s)]
    return np.mean(parts)


# %% wrong: the length as a sum of absolute values
# fails: margin_of_the_six_points, margin_with_a_mistake, margin_in_general
def margin(X, y, w):
    return np.min(np.where(np.asarray(y) == 1, 1, -1) * (X @ w)) / np.sum(np.abs(w))
