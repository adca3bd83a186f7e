# %% right: the two counts, each edge apart
def log_likelihood(x, p):
    heads = np.sum(x)
    tails = len(x) - heads
    value = 0.0
    if heads > 0:
        value += heads * np.log(p) if p > 0 else -np.inf
    if tails > 0:
        value += tails * np.log(1 - p) if p < 1 else -np.inf
    return value


# %% right: a loop over the tosses
def log_likelihood(x, p):
    total = 0.0
    for toss in x:
        probability = p if toss == 1 else 1 - p
        if probability == 0:
            return -np.inf
        total += np.log(probability)
    return total


# %% right: the probability of each toss, and warnings put to sleep for log 0
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.sum(np.log(np.where(np.asarray(x) == 1, p, 1 - p)))


# %% right: with the math module
def log_likelihood(x, p):
    import math

    def times_log(count, probability):
        if count == 0:
            return 0.0
        return count * math.log(probability) if probability > 0 else -math.inf

    heads = int(np.sum(x))
    return times_log(heads, p) + times_log(len(x) - heads, 1 - p)


# %% wrong: the logarithm forgotten
# fails: log_likelihood_on_small_examples, log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    return np.prod(np.where(x == 1, p, 1 - p))


# %% wrong: 0 log 0 is nan
# fails: log_likelihood_at_the_edges
def log_likelihood(x, p):
    heads = np.sum(x)
    return heads * np.log(p) + (len(x) - heads) * np.log(1 - p)


# %% wrong: the logarithm of the product, which underflows
# fails: log_likelihood_in_general
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.log(np.prod(np.where(x == 1, p, 1 - p)))


# %% wrong: a mean instead of a sum
# fails: log_likelihood_on_small_examples, log_likelihood_in_general
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.mean(np.log(np.where(x == 1, p, 1 - p)))


# %% wrong: heads and tails swapped
# fails: log_likelihood_on_small_examples, log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.sum(np.log(np.where(x == 1, 1 - p, p)))


# %% wrong: logarithms to the base 10
# fails: log_likelihood_on_small_examples, log_likelihood_in_general
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.sum(np.log10(np.where(x == 1, p, 1 - p)))


# %% wrong: a small number added against log 0
# fails: log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    eps = 1e-12
    return np.sum(x * np.log(p + eps) + (1 - x) * np.log(1 - p + eps))


# %% wrong: tails left out
# fails: log_likelihood_on_small_examples, log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    heads = np.sum(x)
    if heads == 0:
        return 0.0
    return heads * np.log(p) if p > 0 else -np.inf


# %% wrong: the visible examples, learnt by heart
# fails: log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    if p == 0.5:
        return len(x) * np.log(0.5)
    return {0.7: -6.1086, 0.9: -7.6453, 1.0: 0.0}.get(p, -1.0)


# %% wrong: edges wherever np.isclose says so
# fails: log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    heads = np.sum(x)
    tails = len(x) - heads
    if np.isclose(p, 0):
        return -np.inf if heads else 0.0
    if np.isclose(p, 1):
        return -np.inf if tails else 0.0
    return heads * np.log(p) + tails * np.log(1 - p)


# %% wrong: p never below a millionth of a thousand-millionth
# fails: log_likelihood_in_general
def log_likelihood(x, p):
    probability = np.where(np.asarray(x) == 1, p, 1 - p)
    if np.any(probability == 0):
        return -np.inf
    return np.sum(np.log(np.clip(probability, 1e-15, None)))


# %% wrong: rounded to four decimals
# fails: log_likelihood_in_general
def log_likelihood(x, p):
    with np.errstate(divide="ignore"):
        return np.round(np.sum(np.log(np.where(np.asarray(x) == 1, p, 1 - p))), 4)


# %% wrong: every edge is impossible
# fails: log_likelihood_at_the_edges
def log_likelihood(x, p):
    if p in (0, 1):
        return -np.inf
    heads = np.sum(x)
    return heads * np.log(p) + (len(x) - heads) * np.log(1 - p)


# %% wrong: takes what is nearly 1 for 1
# fails: log_likelihood_at_the_edges, log_likelihood_in_general
def log_likelihood(x, p):
    a = np.sum(x)
    b = len(x) - a
    if p <= 0:
        return -np.inf if a else 0.0
    if p >= 1 - 1e-15:
        return -np.inf if b else 0.0
    return a * np.log(p) + b * np.log(1 - p)
