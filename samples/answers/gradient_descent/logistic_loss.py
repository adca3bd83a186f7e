# %% right: from the logits, with logaddexp
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean(y * np.logaddexp(0, -a) + (1 - y) * np.logaddexp(0, a)) + l2 / 2 * np.sum(w**2)


# %% right: a loop over the observations
def logistic_loss(X, y, w, l2=0.0):
    import math

    total = 0.0
    for features, label in zip(X, y):
        a = sum(weight * feature for weight, feature in zip(w, features))
        a = -a if label == 1 else a
        total += max(a, 0.0) + math.log1p(math.exp(-abs(a)))
    return total / len(y) + 0.5 * l2 * sum(weight**2 for weight in w)


# %% right: softplus minus y times the logit
def logistic_loss(X, y, w, l2=0.0):
    logits = np.dot(X, w)
    softplus = np.where(logits > 0, logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    return (softplus - y * logits).sum() / X.shape[0] + l2 * (w @ w) / 2


# %% right: turned by the sign of the label
def logistic_loss(X, y, w, l2=0.0):
    signs = 2 * np.asarray(y) - 1
    return float(np.logaddexp(0, -signs * (X @ w)).mean() + l2 * np.linalg.norm(w) ** 2 / 2)


# %% wrong: through p, so that log(0) turns up
# fails: logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    p = 1 / (1 + np.exp(-(X @ w)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + l2 / 2 * np.sum(w**2)


# %% wrong: the probabilities are clipped
# fails: logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    p = np.clip(1 / (1 + np.exp(-(X @ w))), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + l2 / 2 * np.sum(w**2)


# %% wrong: a sum where the mean belongs
# fails: logistic_loss_on_small_examples, logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.sum(np.logaddexp(0, a) - y * a) + l2 * np.sum(w) ** 2


# %% wrong: the log-likelihood, without the minus
# fails: logistic_loss_on_small_examples, logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean(y * a - np.logaddexp(0, a))


# %% wrong: the penalty without its half
# fails: logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean(np.logaddexp(0, a) - y * a) + l2 * np.sum(w**2)


# %% wrong: the two terms swapped
# fails: logistic_loss_on_small_examples, logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean((1 - y) * np.logaddexp(0, -a) + y * np.logaddexp(0, a)) + l2 / 2 * np.sum(w**2)


# %% wrong: the weights first, as they used to stand
# fails: logistic_loss_on_small_examples, logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(w, X, y, l2=0.0):
    a = X @ w
    return np.mean(np.logaddexp(0, a) - y * a) + l2 / 2 * np.sum(w**2)


# %% wrong: a little penalty if nothing is said
# fails: logistic_loss_from_large_logits, logistic_loss_in_general
def logistic_loss(X, y, w, l2=1e-9):
    a = X @ w
    return np.mean(np.logaddexp(0, np.where(y == 1, -a, a))) + l2 / 2 * np.sum(w**2)


# %% wrong: something small added to every loss
# fails: logistic_loss_from_large_logits
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean(np.logaddexp(0, np.where(y == 1, -a, a))) + l2 / 2 * np.sum(w**2) + 1e-9


# %% wrong: the length of the weights, not squared
# fails: logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    return np.mean(np.logaddexp(0, np.where(y == 1, -a, a))) + l2 / 2 * np.linalg.norm(w)


# %% wrong: takes log(1 + e^a) for a from a = 10 on
# fails: logistic_loss_from_large_logits
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    t = np.where(y == 1, -a, a)
    loss = np.where(t > 10, t, np.log1p(np.exp(np.minimum(t, 10))))
    return np.mean(loss) + l2 / 2 * np.sum(w**2)


# %% wrong: takes log(1 + e^a) for e^a below a = -10
# fails: logistic_loss_from_large_logits
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w
    t = np.where(y == 1, -a, a)
    loss = np.where(t < -10, np.exp(t), np.logaddexp(0, t))
    return np.mean(loss) + l2 / 2 * np.sum(w**2)


# %% wrong: weights cut to integers where the features are integers
# fails: logistic_loss_in_general
def logistic_loss(X, y, w, l2=0.0):
    a = X @ w.astype(X.dtype)
    loss = np.logaddexp(0, np.where(y == 1, -a, a))
    return np.mean(loss) + l2 / 2 * np.sum(w**2)
