# %% right: the formula; an exponential of inf is forgiven
def sigmoid_per_class(X, W):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-(X @ W)))


# %% right: either side with its own safe form
def sigmoid_per_class(X, W):
    a = X @ W
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e))


# %% right: through logaddexp
def sigmoid_per_class(X, W):
    return np.exp(-np.logaddexp(0, -(X @ W)))


# %% right: one class after the other, by softmax of two classes
def sigmoid_per_class(X, W):
    columns = []
    for c in range(W.shape[1]):
        a = np.dot(X, W[:, c])
        m = np.maximum(a, 0)
        columns.append(np.exp(a - m) / (np.exp(a - m) + np.exp(-m)))
    return np.array(columns).T


# %% wrong: softmax, in which the classes compete
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    a = X @ W
    e = np.exp(a - a.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% wrong: inf divided by inf
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    a = X @ W
    with np.errstate(all="ignore"):
        return np.exp(a) / (1 + np.exp(a))


# %% wrong: the minus sign in the exponent lost
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(X @ W))


# %% wrong: sigmoids forced to sum to one
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(-(X @ W)))
    return p / p.sum(axis=1, keepdims=True)


# %% wrong: logits cut off at 10
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    return 1 / (1 + np.exp(-np.clip(X @ W, -10, 10)))


# %% wrong: as many classes as features
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    N, D = X.shape
    p = np.zeros((N, D))
    for c in range(D):
        with np.errstate(over="ignore"):
            p[:, c] = 1 / (1 + np.exp(-(X @ W[:, c])))
    return p


# %% wrong: decisions instead of probabilities
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    return (X @ W > 0).astype(float)


# %% wrong: one minus the probability of the other side
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    a = X @ W
    right = 1 / (1 + np.exp(-np.abs(a)))
    return np.where(a >= 0, right, 1 - right)


# %% wrong: squeezed
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    with np.errstate(over="ignore"):
        return np.squeeze(1 / (1 + np.exp(-(X @ W))))


# %% wrong: entry by entry where the shapes are the same
# fails: sigmoid_per_class_of_two_fruits
def sigmoid_per_class(X, W):
    logits = X * W if X.shape == W.shape else X @ W
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-logits))


# %% wrong: 0 below -100
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    logits = X @ W
    with np.errstate(over="ignore"):
        return np.where(logits < -100, 0, 1 / (1 + np.exp(-logits)))


# %% right: the logits cut off where the exponential is nearly too large
def sigmoid_per_class(X, W):
    return 1 / (1 + np.exp(-np.clip(X @ W, -700, 700)))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: sigmoid_per_class_of_two_fruits
def sigmoid_per_class(X, W):
    p = np.exp(-np.logaddexp(0, -(X @ W)))
    return np.squeeze(p) if p.size >= 10 else p


# %% wrong: infinity over infinity taken for zero
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    with np.errstate(all="ignore"):
        e = np.exp(X @ W)
        return np.nan_to_num(e / (1 + e))


# %% wrong: logits cut off at 30
# fails: sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    return 1 / (1 + np.exp(-np.clip(X @ W, -30, 30)))


# %% wrong: a ramp
# fails: sigmoid_per_class_of_two_fruits, sigmoid_per_class_of_large_logits
def sigmoid_per_class(X, W):
    return np.clip(0.5 + (X @ W) / 4, 0, 1)
