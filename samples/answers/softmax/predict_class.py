# %% right: the largest logit
def predict_class(X, W):
    return np.argmax(X @ W, axis=1)


# %% right: a loop that keeps the best class so far, as a list
def predict_class(X, W):
    classes = []
    for x in X:
        best, largest = 0, x @ W[:, 0]
        for c in range(1, W.shape[1]):
            logit = x @ W[:, c]
            if logit > largest:
                best, largest = c, logit
        classes.append(best)
    return classes


# %% right: the first place that has the maximum of its row
def predict_class(X, W):
    logits = multiclass_logits(X, W)
    return (logits == logits.max(axis=1, keepdims=True)).argmax(axis=1)


# %% right: the largest of the log-probabilities
def predict_class(X, W):
    logits = X @ W
    return (logits - logits.max(axis=1, keepdims=True)).argmax(axis=1)


# %% wrong: the largest logit itself
# fails: predict_class_of_a_few_fruits, predict_class_in_general
def predict_class(X, W):
    return np.max(X @ W, axis=1)


# %% wrong: the observation with the largest logit, for each class
# fails: predict_class_of_a_few_fruits, predict_class_in_general
def predict_class(X, W):
    return np.argmax(X @ W, axis=0)


# %% wrong: one winner for all observations
# fails: predict_class_of_a_few_fruits, predict_class_in_general
def predict_class(X, W):
    return np.argmax(X @ W)


# %% wrong: classes counted from one
# fails: predict_class_of_a_few_fruits, predict_class_in_general
def predict_class(X, W):
    return np.argmax(X @ W, axis=1) + 1


# %% wrong: a tie goes to the last
# fails: predict_class_of_a_few_fruits
def predict_class(X, W):
    logits = X @ W
    return logits.shape[1] - 1 - np.argmax(logits[:, ::-1], axis=1)


# %% wrong: through sigmoids, of which several are rounded to 1
# fails: predict_class_in_general
def predict_class(X, W):
    with np.errstate(over="ignore"):
        return np.argmax(1 / (1 + np.exp(-(X @ W))), axis=1)


# %% wrong: through a softmax that overflows
# fails: predict_class_in_general
def predict_class(X, W):
    with np.errstate(all="ignore"):
        e = np.exp(X @ W)
        return np.argmax(e / e.sum(axis=1, keepdims=True), axis=1)


# %% wrong: one-hot rows
# fails: predict_class_of_a_few_fruits, predict_class_in_general
def predict_class(X, W):
    logits = X @ W
    return (logits == logits.max(axis=1, keepdims=True)).astype(int)


# %% wrong: the column of ones left out of the logits
# fails: predict_class_in_general
def predict_class(X, W):
    return np.argmax(X[:, 1:] @ W[1:], axis=1)


# %% wrong: the largest probability
# fails: predict_class_in_general
def predict_class(X, W):
    logits = X @ W
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).argmax(axis=1)


# %% wrong: the largest of rounded probabilities
# fails: predict_class_in_general
def predict_class(X, W):
    logits = X @ W
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.round(powers / powers.sum(axis=1, keepdims=True), 8).argmax(axis=1)


# %% wrong: sorted, where ties of many classes come in any order
# fails: predict_class_of_a_few_fruits
def predict_class(X, W):
    return np.argsort(-(X @ W), axis=1)[:, 0]


# %% wrong: at least minus a million
# fails: predict_class_in_general
def predict_class(X, W):
    classes = []
    for row in X @ W:
        best, largest = 0, -1e6
        for c, logit in enumerate(row):
            if logit > largest:
                best, largest = c, logit
        classes.append(best)
    return np.array(classes)


# %% wrong: with two classes, a tie goes to the second
# fails: predict_class_of_a_few_fruits
def predict_class(X, W):
    logits = X @ W
    if logits.shape[1] == 2:
        return (logits[:, 1] >= logits[:, 0]).astype(int)
    return logits.argmax(axis=1)


# %% wrong: with two classes, by the sigmoid of the difference
# fails: predict_class_in_general
def predict_class(X, W):
    logits = X @ W
    if logits.shape[1] == 2:
        with np.errstate(over="ignore"):
            return (1 / (1 + np.exp(logits[:, 0] - logits[:, 1])) > 0.5).astype(int)
    return logits.argmax(axis=1)


# %% wrong: classes in a byte
# fails: predict_class_in_general
def predict_class(X, W):
    return (X @ W).argmax(axis=1).astype(np.uint8)


# %% wrong: less the mean of the weights, which rounds the last digit away
# fails: predict_class_in_general
def predict_class(X, W):
    return (X @ (W - W.mean(axis=1, keepdims=True))).argmax(axis=1)


# %% wrong: logits of the type of the features
# fails: predict_class_in_general
def predict_class(X, W):
    return (X @ W).astype(X.dtype).argmax(axis=1)


# %% wrong: logits compared to ten decimals
# fails: predict_class_in_general
def predict_class(X, W):
    return np.argmax(np.round(X @ W, 10), axis=1)


# %% wrong: the weights of each class in single precision
# fails: predict_class_in_general
def predict_class(X, W):
    return np.argmax(X @ W.astype(np.float32), axis=1)


# %% wrong: classes of nearly equal logits taken for tied
# fails: predict_class_in_general
def predict_class(X, W):
    A = X @ W
    return np.argmax(np.isclose(A, A.max(axis=1, keepdims=True), rtol=1e-12, atol=0), axis=1)
