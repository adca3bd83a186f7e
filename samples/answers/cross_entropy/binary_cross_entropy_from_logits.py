# %% right: softplus with log1p
def binary_cross_entropy_from_logits(a, y):
    s = (1 - 2 * y) * a
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


# %% right: np.logaddexp of 0 and the signed logit
def binary_cross_entropy_from_logits(a, y):
    return np.logaddexp(0, np.where(y == 1, -a, a))


# %% right: a loop with the math module
def binary_cross_entropy_from_logits(a, y):
    import math

    losses = []
    for logit, label in zip(a, y):
        s = -logit if label == 1 else logit
        if s > 0:
            losses.append(s + math.log1p(math.exp(-s)))
        else:
            losses.append(math.log1p(math.exp(s)))
    return np.array(losses)


# %% wrong: the formula as it stands, which overflows
# fails: binary_cross_entropy_from_logits_at_the_extremes
def binary_cross_entropy_from_logits(a, y):
    return np.log(1 + np.exp((1 - 2 * y) * a))


# %% wrong: log instead of log1p, so that tiny losses are 0
# fails: binary_cross_entropy_from_logits_at_the_extremes
def binary_cross_entropy_from_logits(a, y):
    s = (1 - 2 * y) * a
    return np.maximum(s, 0) + np.log(1 + np.exp(-np.abs(s)))


# %% wrong: by way of clipped probabilities
# fails: binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    p = np.clip(1 / (1 + np.exp(-np.clip(a, -500, 500))), 1e-15, 1 - 1e-15)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong: an array without entries
# fails: binary_cross_entropy_from_logits_on_small_examples, binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return np.zeros((0, 1, 1, 1))


# %% wrong: losses of the type of the logits
# fails: binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return np.logaddexp(0, (1 - 2 * y) * a).astype(a.dtype)


# %% wrong: the labels the wrong way round
# fails: binary_cross_entropy_from_logits_on_small_examples, binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return np.logaddexp(0, (2 * y - 1) * a)


# %% wrong: the mean over the observations
# fails: binary_cross_entropy_from_logits_on_small_examples, binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return np.mean(np.logaddexp(0, (1 - 2 * y) * a))


# %% wrong: the loss of label 0 left out
# fails: binary_cross_entropy_from_logits_on_small_examples, binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return y * np.logaddexp(0, -a)


# %% wrong: the log-likelihood, without the minus
# fails: binary_cross_entropy_from_logits_on_small_examples, binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    return -np.logaddexp(0, (1 - 2 * y) * a)


# %% wrong: labels that are floats changed
# fails: binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    loss = np.logaddexp(0, (1 - 2 * y) * a)
    if y.dtype == float:
        y[:] = 1 - 2 * y
    return loss


# %% wrong: the exponential itself from 9 on
# fails: binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    s = (1 - 2 * y) * a
    return np.where(s < -9, np.exp(np.minimum(s, 0)), np.logaddexp(0, s))


# %% wrong: the logit itself from 9 on
# fails: binary_cross_entropy_from_logits_at_the_extremes, binary_cross_entropy_from_logits_in_general
def binary_cross_entropy_from_logits(a, y):
    s = (1 - 2 * y) * a
    return np.where(s > 9, s, np.logaddexp(0, s))


# %% wrong: a straight line from a logit of 30 on
# fails: binary_cross_entropy_from_logits_at_the_extremes
def binary_cross_entropy_from_logits(a, y):
    z = (1 - 2 * y) * a
    with np.errstate(all="ignore"):
        return np.where(z > 30, z, np.where(z < -30, 0.0, np.log1p(np.exp(z))))


# %% wrong: 1 added before the logarithm
# fails: binary_cross_entropy_from_logits_at_the_extremes
def binary_cross_entropy_from_logits(a, y):
    z = (1 - 2 * y) * a
    return np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))
