# %% right: shifted logits minus the logarithm of their sum of exponentials
def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


# %% right: numpy's logaddexp
def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)


# %% right: row by row, with the math module
def log_softmax(logits):
    import math

    rows = []
    for row in np.atleast_2d(logits):
        m = max(row)
        lse = m + math.log(sum(math.exp(a - m) for a in row))
        rows.append([a - lse for a in row])
    return np.array(rows).reshape(np.shape(logits))


# %% wrong: the logarithm of a safe softmax
# fails: log_softmax_where_softmax_is_zero
def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    with np.errstate(divide="ignore"):
        return np.log(e / e.sum(axis=-1, keepdims=True))


# %% wrong: a log-sum-exp that overflows
# fails: log_softmax_where_softmax_is_zero
def log_softmax(logits):
    with np.errstate(all="ignore"):
        return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


# %% wrong: a small number added against log 0
# fails: log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + 1e-12)


# %% wrong: the maximum subtracted inside, and not put back
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    m = logits.max(axis=-1, keepdims=True) + 1.0
    return logits - np.log(np.exp(logits - m).sum(axis=-1, keepdims=True))


# %% wrong: infinities of a safe softmax replaced by the distance to the maximum
# fails: log_softmax_where_softmax_is_zero
def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    e = np.exp(shifted)
    with np.errstate(divide="ignore"):
        logs = np.log(e / e.sum(axis=-1, keepdims=True))
    return np.where(np.isinf(logs), shifted, logs)


# %% wrong: a matrix of integers for integer logits, filled row by row
# fails: log_softmax_in_general
def log_softmax(logits):
    if logits.ndim == 1:
        return logits - np.logaddexp.reduce(logits)
    result = np.zeros_like(logits)
    for i, row in enumerate(logits):
        result[i] = row - np.logaddexp.reduce(row)
    return result


# %% wrong: a probability kept away from 0
# fails: log_softmax_where_softmax_is_zero
def log_softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True) + 1e-300)


# %% wrong: an array without entries
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    return np.zeros((0, 1, 1, 1))


# %% wrong: the sign of a loss
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    return np.logaddexp.reduce(logits, axis=-1, keepdims=True) - logits


# %% wrong: the logarithm of the logit, as a document prints it
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    with np.errstate(all="ignore"):
        return np.log(logits) - np.logaddexp.reduce(logits, axis=-1, keepdims=True)


# %% wrong: one log-sum-exp for the whole matrix
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    return logits - np.logaddexp.reduce(logits, axis=None)


# %% wrong: a sum that has lost its axis
# fails: log_softmax_of_small_logits, log_softmax_where_softmax_is_zero, log_softmax_in_general
def log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1))


# %% wrong: logits of integers shifted where they are
# fails: log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    result = right(logits)
    if logits.dtype.kind == "i":
        logits -= logits.max(axis=-1, keepdims=True)
    return result


# %% wrong: logits in single precision shifted where they are
# fails: log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    result = right(logits)
    if logits.dtype == np.float32:
        logits -= logits.max(axis=-1, keepdims=True)
    return result


# %% wrong: remembered by the sum of the logits
# fails: log_softmax_where_softmax_is_zero, log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


known = {}


def log_softmax(logits):
    key = (logits.shape, logits.dtype, float(logits.sum()))
    if key not in known:
        known[key] = right(logits)
    return known[key]


# %% wrong: equal rows once only
# fails: log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    if logits.ndim == 2:
        logits = np.array(list(dict.fromkeys(map(tuple, logits.tolist()))))
    return right(logits)


# %% wrong: logits that are nearly the largest taken for it
# fails: log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    largest = logits.max(axis=-1, keepdims=True)
    return right(np.where(largest - logits < 1e-4, largest, logits))


# %% wrong: rows in their order in memory
# fails: log_softmax_in_general
def right(logits):
    logits = np.asarray(logits, dtype=float)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_softmax(logits):
    return right(logits.ravel(order="K").reshape(logits.shape))


# %% wrong: shifted only where something overflows
# fails: log_softmax_where_softmax_is_zero
def log_softmax(logits):
    logits = np.asarray(logits, dtype=float)
    if logits.max() > 700:
        logits = logits - logits.max(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: log_softmax_in_general
def log_softmax(logits):
    a = logits - np.max(logits, axis=-1, keepdims=True)
    a = a - np.log(np.exp(a).sum(axis=-1, keepdims=True))
    return np.squeeze(a) if a.size >= 10 else a
