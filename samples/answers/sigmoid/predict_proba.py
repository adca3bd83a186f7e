# %% right: a product and a stable sigmoid
def predict_proba(X, w):
    a = X @ w
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, small) / (1 + small)


# %% right: the usual form, whose overflow gives the right limit here
def predict_proba(X, w):
    return 1 / (1 + np.exp(-np.dot(X, w)))


# %% right: two loops
def predict_proba(X, w):
    import math

    probabilities = []
    for row in X:
        score = 0.0
        for feature, weight in zip(row, w):
            score += feature * weight
        small = math.exp(-abs(score))
        probabilities.append((1 if score >= 0 else small) / (1 + small))
    return probabilities


# %% right: the exponential of a logarithm
def predict_proba(X, w):
    return np.exp(-np.logaddexp(0, -np.sum(X * w, axis=1)))


# %% wrong: from the odds, which become infinite
# fails: predict_proba_in_general
def predict_proba(X, w):
    odds = np.exp(np.sum(X * w, axis=1))
    return odds / (1 + odds)


# %% wrong: through the hyperbolic tangent, whose digits cancel on the left
# fails: predict_proba_in_general
def predict_proba(X, w):
    return 0.5 * (1 + np.tanh((X @ w) / 2))


# %% wrong: one minus the probability of the other side
# fails: predict_proba_in_general
def predict_proba(X, w):
    score = X @ w
    right = 1 / (1 + np.exp(-np.abs(score)))
    return np.where(score >= 0, right, 1 - right)


# %% wrong: probabilities of the type of the features
# fails: predict_proba_in_general
def predict_proba(X, w):
    return (1 / (1 + np.exp(-(X @ w)))).astype(X.dtype)


# %% wrong: the scores, not the probabilities
# fails: predict_proba_on_small_examples, predict_proba_in_general
def predict_proba(X, w):
    return X @ w


# %% wrong: weights and features the wrong way round
# fails: predict_proba_on_small_examples, predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-w @ X))


# %% wrong: products that nobody adds up
# fails: predict_proba_on_small_examples, predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-X * w))


# %% wrong: yes or no instead of a probability
# fails: predict_proba_on_small_examples, predict_proba_in_general
def predict_proba(X, w):
    return (X @ w > 0).astype(int)


# %% wrong: the first feature taken for a constant, whatever it is
# fails: predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-(w[0] + X[:, 1:] @ w[1:])))


# %% wrong: the mean over the features instead of the sum
# fails: predict_proba_on_small_examples, predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-np.mean(X * w, axis=1)))


# %% wrong: probabilities kept away from 0 and 1
# fails: predict_proba_in_general
def predict_proba(X, w):
    return np.clip(1 / (1 + np.exp(-X @ w)), 1e-6, 1 - 1e-6)


# %% wrong: weights of the type of the features
# fails: predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-(X @ w.astype(X.dtype))))


# %% wrong: features of the type of the weights
# fails: predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-(X.astype(w.dtype) @ w)))


# %% wrong: remembered by the weights
# fails: predict_proba_in_general
known = {}


def predict_proba(X, w):
    key = (X.shape, w.tobytes())
    if key not in known:
        known[key] = 1 / (1 + np.exp(-(X @ w)))
    return known[key]


# %% wrong: in single precision
# fails: predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-(X.astype(np.float32) @ w.astype(np.float32))))
