# %% right: as the statement says
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, dtype=float)
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, np.array(mistakes)


# %% right: a while loop over passes and an index over rows
def train_perceptron(X, y, w, max_passes=100):
    weights, mistakes = w.copy(), []
    while len(mistakes) < max_passes and (not mistakes or mistakes[-1] > 0):
        mistakes.append(0)
        for i in range(len(y)):
            score = np.dot(X[i], weights)
            if y[i] == 1 and score <= 0:
                weights = weights + X[i]
                mistakes[-1] += 1
            elif y[i] == 0 and score >= 0:
                weights = weights - X[i]
                mistakes[-1] += 1
    return weights, mistakes


# %% right: rows multiplied by their signs beforehand
def train_perceptron(X, y, w, max_passes=100):
    signed_rows = np.where(np.asarray(y) == 1, 1, -1)[:, None] * np.asarray(X)
    w = 1.0 * w
    counts = []
    for _ in range(max_passes):
        before = list(counts)
        wrong = 0
        for row in signed_rows:
            moves = row @ w <= 0
            w = w + moves * row
            wrong += int(moves)
        counts = [*before, wrong]
        if not wrong:
            return w, counts
    return w, counts


# %% wrong: all rows judged by the weights from before the pass
# fails: train_perceptron_on_the_six_points, train_perceptron_keeps_its_arguments, train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    s = 2 * y - 1
    mistakes = []
    for _ in range(max_passes):
        wrong = s * (X @ w) <= 0
        w = w + (s[:, None] * X)[wrong].sum(axis=0)
        mistakes.append(wrong.sum())
        if mistakes[-1] == 0:
            break
    return w, mistakes


# %% wrong: the last pass, without a mistake, not counted
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        if wrong == 0:
            break
        mistakes.append(wrong)
    return w, mistakes


# %% wrong: works on the caller's weights
# fails: train_perceptron_stops, train_perceptron_keeps_its_arguments, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w += s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: never stops before the last pass
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
    return w, mistakes


# %% wrong: mistakes counted with the weights at the end of the pass
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
        mistakes.append(int(np.sum((2 * y - 1) * (X @ w) <= 0)))
        if mistakes[-1] == 0:
            break
    return w, mistakes


# %% wrong: a score of 0 taken for right
# fails: train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) < 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: the total instead of a number for each pass
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    total = 0
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        total += wrong
        if wrong == 0:
            break
    return w, total


# %% wrong: labels turned into signs in place
# fails: train_perceptron_stops, train_perceptron_keeps_its_arguments, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    y[y == 0] = -1
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, s in zip(X, y, strict=True):
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: the weights alone
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_keeps_its_arguments, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    for _ in range(max_passes):
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
    return w


# %% wrong: adds features to a copy that may hold integers
# fails: train_perceptron_keeps_its_arguments, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w)
    mistakes = []
    for _ in range(max_passes):
        mistakes.append(0)
        for x, s in zip(X, 2 * np.asarray(y) - 1):
            if s * (x @ w) <= 0:
                w += s * x
                mistakes[-1] += 1
        if mistakes[-1] == 0:
            break
    return w, mistakes


# %% wrong: the weights with the fewest mistakes instead of the last
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, dtype=float)
    s, mistakes, best, fewest = 2 * np.asarray(y) - 1, [], w, len(X) + 1
    for _ in range(max_passes):
        mistakes.append(0)
        for i in range(len(X)):
            if s[i] * (X[i] @ w) <= 0:
                w = w + s[i] * X[i]
                mistakes[-1] += 1
        wrong = np.sum(s * (X @ w) <= 0)
        if wrong < fewest:
            best, fewest = w, wrong
        if mistakes[-1] == 0:
            break
    return best, mistakes


# %% wrong: a score of 0 a mistake for weights of zero only
# fails: train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) < 0 or not np.any(w):
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: ends when three passes in a row make the same number of mistakes
# fails: train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0 or (len(mistakes) > 10 and len(set(mistakes[-3:])) == 1):
            break
    return w, mistakes


# %% wrong: ninety-nine passes where a hundred are allowed
# fails: train_perceptron_stops
def train_perceptron(X, y, w, max_passes=99):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: weights rounded to six decimals
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return np.round(w, 6), mistakes


# %% wrong: features scaled down when they are large
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    X = X / max(1.0, np.abs(X).max() / 1e3)
    mistakes = []
    for _ in range(max_passes):
        wrong = 0
        for x, label in zip(X, y, strict=True):
            s = 2 * label - 1
            if s * (x @ w) <= 0:
                w = w + s * x
                wrong += 1
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, mistakes


