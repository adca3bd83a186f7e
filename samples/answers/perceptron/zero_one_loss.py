# %% right: signs times scores
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) <= 0)


# %% right: a loop that counts
def zero_one_loss(X, y, w):
    wrong = 0
    for x, label in zip(X, y, strict=True):
        score = np.dot(x, w)
        if label == 1 and score <= 0:
            wrong += 1
        if label == 0 and score >= 0:
            wrong += 1
    return wrong / len(y)


# %% right: one minus the share of what is strictly right
def zero_one_loss(X, y, w):
    scores = np.asarray(X) @ w
    right = ((scores > 0) & (np.asarray(y) == 1)) | ((scores < 0) & (np.asarray(y) == 0))
    return 1 - right.sum() / right.size


# %% wrong: the number instead of the share
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.sum((2 * y - 1) * (X @ w) <= 0)


# %% wrong: the accuracy
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) > 0)


# %% wrong: document C's strict inequality
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) < 0)


# %% wrong: predictions compared, so that a score of 0 is right for class 1
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    return np.mean((X @ w >= 0).astype(int) != y)


# %% wrong: the label where its sign belongs
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean(y * (X @ w) <= 0)


# %% wrong: the squared error of the scores
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((y - X @ w) ** 2)


# %% wrong: missed positives only
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((y == 1) & (X @ w <= 0))


# %% wrong: labels turned into signs in place
# fails: zero_one_loss_of_three_rules, zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    y[y == 0] = -1
    return np.mean(y * (X @ w) <= 0)


# %% wrong: barely right counted as wrong
# fails: zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) <= 1e-3)


# %% wrong: barely wrong counted as right
# fails: zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * np.round(X @ w, 8) < 0) + np.mean(X @ w == 0)


# %% wrong: rounded to four decimals
# fails: zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.round(np.mean((2 * y - 1) * (X @ w) <= 0), 4)


# %% wrong: a tolerance of a few roundings
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) <= 1e-15)


# %% wrong: a point on the line is half a mistake
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    signed = (2 * y - 1) * (X @ w)
    return np.mean(signed < 0) + 0.5 * np.mean(signed == 0)


# %% right: each class counted apart
def zero_one_loss(X, y, w):
    scores, ones = X @ w, np.asarray(y) == 1
    return (np.sum(scores[ones] <= 0) + np.sum(scores[~ones] >= 0)) / len(scores)


# %% wrong: data in the type of the weights
# fails: zero_one_loss_in_general
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X.astype(w.dtype) @ w) <= 0)


# %% wrong: barely right, in proportion to the lengths, counted as wrong
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    return np.mean((2 * y - 1) * (X @ w) <= 1e-15 * np.linalg.norm(X, axis=1) * np.linalg.norm(w))


# %% wrong: barely wrong, in proportion to the lengths, counted as right
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    s = (2 * y - 1) * (X @ w)
    return np.mean((s < -1e-15 * np.linalg.norm(X, axis=1) * np.linalg.norm(w)) | (s == 0))


# %% wrong: the score rounded to ten places
# fails: zero_one_loss_on_the_line, zero_one_loss_in_general
def zero_one_loss(X, y, w):
    s = np.where(np.asarray(y) == 1, 1, -1)
    return np.mean(np.round(s * (X @ w), 10) <= 0)


# %% wrong: a score of zero counts as half a mistake
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    s = np.where(np.asarray(y) == 1, 1, -1) * (X @ w)
    return np.mean((s < 0) + 0.5 * (s == 0))


# %% wrong: a score below 1e-12 taken for zero
# fails: zero_one_loss_on_the_line
def zero_one_loss(X, y, w):
    return np.mean(np.where(np.asarray(y) == 1, 1, -1) * (X @ w) <= 1e-12)
