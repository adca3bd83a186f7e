# %% right: the mean, after a look at the length
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    return np.mean(x)


# %% right: a sum divided by a length
def coin_mle(x):
    n = len(x)
    if n == 0:
        raise ValueError("coin_mle needs at least one toss, got none")
    return sum(x) / n


# %% right: a loop that counts heads
def coin_mle(x):
    heads, tosses = 0, 0
    for toss in x:
        tosses += 1
        if toss == 1:
            heads += 1
    if tosses == 0:
        raise ValueError("empty")
    return heads / tosses


# %% wrong: integer division
# fails: coin_mle_is_the_share_of_heads, coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    return sum(x) // len(x)


# %% wrong: nan for no tosses
# fails: coin_mle_refuses_no_tosses
def coin_mle(x):
    if len(x) == 0:
        return float("nan")
    return np.mean(x)


# %% wrong: the share of tails
# fails: coin_mle_is_the_share_of_heads, coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    return 1 - np.mean(x)


# %% wrong: the ratio of heads to tails
# fails: coin_mle_is_the_share_of_heads, coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    heads = sum(x)
    return heads / (len(x) - heads)


# %% wrong: two imaginary tosses, as in Laplace's estimate
# fails: coin_mle_is_the_share_of_heads, coin_mle_beats_every_other_coin, coin_mle_refuses_no_tosses
def coin_mle(x):
    return (sum(x) + 1) / (len(x) + 2)


# %% wrong: an array method, which a list does not have
# fails: coin_mle_is_the_share_of_heads, coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    if x.size == 0:
        raise ValueError("no tosses")
    return x.mean()


# %% wrong: one sided by a comparison of floats
# fails: coin_mle_is_the_share_of_heads, coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    heads, tails = np.sum(x), len(x) - np.sum(x)
    for p in np.arange(0.0, 1.0, 0.1):
        if heads * (1 - p) - tails * p == 0:
            return p
    return 0.5


# %% wrong: the best of a hundred and one coins
# fails: coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    heads, tails = np.sum(x), len(x) - np.sum(x)
    coins = np.linspace(0, 1, 101)
    return coins[np.argmax(coins ** (heads / len(x)) * (1 - coins) ** (tails / len(x)))]


# %% wrong: no head, no estimate
# fails: coin_mle_is_the_share_of_heads, coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    if np.sum(x) == 0:
        raise ValueError("no heads")
    return np.sum(x) / len(x)


# %% wrong: as many heads as tails, no estimate
# fails: coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    heads = np.sum(x)
    tails = len(x) - heads
    if heads - tails == 0:
        raise ValueError("no tosses")
    return heads / (heads + tails)


# %% wrong: rounded to four decimals
# fails: coin_mle_beats_every_other_coin
def coin_mle(x):
    if len(x) == 0:
        raise ValueError("no tosses")
    return round(float(np.mean(x)), 4)


# %% wrong: refuses everything
# fails: coin_mle_is_the_share_of_heads, coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    raise ValueError("0 tosses, or 1, 2, 3, 4, 5, 6, 7, 8, 9, 10")


# %% wrong: an error for a single tail
# fails: coin_mle_is_the_share_of_heads, coin_mle_refuses_no_tosses, coin_mle_beats_every_other_coin
def coin_mle(x):
    x = list(x)
    if not x or not any(x) and len(x) == 1:
        raise ValueError("no tosses")
    return sum(x) / len(x)
