# %% right: the mean of a comparison of arrays
def accuracy(y_true, y_pred):
    return np.mean(np.asarray(y_true) == np.asarray(y_pred))


# %% right: a loop that counts
def accuracy(y_true, y_pred):
    right = 0
    for i in range(len(y_true)):
        if y_true[i] == y_pred[i]:
            right += 1
    return right / len(y_true)


# %% right: one minus the share of differences
def accuracy(y_true, y_pred):
    differences = np.array(y_true) - np.array(y_pred)
    return 1 - np.count_nonzero(differences) / differences.size


# %% right: a sum over pairs
def accuracy(y_true, y_pred):
    return sum(t == p for t, p in zip(y_true, y_pred)) / len(y_true)


# %% wrong: compares two lists as a whole
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    return np.mean(y_true == y_pred)


# %% wrong: the error rate
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    return np.mean(np.asarray(y_true) != np.asarray(y_pred))


# %% wrong: the number of right predictions, not the share
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    return np.sum(np.asarray(y_true) == np.asarray(y_pred))


# %% wrong: distances between class numbers
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    return 1 - np.mean(np.abs(np.asarray(y_true) - np.asarray(y_pred)))


# %% wrong: integer division
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    return sum(t == p for t, p in zip(y_true, y_pred)) // len(y_true)


# %% wrong: counts only the hits of class 1
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    return np.mean((y_true == 1) & (y_pred == 1))


# %% wrong: a denominator that is never zero
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    return np.mean(np.asarray(y_true) == np.asarray(y_pred)) + 1e-9


# %% wrong: rounded to two places
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    return round(float(np.mean(np.asarray(y_true) == np.asarray(y_pred))), 2)


# %% wrong: classes in bytes
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    return np.mean(np.asarray(y_true).astype(np.uint8) == np.asarray(y_pred).astype(np.uint8))


# %% wrong: empties the caller's lists
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    if not isinstance(y_true, list):
        return np.mean(y_true == y_pred)
    hits, n = 0, len(y_true)
    while y_true:
        hits += y_true.pop() == y_pred.pop()
    return hits / n


# %% wrong: which classes occur how often, and not where
# fails: accuracy_on_small_examples, accuracy_in_general
def accuracy(y_true, y_pred):
    from collections import Counter

    return sum((Counter(list(y_true)) & Counter(list(y_pred))).values()) / len(y_true)


# %% wrong: a product that is not zero
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    return float(np.mean((y_true * y_pred != 0) | ((y_true == 0) & (y_pred == 0))))


# %% wrong: class numbers compared as floats are, nearly equal
# fails: accuracy_in_general
def accuracy(y_true, y_pred):
    return np.mean(np.isclose(y_true, y_pred))
