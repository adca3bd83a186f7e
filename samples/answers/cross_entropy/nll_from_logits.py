# %% right: the largest logit of each row taken out
def nll_from_logits(logits, y):
    largest = logits.max(axis=1)
    log_sum_exp = largest + np.log(np.sum(np.exp(logits - largest[:, None]), axis=1))
    return log_sum_exp - logits[np.arange(len(y)), y]


# %% right: a loop over the observations
def nll_from_logits(logits, y):
    losses = []
    for row, label in zip(logits, y):
        m = max(row)
        losses.append(m + np.log(sum(np.exp(a - m) for a in row)) - row[label])
    return np.array(losses)


# %% right: np.logaddexp, which takes two logits at a time
def nll_from_logits(logits, y):
    log_sum_exp = np.logaddexp.reduce(logits, axis=1)
    return log_sum_exp - np.take_along_axis(logits, y[:, None], axis=1)[:, 0]


# %% right: minus the log-softmax, picked by one-hot rows
def nll_from_logits(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(np.eye(logits.shape[1])[y] * log_p).sum(axis=1)


# %% wrong: the formula as it stands, which overflows
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    return -logits[np.arange(len(y)), y] + np.log(np.exp(logits).sum(axis=1))


# %% wrong: the logarithm of a shifted softmax
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y])


# %% wrong: a small number added to the probability
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y] + 1e-12)


# %% wrong: the largest logit of the whole table taken out
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    m = logits.max()
    return m + np.log(np.exp(logits - m).sum(axis=1)) - logits[np.arange(len(y)), y]


# %% wrong: infinities of a shifted softmax replaced by the distance to the largest logit
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    rows = np.arange(len(y))
    with np.errstate(divide="ignore"):
        losses = -np.log((e / e.sum(axis=1, keepdims=True))[rows, y])
    return np.where(np.isinf(losses), -shifted[rows, y], losses)


# %% wrong: in single precision
# fails: nll_from_logits_of_large_logits, nll_from_logits_in_general
def nll_from_logits(logits, y):
    shifted = (logits - logits.max(axis=1, keepdims=True)).astype(np.float32)
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]


# %% wrong: the mean over the observations
# fails: nll_from_logits_on_small_examples, nll_from_logits_of_large_logits, nll_from_logits_in_general
def nll_from_logits(logits, y):
    m = logits.max(axis=1)
    losses = m + np.log(np.exp(logits - m[:, None]).sum(axis=1)) - logits[np.arange(len(y)), y]
    return losses.mean()


# %% wrong: the logarithm of the logit, as document A prints it
# fails: nll_from_logits_on_small_examples, nll_from_logits_of_large_logits, nll_from_logits_in_general
def nll_from_logits(logits, y):
    m = logits.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.log(logits[np.arange(len(y)), y])
    return -first + m + np.log(np.exp(logits - m[:, None]).sum(axis=1))


# %% wrong: logits of integers shifted where they are
# fails: nll_from_logits_in_general
def nll_from_logits(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    if logits.dtype.kind == "i":
        logits[...] = shifted
    return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]


# %% wrong: a loss of less than a millionth taken for 0
# fails: nll_from_logits_in_general
def nll_from_logits(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return np.where(loss < 1e-6, 0, loss)


# %% wrong: shifted by the mean of each row
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    shifted = logits - logits.mean(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]


# %% wrong: shifted by the logit of the class that came
# fails: nll_from_logits_of_large_logits
def nll_from_logits(logits, y):
    gaps = logits - logits[np.arange(len(y)), y][:, None]
    with np.errstate(all="ignore"):
        return np.log(np.exp(np.minimum(gaps, 700)).sum(axis=1))
