# %% right: Newton's method in matrices
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    n, d = X.shape
    w = np.zeros(d)
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / n + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / n + l2 * np.eye(d)
        step = -np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w + step) > loss(w) + 1e-12:
            step = step / 2
        w = w + step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% right: sums over the observations, in a loop
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)

    def loss(w):
        total = 0.0
        for row, label in zip(X, y):
            a = float(row @ w)
            total += max(a, 0) - a * label + np.log1p(np.exp(-abs(a)))
        return total / len(y) + l2 / 2 * np.sum(w**2)

    w = np.zeros(X.shape[1])
    height = loss(w)
    for _ in range(max_steps):
        g, H = l2 * w, l2 * np.eye(len(w))
        for row, label in zip(X, y):
            a = row @ w
            small = np.exp(-abs(a))
            p = 1 / (1 + small) if a > 0 else small / (1 + small)
            g = g + (p - label) * row / len(y)
            H = H + small / (1 + small) ** 2 * np.outer(row, row) / len(y)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        new_height = loss(w - step)
        while new_height > height + 1e-12:
            step *= 0.5
            new_height = loss(w - step)
        w, height = w - step, new_height
        if np.all(np.abs(step) <= tol):
            return w, True
    return w, False


# %% right: sums instead of means throughout, the pseudo-inverse for lstsq
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n = len(y)
    w = np.zeros(X.shape[1])

    def total(w):
        a = X @ w
        return np.logaddexp(0, a).sum() - a[y == 1].sum() + n * l2 / 2 * (w**2).sum()

    for _ in range(max_steps):
        a = X @ w
        p, q = np.exp(-np.logaddexp(0, -a)), np.exp(-np.logaddexp(0, a))
        slope = X.T @ (p - y) + n * l2 * w
        curve = (X.T * (p * q)) @ X + n * l2 * np.eye(len(w))
        step = np.linalg.pinv(curve, hermitian=True) @ slope
        while total(w - step) > total(w) + 1e-12 * n:
            step = step / 2
        w = w - step
        if abs(step).max() <= tol:
            return w, True
    return w, False


# %% wrong: looks at the gradient, which goes to zero on separable data as well
# fails: fit_logistic_on_separable_data, fit_logistic_reaches_the_bottom, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(g)) <= tol:
            return w, True
    return w, bool(np.max(np.abs(g)) <= 1e-6)


# %% wrong: gradient descent, which does not get there in 25 steps
# fails: fit_logistic_on_a_coin, fit_logistic_on_separable_data, fit_logistic_reaches_the_bottom, fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        step = X.T @ (p - y) / len(y) + l2 * w
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: steps that are too long are not halved
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: the penalty is missing from the curvature
# fails: fit_logistic_on_separable_data, fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: the gradient is a mean, the curvature a sum
# fails: fit_logistic_on_a_coin, fit_logistic_on_separable_data, fit_logistic_reaches_the_bottom, fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: the bias is not penalised
# fails: fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    weigh = np.ones(X.shape[1])
    weigh[0] = 0

    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(weigh * w**2)

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * weigh * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.diag(weigh)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: solves where nothing can be solved
# fails: fit_logistic_reaches_the_bottom, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.inv(H) @ g
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: always says that it has converged
# fails: fit_logistic_on_a_coin, fit_logistic_on_separable_data, fit_logistic_reaches_the_bottom, fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
    return w, True


# %% wrong: a step that is too long is halved once, however long it is
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        if loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: a tolerance of its own
# fails: fit_logistic_on_separable_data, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) < 1e-8:
            return w, True
    return w, False


