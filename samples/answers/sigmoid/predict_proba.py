# %% right: a product and a stable sigmoid
def predict_proba(X, w):
    a = X @ w
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, small) / (1 + small)


# %% right: the usual form
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
        probabilities.append(1 / (1 + math.exp(-score)))
    return probabilities


# %% right: from the odds
def predict_proba(X, w):
    odds = np.exp(np.sum(X * w, axis=1))
    return odds / (1 + odds)


# %% wrong: the scores, not the probabilities
# fails: predict_proba_on_small_examples, predict_proba_has_one_probability_a_row, predict_proba_in_general
def predict_proba(X, w):
    return X @ w


# %% wrong: weights and features the wrong way round
# fails: predict_proba_on_small_examples, predict_proba_has_one_probability_a_row, predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-w @ X))


# %% wrong: products that nobody adds up
# fails: predict_proba_on_small_examples, predict_proba_has_one_probability_a_row, predict_proba_in_general
def predict_proba(X, w):
    return 1 / (1 + np.exp(-X * w))


# %% wrong: yes or no instead of a probability
# fails: predict_proba_on_small_examples, predict_proba_has_one_probability_a_row, predict_proba_in_general
def predict_proba(X, w):
    return (X @ w > 0).astype(int)


# %% wrong: the first feature taken for a constant, whatever it is
# fails: predict_proba_has_one_probability_a_row, predict_proba_in_general
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