# %% wrong: ends when the weights are where the pass began
# fails: train_perceptron_stops, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w, mistakes = np.array(w, dtype=float), []
    for _ in range(max_passes):
        before, count = w.copy(), 0
        for x, label in zip(X, y, strict=True):
            sign = 2 * label - 1
            if sign * (x @ w) <= 0:
                w = w + sign * x
                count += 1
        mistakes.append(count)
        if np.array_equal(w, before):
            break
    return w, mistakes


# %% wrong: the mean of all weights met
# fails: train_perceptron_on_the_six_points, train_perceptron_stops, train_perceptron_keeps_its_arguments, train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w, mistakes, total, met = np.array(w, dtype=float), [], 0, 0
    for _ in range(max_passes):
        count = 0
        for x, label in zip(X, y, strict=True):
            sign = 2 * label - 1
            if sign * (x @ w) <= 0:
                w = w + sign * x
                count += 1
            total, met = total + w, met + 1
        mistakes.append(count)
        if count == 0:
            break
    return (total / met if met else w), mistakes


# %% wrong: a mistake counted where np.allclose sees the weights move
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, float)
    c = []
    for k in range(max_passes):
        m = 0
        for x, t in zip(X, y):
            t = 2 * t - 1
            if t * (x @ w) <= 0:
                new = w + t * x
                m += not np.allclose(new, w)
                w = new
        c.append(m)
        if m == 0:
            break
    return w, c


# %% wrong: weights brought to length one when they are long
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, float)
    c = []
    for k in range(max_passes):
        m = 0
        for x, t in zip(X, y):
            t = 2 * t - 1
            if t * (x @ w) <= 0:
                w = w + t * x
                m += 1
        c.append(m)
        if m == 0:
            break
        if np.linalg.norm(w) > 1e8:
            w /= np.linalg.norm(w)
    return w, c


# %% wrong: counts that fit into a byte
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, float)
    c = []
    for k in range(max_passes):
        m = np.uint8(0)
        for x, t in zip(X, y):
            t = 2 * t - 1
            a = t * (x @ w)
            if a <= 0:
                w = w + t * x
                m = np.uint8((int(m) + 1) % 256)
        c.append(m)
        if m == 0:
            break
    return w, c


# %% wrong: never more than five hundred passes
# fails: train_perceptron_stops
def train_perceptron(X, y, w, max_passes=100):
    w, counts = np.array(w, dtype=float), []
    for _ in range(min(max_passes, 500)):
        count = 0
        for x, sign in zip(X, 2 * y - 1):
            if sign * (x @ w) <= 0:
                w = w + sign * x
                count += 1
        counts.append(count)
        if count == 0:
            break
    return w, counts


# %% wrong: barely right taken for a mistake
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, float)
    c = []
    for _ in range(max_passes):
        m = 0
        for x, t in zip(X, 2 * y - 1):
            if t * (x @ w) <= 1e-14:
                w = w + t * x
                m += 1
        c.append(m)
        if m == 0:
            break
    return w, c


# %% wrong: ends when few mistakes are left
# fails: train_perceptron_in_general
def train_perceptron(X, y, w, max_passes=100):
    w = np.array(w, float)
    c = []
    for _ in range(max_passes):
        m = 0
        for x, t in zip(X, 2 * y - 1):
            if t * (x @ w) <= 0:
                w = w + t * x
                m += 1
        c.append(m)
        if m <= 0.01 * len(X):
            break
    return w, c


# %% right: each pass calls the next one
def train_perceptron(X, y, w, max_passes=100):
    def go(w, left, counts):
        if left == 0 or (counts and counts[-1] == 0):
            return w, counts
        m = 0
        for r, t in zip(X, y):
            s = 2 * t - 1
            if s * r.dot(w) <= 0:
                w, m = w + s * r, m + 1
        return go(w, left - 1, counts + [m])

    return go(w, max_passes, [])


# %% right: how often each row was a mistake, instead of the weights
def train_perceptron(X, y, w, max_passes=100):
    signs = np.where(y == 1, 1.0, -1.0)
    products, start = X @ X.T, X @ w
    moves = np.zeros(len(X))
    counts = []
    for _ in range(max_passes):
        count = 0
        for i, sign in enumerate(signs):
            if sign * (start[i] + products[i] @ moves) <= 0:
                moves[i] += sign
                count += 1
        counts.append(count)
        if count == 0:
            break
    return w + moves @ X, counts
