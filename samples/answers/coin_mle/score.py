# %% right: the two counts
def score(x, p):
    heads = np.sum(x)
    tails = len(x) - heads
    return heads / p - tails / (1 - p)


# %% right: a sum over the tosses
def score(x, p):
    return sum(1 / p if toss == 1 else -1 / (1 - p) for toss in x)


# %% right: on the common denominator
def score(x, p):
    return (np.sum(x) - len(x) * p) / (p * (1 - p))


# %% wrong: the minus sign of the chain rule lost
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    heads = np.sum(x)
    return heads / p + (len(x) - heads) / (1 - p)


# %% wrong: a mean instead of a sum
# fails: score_on_small_examples, score_is_the_slope
def score(x, p):
    return np.mean(x / p - (1 - x) / (1 - p))


# %% wrong: the counts swapped
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    heads = np.sum(x)
    return (len(x) - heads) / p - heads / (1 - p)


# %% wrong: the number of tosses taken for the number of tails
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    return np.sum(x) / p - len(x) / (1 - p)


# %% wrong: the second factor not differentiated
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    heads = np.sum(x)
    return heads / p - (len(x) - heads) * (1 - p)


# %% wrong: a numerical slope that is too coarse, from one side
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    def value(q):
        return np.sum(x) * np.log(q) + np.sum(1 - x) * np.log(1 - q)

    return (value(p + 0.01) - value(p)) / 0.01


# %% wrong: the sign of the whole score turned round
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    heads = np.sum(x)
    return (len(x) - heads) / (1 - p) - heads / p


# %% wrong: a slope for each toss, which nobody adds up
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    return x / p - (1 - x) / (1 - p)


# %% wrong: p kept between 0.01 and 0.99, against division by zero
# fails: score_is_the_slope
def score(x, p):
    p = np.clip(p, 0.01, 0.99)
    heads = np.sum(x)
    return heads / p - (len(x) - heads) / (1 - p)


# %% wrong: a small number added to the denominator
# fails: score_is_the_slope
def score(x, p):
    return (np.sum(x) - len(x) * p) / (p * (1 - p) + 1e-9)


# %% wrong: always level
# fails: score_on_small_examples, score_is_zero_at_the_top, score_is_the_slope
def score(x, p):
    return 0.0


# %% wrong: the slope in the log-odds
# fails: score_on_small_examples, score_is_the_slope
def score(x, p):
    return np.sum(x) - len(x) * p


# %% wrong: divided by the spread
# fails: score_on_small_examples, score_is_the_slope
def score(x, p):
    return (np.sum(x) - len(x) * p) / np.sqrt(p * (1 - p))


# %% wrong: p kept a little away from the edges
# fails: score_is_the_slope
def score(x, p):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    a = np.sum(x)
    b = len(x) - a
    return a / p - b / (1 - p)


# %% wrong: infinitely steep near the edge
# fails: score_is_the_slope
def score(x, p):
    a = np.sum(x)
    b = len(x) - a
    if p < 1e-9:
        return np.inf if a else -b
    return a / p - b / (1 - p)


# %% wrong: a small slope taken for none
# fails: score_is_the_slope
def score(x, p):
    a = np.sum(x)
    b = len(x) - a
    s = a / p - b / (1 - p)
    return 0.0 if abs(s) < 1e-3 else s


# %% wrong: steep slopes cut off
# fails: score_is_the_slope
def score(x, p):
    a = np.sum(x)
    b = len(x) - a
    return np.clip(a / p - b / (1 - p), -1e12, 1e12)


# %% wrong: p never below a power of a tenth
# fails: score_is_the_slope
def score(x, p):
    p = max(p, 1e-100)
    a = np.sum(x)
    b = len(x) - a
    return a / p - b / (1 - p)
