# %% right: as the statement says
def train_pocket(X, y, w, max_passes=100):
    def count(w):
        return np.sum((2 * y - 1) * (X @ w) <= 0)

    w = np.array(w, dtype=float)
    best, fewest = w.copy(), count(w)
    for _ in range(max_passes):
        moved = False
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                moved = True
                if count(w) < fewest:
                    best, fewest = w, count(w)
        if not moved:
            break
    return best, fewest / len(y)


# %% right: every set of weights is written down, and the best looked for at the end
def train_pocket(X, y, w, max_passes=100):
    met = [np.asarray(w)]
    for _ in range(max_passes):
        before = len(met)
        for x, label in zip(X, y):
            score = np.dot(x, met[-1])
            if label == 1 and score <= 0:
                met.append(met[-1] + x)
            elif label == 0 and score >= 0:
                met.append(met[-1] - x)
        if len(met) == before:
            break
    signs = np.where(y == 1, 1, -1)
    losses = [float(np.mean(signs * (X @ weights) <= 0)) for weights in met]
    return met[losses.index(min(losses))].tolist(), min(losses)


# %% right: it stops as soon as nothing is left to improve
def train_pocket(X, y, w, max_passes=100):
    rows = np.where(y == 1, 1.0, -1.0)[:, None] * X
    w, best, least = 1.0 * w, 1.0 * w, np.mean(rows @ w <= 0)
    for _ in range(max_passes):
        for row in rows:
            if least == 0:
                return best, 0.0
            if row @ w <= 0:
                w = w + row
                loss = np.mean(rows @ w <= 0)
                if loss < least:
                    best, least = w, loss
    return best, least


# %% wrong: the last weights
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
    return w, np.mean((2 * y - 1) * (X @ w) <= 0)


# %% wrong: the pocket holds the array that goes on moving
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    w = np.array(w, dtype=float)
    best, least = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w += s * x
                loss = np.mean((2 * y - 1) * (X @ w) <= 0)
                if loss < least:
                    best, least = w, loss
    return best, least


# %% wrong: looks at the end of each pass only
# fails: train_pocket_of_few_points, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, least = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
        loss = np.mean((2 * y - 1) * (X @ w) <= 0)
        if loss < least:
            best, least = w, loss
    return best, least


# %% wrong: the last of equally good weights
# fails: train_pocket_of_few_points, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, least = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                loss = np.mean((2 * y - 1) * (X @ w) <= 0)
                if loss <= least:
                    best, least = w, loss
    return best, least


# %% wrong: the start does not count
# fails: train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, least = w, 2.0
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                loss = np.mean((2 * y - 1) * (X @ w) <= 0)
                if loss < least:
                    best, least = w, loss
    return best, min(least, 1.0)


# %% wrong: mistakes counted as predictions that differ
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, least = w, np.mean((X @ w >= 0) != y)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                loss = np.mean((X @ w >= 0) != y)
                if loss < least:
                    best, least = w, loss
    return best, least


