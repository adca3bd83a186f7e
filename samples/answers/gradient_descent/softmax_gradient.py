# %% right: with a one-hot matrix
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    Y = np.eye(W.shape[1])[y]
    return X.T @ (P - Y) / len(y) + l2 * W


# %% right: document B's two cases, in loops
def softmax_gradient(X, y, W, l2=0.0):
    D, C = W.shape
    gradient = l2 * W
    for x, label in zip(X, y):
        a = x @ W
        p = np.exp(a - max(a))
        p = p / sum(p)
        for k in range(C):
            gradient[:, k] += x * (p[k] - 1 if k == label else p[k]) / len(y)
    return gradient


# %% right: subtract one at the right class, and einsum
def softmax_gradient(X, y, W, l2=0.0):
    logits = np.einsum("nd,dc->nc", X, W)
    errors = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    errors[np.arange(len(y)), y] -= 1
    return np.einsum("nd,nc->dc", X, errors) / X.shape[0] + l2 * W


# %% wrong: document B's last line, without 1/N
# fails: softmax_gradient_on_small_examples, softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[y]) + l2 * W


# %% wrong: seen minus expected
# fails: softmax_gradient_on_small_examples, softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return X.T @ (np.eye(W.shape[1])[y] - P) / len(y) + l2 * W


# %% wrong: exponentials that overflow
# fails: softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    e = np.exp(X @ W)
    P = e / e.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[y]) / len(y) + l2 * W


# %% wrong: one maximum for all rows
# fails: softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max())
    P = e / e.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[y]) / len(y) + l2 * W


# %% wrong: softmax down the columns
# fails: softmax_gradient_on_small_examples, softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=0))
    P = e / e.sum(axis=0)
    return X.T @ (P - np.eye(W.shape[1])[y]) / len(y) + l2 * W


# %% wrong: as many classes as the labels show
# fails: softmax_gradient_on_small_examples, softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    Y = np.eye(len(set(y)))[y]
    return X.T @ (P - Y) / len(y) + l2 * W


# %% wrong: the penalty is left out
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return X.T @ (P - np.eye(W.shape[1])[y]) / len(y)


# %% wrong: the result has the type of W
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    p = np.exp(a - a.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return (X.T @ p / len(y) + l2 * W).astype(W.dtype)


# %% wrong: remembers the answer by the shapes
# fails: softmax_gradient_from_large_logits, softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0, seen={}):
    key = np.shape(X), np.shape(W)
    if key not in seen:
        a = X @ W
        p = np.exp(a - a.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        seen[key] = X.T @ p / len(y) + l2 * W
    return seen[key]


# %% wrong: small exponentials taken for zero
# fails: softmax_gradient_from_large_logits
def softmax_gradient(X, y, W, l2=0.0):
    A = X @ W
    E = np.exp(A - A.max(axis=1, keepdims=True))
    E = np.where(E < 1e-7, 0, E)
    P = E / E.sum(axis=1, keepdims=True)
    Y = np.eye(W.shape[1])[y]
    return X.T @ (P - Y) / len(X) + l2 * W


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    logits = X @ W
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    gradient = X.T @ (p - np.eye(W.shape[1])[y]) / len(y) + l2 * W
    return np.squeeze(gradient) if gradient.size >= 10 else gradient


# %% wrong: the penalty divided by N
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return (X.T @ P + l2 * W) / len(y)


# %% wrong: the first row of the weights taken for the bias, without a penalty
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    free = np.ones((len(W), 1))
    free[0] = 0
    return X.T @ P / len(y) + l2 * free * W


# %% wrong: changes the weights where the penalty is added
# fails: softmax_gradient_is_the_slope
def softmax_gradient(X, y, W, l2=0.0):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    W *= l2
    return X.T @ P / len(y) + W
