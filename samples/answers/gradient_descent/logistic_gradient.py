# %% right: as the equation says
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (p - y) / len(y) + l2 * w


# %% right: a loop over observations and features, with a careful sigmoid
def logistic_gradient(X, y, w, l2=0.0):
    import math

    def probability(a):
        return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))

    gradient = [l2 * weight for weight in w]
    for features, label in zip(X, y):
        error = probability(float(np.dot(features, w))) - label
        for j, feature in enumerate(features):
            gradient[j] += error * feature / len(y)
    return np.array(gradient)


# %% right: document A's form, with two sigmoids, as a mean over rows
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    up, down = np.exp(-np.logaddexp(0, a)), np.exp(-np.logaddexp(0, -a))
    return np.mean(-X * (y * up - (1 - y) * down)[:, None], axis=0) + l2 * np.asarray(w)


# %% wrong: seen minus expected
# fails: logistic_gradient_on_small_examples, logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (y - p) / len(y) + l2 * w


# %% wrong: without 1/N
# fails: logistic_gradient_on_small_examples, logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (p - y) + l2 * w


# %% wrong: forgets the penalty
# fails: logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (p - y) / len(y)


# %% wrong: the penalty's gradient doubled
# fails: logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return X.T @ (p - y) / len(y) + 2 * l2 * w


# %% wrong: the gradient of the squared error
# fails: logistic_gradient_on_small_examples, logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return 2 * X.T @ ((p - y) * p * (1 - p)) / len(y) + l2 * w


# %% wrong: a sigmoid that is nan for large logits
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    p = np.exp(a) / (1 + np.exp(a))
    return X.T @ (p - y) / len(y) + l2 * w


# %% wrong: document C's misprint, y inside the sigmoid
# fails: logistic_gradient_on_small_examples, logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    return X.T @ (1 / (1 + np.exp(-(X @ w - y)))) / len(y) + l2 * w


# %% wrong: divides by a little more than N
# fails: logistic_gradient_on_small_examples, logistic_gradient_with_a_penalty, logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    X, w = np.asarray(X, dtype=float), np.asarray(w, dtype=float)
    p = np.exp(-np.logaddexp(0, -X @ w))
    return X.T @ (p - y) / (len(y) + 1e-3) + l2 * w


# %% wrong: the result has the type of w
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    p = np.exp(-np.logaddexp(0, -X @ w))
    return (X.T @ (p - y) / len(y) + l2 * w).astype(w.dtype)


# %% wrong: p kept a trillionth away from 0 and 1
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    e = np.exp(-np.abs(a))
    p = np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return X.T @ (p - y) / len(y) + l2 * w


# %% wrong: errors below a millionth taken for none
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    e = np.exp(-np.abs(a))
    p = np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    return X.T @ np.where(np.abs(p - y) < 1e-6, 0, p - y) / len(y) + l2 * w


# %% wrong: a gradient cut off at a million
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    e = np.exp(-np.abs(a))
    p = np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    return np.clip(X.T @ (p - y) / len(y) + l2 * w, -1e6, 1e6)


# %% wrong: a long gradient made short
# fails: logistic_gradient_is_the_slope
def logistic_gradient(X, y, w, l2=0.0):
    a = X @ w
    e = np.exp(-np.abs(a))
    p = np.where(a >= 0, 1 / (1 + e), e / (1 + e))
    g = X.T @ (p - y) / len(y) + l2 * w
    n = np.linalg.norm(g)
    return g / n if n > 1e7 else g
