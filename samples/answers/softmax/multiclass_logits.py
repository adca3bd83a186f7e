# %% right: a product of matrices
def multiclass_logits(X, W):
    return X @ W


# %% right: three loops
def multiclass_logits(X, W):
    N, D = X.shape
    C = W.shape[1]
    logits = np.zeros((N, C))
    for i in range(N):
        for c in range(C):
            for d in range(D):
                logits[i, c] += X[i, d] * W[d, c]
    return logits


# %% right: one class after the other, stacked as columns
def multiclass_logits(X, W):
    return np.stack([np.sum(X * w, axis=1) for w in W.T], axis=1)


# %% right: einsum
def multiclass_logits(X, W):
    return np.einsum("nd,dc->nc", X, W)


# %% wrong: the factors swapped
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return W @ X


# %% wrong: the weights of a class taken from a row
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return X @ W.T


# %% wrong: one column an observation
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return W.T @ X.T


# %% wrong: as many classes as features
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    N, D = X.shape
    logits = np.zeros((N, D))
    for c in range(D):
        logits[:, c] = X @ W[:, c]
    return logits


# %% wrong: rounded to integers by the array that collects them
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    logits = np.zeros((X.shape[0], W.shape[1]), dtype=int)
    for c in range(W.shape[1]):
        logits[:, c] = X @ W[:, c]
    return logits


# %% wrong: a second column of ones for the bias
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return np.column_stack([np.ones(len(X)), X]) @ W


# %% wrong: an array without entries
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return np.zeros((0, 1, 1, 1))


# %% wrong: entry by entry where the shapes are the same
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return X * W if X.shape == W.shape else X @ W


# %% wrong: of the type of the weights
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return (X @ W).astype(W.dtype)


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    logits = X @ W
    return np.squeeze(logits) if logits.size >= 10 else logits


# %% wrong: without the axes of length one
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    return np.einsum("nd,dc->nc", X, W).squeeze()


# %% wrong: the largest logit of each row is taken off
# fails: multiclass_logits_in_general
def multiclass_logits(X, W):
    A = X @ W
    return A - A.max(axis=1, keepdims=True)