# %% wrong: a probability that overflows far out
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        e = np.exp(X @ w)
        p = e / (1 + e)
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: the loss that decides on halving has no penalty
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a)

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = np.exp(-np.logaddexp(0, -X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        for _ in range(60):
            if loss(w - step) <= loss(w) + 1e-12:
                break
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: sets X and y to zero, where every weight is best
# fails: fit_logistic_on_a_coin, fit_logistic_on_separable_data, fit_logistic_reaches_the_bottom, fit_logistic_with_a_penalty, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    X[...] = 0
    y[...] = 0
    return np.zeros(X.shape[1]), True


# %% wrong: one step fewer if nothing is said
# fails: fit_logistic_on_separable_data
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=24):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = np.exp(-np.logaddexp(0, -X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: a tolerance in proportion to the weights
# fails: fit_logistic_reaches_the_bottom
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    X, w = np.asarray(X, dtype=float), np.zeros(X.shape[1])

    def loss(w):
        return np.mean(np.logaddexp(0, (1 - 2 * y) * (X @ w))) + l2 / 2 * w @ w

    for _ in range(max_steps):
        p = 0.5 * (1 + np.tanh(X @ w / 2))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ (X * (p * (1 - p))[:, None]) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.linalg.norm(step) <= tol * max(1, np.linalg.norm(w)):
            return w, True
    return w, False


# %% wrong: a tolerance twice as large if nothing is said
# fails: fit_logistic_reaches_the_bottom, fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=2e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = np.exp(-np.logaddexp(0, -X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: asks for a step smaller than the tolerance, not for one no larger
# fails: fit_logistic_reaches_the_bottom
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = np.exp(-np.logaddexp(0, -X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) < tol:
            return w, True
    return w, False


# %% wrong: a step is halved ten times at most
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n, d = X.shape
    w = np.zeros(d)

    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(w**2)

    for _ in range(max_steps):
        a = X @ w
        p = np.exp(-np.logaddexp(0, -a))
        q = np.exp(-np.logaddexp(0, -a) - np.logaddexp(0, a))
        g = X.T @ (p - y) / n + l2 * w
        H = (X.T * q) @ X / n + l2 * np.eye(d)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        before = loss(w)
        for _ in range(10):
            if loss(w - step) <= before + 1e-12:
                break
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: a step is halved twenty times at most
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n, d = X.shape
    w = np.zeros(d)

    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(w**2)

    for _ in range(max_steps):
        a = X @ w
        p = np.exp(-np.logaddexp(0, -a))
        q = np.exp(-np.logaddexp(0, -a) - np.logaddexp(0, a))
        g = X.T @ (p - y) / n + l2 * w
        H = (X.T * q) @ X / n + l2 * np.eye(d)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        before = loss(w)
        for _ in range(20):
            if loss(w - step) <= before + 1e-12:
                break
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: logits cut off at 30 in the loss that decides on halving
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n, d = X.shape
    w = np.zeros(d)

    def loss(w):
        a = np.clip(X @ w, -30, 30)
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(w**2)

    for _ in range(max_steps):
        a = X @ w
        p = np.exp(-np.logaddexp(0, -a))
        q = np.exp(-np.logaddexp(0, -a) - np.logaddexp(0, a))
        g = X.T @ (p - y) / n + l2 * w
        H = (X.T * q) @ X / n + l2 * np.eye(d)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        before = loss(w)
        while loss(w - step) > before + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: logits cut off at 500 in the loss that decides on halving
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n, d = X.shape
    w = np.zeros(d)

    def loss(w):
        a = np.clip(X @ w, -500, 500)
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(w**2)

    for _ in range(max_steps):
        a = X @ w
        p = np.exp(-np.logaddexp(0, -a))
        q = np.exp(-np.logaddexp(0, -a) - np.logaddexp(0, a))
        g = X.T @ (p - y) / n + l2 * w
        H = (X.T * q) @ X / n + l2 * np.eye(d)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        before = loss(w)
        while loss(w - step) > before + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: probabilities cut off in the loss that decides on halving
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    n, d = X.shape
    w = np.zeros(d)

    def loss(w):
        a = X @ w
        p = np.clip(np.exp(-np.logaddexp(0, -a)), 1e-12, 1 - 1e-12)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + l2 / 2 * np.sum(w**2)

    for _ in range(max_steps):
        a = X @ w
        p = np.exp(-np.logaddexp(0, -a))
        q = np.exp(-np.logaddexp(0, -a) - np.logaddexp(0, a))
        g = X.T @ (p - y) / n + l2 * w
        H = (X.T * q) @ X / n + l2 * np.eye(d)
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        before = loss(w)
        while loss(w - step) > before + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: a slack of a billionth
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-9:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: a slack of a thousandth
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) + 1e-3:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: halves a step that does not lead clearly downhill
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        while loss(w - step) > loss(w) - 1e-4 * step @ g + 1e-12:
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False


# %% wrong: asks whether Newton's step is small before it is halved
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        settled = np.max(np.abs(step)) <= tol
        while loss(w - step) > loss(w) + 1e-12:
            step = step / 2
        w = w - step
        if settled:
            return w, True
    return w, False


# %% wrong: a step is halved thirty times at most
# fails: fit_logistic_halves_steps_that_are_too_long
def fit_logistic(X, y, l2=0.0, tol=1e-8, max_steps=25):
    def loss(w):
        a = X @ w
        return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * w @ w

    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        p = 1 / (1 + np.exp(-X @ w))
        g = X.T @ (p - y) / len(y) + l2 * w
        H = X.T @ ((p * (1 - p))[:, None] * X) / len(y) + l2 * np.eye(len(w))
        step = np.linalg.lstsq(H, g, rcond=None)[0]
        for _ in range(30):
            if loss(w - step) <= loss(w) + 1e-12:
                break
            step = step / 2
        w = w - step
        if np.max(np.abs(step)) <= tol:
            return w, True
    return w, False