# %% wrong: the number of mistakes instead of their share
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, fewest = w, np.sum((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                count = np.sum((2 * y - 1) * (X @ w) <= 0)
                if count < fewest:
                    best, fewest = w, count
    return best, fewest


# %% wrong: works on the caller's weights
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    best, least = w.copy(), np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w += s * x
                loss = np.mean((2 * y - 1) * (X @ w) <= 0)
                if loss < least:
                    best, least = w.copy(), loss
    return best, least


# %% wrong: content when few mistakes are left
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    w = np.array(w, dtype=float)
    best, loss = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        moved = False
        for x, label in zip(X, y, strict=True):
            sign = 2 * label - 1
            if sign * (x @ w) <= 0:
                w, moved = w + sign * x, True
                now = np.mean((2 * y - 1) * (X @ w) <= 0)
                if now < loss:
                    best, loss = w, now
        if not moved or loss < 0.05:
            break
    return best, loss


# %% wrong: ninety-nine passes where nothing is said
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=99):
    w = np.array(w, dtype=float)
    best, loss = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        moved = False
        for x, label in zip(X, y, strict=True):
            sign = 2 * label - 1
            if sign * (x @ w) <= 0:
                w, moved = w + sign * x, True
                now = np.mean((2 * y - 1) * (X @ w) <= 0)
                if now < loss:
                    best, loss = w, now
        if not moved:
            break
    return best, loss


# %% wrong: goes on from the pocket in each pass
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    w = np.array(w, dtype=float)
    best, loss = w, np.mean((2 * y - 1) * (X @ w) <= 0)
    for _ in range(max_passes):
        moved, w = False, best
        for x, label in zip(X, y, strict=True):
            sign = 2 * label - 1
            if sign * (x @ w) <= 0:
                w, moved = w + sign * x, True
                now = np.mean((2 * y - 1) * (X @ w) <= 0)
                if now < loss:
                    best, loss = w, now
        if not moved:
            break
    return best, loss


# %% wrong: never more than a hundred passes
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = 2.0 * y - 1
    w = np.array(w, float)
    best, loss = w.copy(), np.mean(s * (X @ w) <= 0)
    for _ in range(min(100, max_passes)):
        m = 0
        for x, t in zip(X, s):
            if t * (x @ w) <= 0:
                w = w + t * x
                m += 1
                l = np.mean(s * (X @ w) <= 0)
                if l < loss:
                    best, loss = w.copy(), l
        if m == 0:
            break
    return best, loss


# %% wrong: moves a copy that may hold integers
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = 2 * y - 1
    w = w.copy()
    L = lambda w: np.mean(s * (X @ w) <= 0)
    best, loss = w.copy(), L(w)
    for k in range(max_passes):
        m = 0
        for x, t in zip(X, s):
            if t * (x @ w) <= 0:
                w[:] = w + t * x
                m += 1
                if L(w) < loss:
                    best, loss = w.copy(), L(w)
        if m == 0:
            break
    return best, loss


# %% wrong: small improvements disregarded
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = 2.0 * y - 1
    w = np.array(w, float)
    best, loss = w.copy(), np.mean(s * (X @ w) <= 0)
    for k in range(max_passes):
        m = 0
        for x, t in zip(X, s):
            if t * (x @ w) <= 0:
                w = w + t * x
                m += 1
                l = np.mean(s * (X @ w) <= 0)
                if l < loss - 1e-2:
                    best, loss = w.copy(), l
        if m == 0:
            break
    return best, loss


# %% wrong: the pocket is judged on the rows that were seen so far
# fails: train_pocket_of_few_points, train_pocket_of_the_start, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    v = np.array(w, dtype=float)
    best, fewest = v, np.mean(s * (X @ v) <= 0)
    for _ in range(max_passes):
        moved = False
        for i in range(len(X)):
            if s[i] * (X[i] @ v) <= 0:
                v, moved = v + s[i] * X[i], True
                wrong = np.sum(s[: i + 1] * (X[: i + 1] @ v) <= 0) / len(X)
                if wrong < fewest:
                    best, fewest = v, wrong
        if not moved:
            break
    return best, np.mean(s * (X @ best) <= 0)


# %% wrong: a pass that fills the pocket no more ends the walk
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    v = np.array(w, dtype=float)
    best, fewest = v, np.mean(s * (X @ v) <= 0)
    for _ in range(max_passes):
        before = fewest
        for i in range(len(X)):
            if s[i] * (X[i] @ v) <= 0:
                v = v + s[i] * X[i]
                wrong = np.mean(s * (X @ v) <= 0)
                if wrong < fewest:
                    best, fewest = v, wrong
        if fewest == before:
            break
    return best, fewest


# %% wrong: the pocket is looked at before each move, so the last weights do not count
# fails: train_pocket_of_few_points, train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    v = np.array(w, dtype=float)
    best, fewest = v, np.mean(s * (X @ v) <= 0)
    for _ in range(max_passes):
        moved = False
        for i in range(len(X)):
            if s[i] * (X[i] @ v) <= 0:
                wrong = np.mean(s * (X @ v) <= 0)
                if wrong < fewest:
                    best, fewest = v, wrong
                v, moved = v + s[i] * X[i], True
        if not moved:
            break
    return best, fewest


# %% wrong: a score below a billionth taken for zero
# fails: train_pocket_in_general
def train_pocket(X, y, w, max_passes=100):
    s = np.where(np.asarray(y) == 1, 1.0, -1.0)
    v = np.array(w, dtype=float)
    rate = lambda v: np.mean(s * (X @ v) <= 1e-9)  # noqa: E731
    best, fewest = v, rate(v)
    for _ in range(max_passes):
        moved = False
        for i in range(len(X)):
            if s[i] * (X[i] @ v) <= 1e-9:
                v, moved = v + s[i] * X[i], True
                if rate(v) < fewest:
                    best, fewest = v, rate(v)
        if not moved:
            break
    return best, fewest
