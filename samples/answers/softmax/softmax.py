# %% right: the max trick along the last axis
def softmax(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    exponentials = np.exp(shifted)
    return exponentials / np.sum(exponentials, axis=-1, keepdims=True)


# %% right: row by row
def softmax(logits):
    if np.ndim(logits) == 1:
        e = np.exp(logits - max(logits))
        return e / sum(e)
    rows = []
    for row in logits:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)


# %% right: transposed, so that broadcasting needs no keepdims
def softmax(logits):
    e = np.exp(logits.T - logits.max(axis=-1))
    return (e / e.sum(axis=0)).T


# %% right: through the log-sum-exp
def softmax(logits):
    return np.exp(logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True))


# %% wrong: the formula as it stands, which overflows
# fails: softmax_of_large_logits
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return e / e.sum(axis=-1, keepdims=True)


# %% wrong: divided by the sum of the whole matrix
# fails: softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    e = np.exp(logits - np.max(logits))
    return e / np.sum(e)


# %% wrong: the first axis taken for that of the classes
# fails: softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)


# %% wrong: one maximum for all rows
# fails: softmax_of_large_logits
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits - np.max(logits))
        return e / e.sum(axis=-1, keepdims=True)


# %% wrong: large logits cut off
# fails: softmax_of_large_logits
def softmax(logits):
    e = np.exp(np.clip(logits, -700, 700))
    return e / e.sum(axis=-1, keepdims=True)


# %% wrong: the argument changed in place
# fails: softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    logits -= logits.max(axis=-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=-1, keepdims=True)
    return logits


# %% wrong: the mean subtracted in the place of the maximum
# fails: softmax_of_large_logits
def softmax(logits):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.mean(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)


# %% wrong: an array of integers for integer logits
# fails: softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    result = np.zeros_like(logits)
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result[...] = e / e.sum(axis=-1, keepdims=True)
    return result


# %% wrong: a matrix of integers for integer logits, filled row by row
# fails: softmax_of_many_observations, softmax_in_general
def softmax(logits):
    if logits.ndim == 1:
        e = np.exp(logits - logits.max())
        return e / e.sum()
    result = np.zeros_like(logits)
    for i, row in enumerate(logits):
        e = np.exp(row - row.max())
        result[i] = e / e.sum()
    return result


# %% wrong: an array without entries
# fails: softmax_of_one_observation, softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    return np.zeros((0, 1, 1, 1))


# %% wrong: axis 1, which a single observation does not have
# fails: softmax_of_one_observation, softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% wrong: rows and columns mixed up where there are as many of both
# fails: softmax_of_many_observations, softmax_of_large_logits, softmax_in_general
def softmax(logits):
    logits = np.asarray(logits, dtype=float)
    if logits.ndim == 2 and len(set(logits.shape)) == 1:
        powers = np.exp(logits - logits.max(axis=-1))
    else:
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% wrong: logits of integers shifted where they are
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax(logits):
    result = right(logits)
    if logits.dtype.kind == "i":
        logits -= logits.max(axis=-1, keepdims=True)
    return result


# %% wrong: logits in single precision shifted where they are
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax(logits):
    result = right(logits)
    if logits.dtype == np.float32:
        logits -= logits.max(axis=-1, keepdims=True)
    return result


# %% wrong: remembered by the sum of the logits
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


known = {}


def softmax(logits):
    key = (logits.shape, logits.dtype, float(logits.sum()))
    if key not in known:
        known[key] = right(logits)
    return known[key]


# %% wrong: equal rows once only
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax(logits):
    if logits.ndim == 2:
        logits = np.array(list(dict.fromkeys(map(tuple, logits.tolist()))))
    return right(logits)


# %% wrong: logits that are nearly the largest taken for it
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax(logits):
    logits = np.asarray(logits, dtype=float)
    largest = logits.max(axis=-1, keepdims=True)
    return right(np.where(largest - logits < 1e-4, largest, logits))


# %% wrong: rows in their order in memory
# fails: softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=-1, keepdims=True)


def softmax(logits):
    return right(logits.ravel(order="K").reshape(logits.shape))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: softmax_in_general
def softmax(logits):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return np.squeeze(p) if p.size >= 10 else p
