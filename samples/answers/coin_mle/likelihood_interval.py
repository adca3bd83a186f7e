# %% right: each end is trapped, and the gap halved
def likelihood_interval(x, drop=2.0):
    heads = int(np.sum(x))
    tails = len(x) - heads
    best = heads / (heads + tails)

    def value(p):
        total = 0.0
        if heads:
            total += heads * np.log(p)
        if tails:
            total += tails * np.log(1 - p)
        return total

    floor = value(best) - drop
    low, high = 0.0, 1.0
    if heads:
        outside, inside = 0.0, best
        for _ in range(100):
            middle = (outside + inside) / 2
            if value(middle) >= floor:
                inside = middle
            else:
                outside = middle
        low = inside
    if tails:
        outside, inside = 1.0, best
        for _ in range(100):
            middle = (outside + inside) / 2
            if value(middle) >= floor:
                inside = middle
            else:
                outside = middle
        high = inside
    return low, high


# %% right: one function for one end, used for heads and for tails
def likelihood_interval(x, drop=2.0):
    import math

    def lower(a, b):
        if a == 0:
            return 0.0

        def fall(p):
            tails = b * (math.log1p(-a / (a + b)) - math.log1p(-p)) if b else 0.0
            return a * math.log(a / (a + b) / p) + tails

        left, right = 1e-300, a / (a + b)
        for _ in range(2000):
            middle = (left + right) / 2
            left, right = (left, middle) if fall(middle) <= drop else (middle, right)
        return right

    heads = round(float(sum(x)))
    tails = len(x) - heads
    return [lower(heads, tails), 1 - lower(tails, heads)]


# %% right: a root finder of scipy
def likelihood_interval(x, drop=2.0):
    from scipy.optimize import brentq
    from scipy.special import xlog1py, xlogy

    a, n = np.sum(x), len(x)
    best = a / n

    def above(p):
        return xlogy(a, p) + xlog1py(n - a, -p) - xlogy(a, best) - xlog1py(n - a, -best) + drop

    low = brentq(above, 1e-200, best, xtol=1e-200, rtol=1e-12) if a > 0 else 0.0
    high = brentq(above, best, 1 - 1e-16, xtol=1e-15) if a < n else 1.0
    return np.array([low, high])


# %% wrong: two spreads to each side of the estimate
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    p = np.mean(x)
    spread = np.sqrt(p * (1 - p) / len(x))
    return p - np.sqrt(2 * drop) * spread, p + np.sqrt(2 * drop) * spread


# %% wrong: the best of a thousand and one coins
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads = np.sum(x)
    tails = len(x) - heads
    coins = np.linspace(0, 1, 1001)[1:-1]
    values = heads * np.log(coins) + tails * np.log(1 - coins)
    near = coins[values >= values.max() - drop]
    return near.min(), near.max()


# %% wrong: the likelihood itself a share of its top, instead of a drop of its logarithm
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads = np.sum(x)
    tails = len(x) - heads
    best = heads / len(x)

    def share(p):
        return (p / best) ** heads * ((1 - p) / (1 - best)) ** tails if 0 < best < 1 else 1.0

    ends = []
    for outside in [0.0, 1.0]:
        inside = best
        for _ in range(100):
            middle = (outside + inside) / 2
            inside, outside = (middle, outside) if share(middle) >= 1 / drop else (inside, middle)
        ends.append(inside)
    return tuple(ends)


# %% wrong: the edges forgotten, where a logarithm of 0 is multiplied by 0
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads = np.sum(x)
    tails = len(x) - heads
    best = heads / len(x)

    def value(p):
        return heads * np.log(p) + tails * np.log(1 - p)

    ends = []
    with np.errstate(all="ignore"):
        for outside in [0.0, 1.0]:
            inside = best
            for _ in range(100):
                middle = (outside + inside) / 2
                if value(middle) >= value(best) - drop:
                    inside = middle
                else:
                    outside = middle
            ends.append(inside)
    return tuple(ends)


# %% wrong: ten halvings only
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads = np.sum(x)
    tails = len(x) - heads
    best = heads / len(x)

    def value(p):
        first = heads * np.log(p) if heads else 0.0
        return first + (tails * np.log(1 - p) if tails else 0.0)

    ends = []
    for outside, side in [(0.0, heads), (1.0, tails)]:
        inside = best
        for _ in range(10 if side else 0):
            middle = (outside + inside) / 2
            if value(middle) >= value(best) - drop:
                inside = middle
            else:
                outside = middle
        ends.append(inside)
    return tuple(ends)


# %% wrong: a drop of 2, whatever was asked for
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads = np.sum(x)
    tails = len(x) - heads
    best = heads / len(x)

    def value(p):
        first = heads * np.log(p) if heads else 0.0
        return first + (tails * np.log(1 - p) if tails else 0.0)

    ends = []
    for outside, side in [(0.0, heads), (1.0, tails)]:
        inside = best
        for _ in range(100 if side else 0):
            middle = (outside + inside) / 2
            if value(middle) >= value(best) - 2.0:
                inside = middle
            else:
                outside = middle
        ends.append(inside)
    return tuple(ends)


# %% wrong: as far above the top as below it
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads, top = np.sum(x), np.mean(x)

    def height(p):
        with np.errstate(all="ignore"):
            return np.nan_to_num(heads * np.log(p)) + np.nan_to_num((len(x) - heads) * np.log(1 - p))

    outside, inside = 0.0, top
    for _ in range(100):
        middle = (outside + inside) / 2
        if height(middle) >= height(top) - drop:
            inside = middle
        else:
            outside = middle
    return inside, min(1.0, 2 * top - inside)


# %% wrong: two spreads on the log-odds
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    heads, tails = np.sum(x), len(x) - np.sum(x)
    if heads == 0 or tails == 0:
        return (0.0, 1 - np.exp(-drop / tails)) if heads == 0 else (np.exp(-drop / heads), 1.0)
    middle = np.log(heads / tails)
    spread = np.sqrt(2 * drop) * np.sqrt(1 / heads + 1 / tails)
    return tuple(1 / (1 + np.exp(-(middle + side * spread))) for side in (-1, 1))


# %% wrong: a drop of 1.92 if nothing is said
# fails: likelihood_interval_in_general
def likelihood_interval(x, drop=1.92):
    k, n = int(np.sum(x)), len(x)

    def height(p):
        with np.errstate(all="ignore"):
            return (k * np.log(p) if k else 0.0) + ((n - k) * np.log(1 - p) if k < n else 0.0)

    goal, ends = height(k / n) - drop, []
    for edge in [0.0, 1.0]:
        outside, inside = edge, k / n
        if inside == edge:
            ends.append(edge)
            continue
        for _ in range(100):
            middle = (outside + inside) / 2
            if height(middle) < goal:
                outside = middle
            else:
                inside = middle
        ends.append(inside)
    return ends


# %% wrong: looks between a thousandth and 0.999 only
# fails: likelihood_interval_at_the_edges
def likelihood_interval(x, drop=2.0):
    k, n = int(np.sum(x)), len(x)

    def height(p):
        return (k * np.log(p) if k else 0.0) + ((n - k) * np.log(1 - p) if k < n else 0.0)

    goal, ends = height(k / n) - drop, []
    for edge in [0, 1]:
        outside, inside = abs(edge - 0.001), k / n
        if inside == edge:
            ends.append(float(edge))
            continue
        for _ in range(100):
            middle = (outside + inside) / 2
            if height(middle) < goal:
                outside = middle
            else:
                inside = middle
        ends.append(inside)
    return ends


# %% wrong: the likelihood as a product, which underflows
# fails: likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    k, n = int(np.sum(x)), len(x)

    def likelihood(p):
        return p**k * (1 - p) ** (n - k)

    goal, ends = likelihood(k / n) * np.exp(-drop), []
    for edge in [0.0, 1.0]:
        outside, inside = edge, k / n
        if inside == edge:
            ends.append(edge)
            continue
        for _ in range(100):
            middle = (outside + inside) / 2
            if likelihood(middle) < goal:
                outside = middle
            else:
                inside = middle
        ends.append(inside)
    return ends


# %% wrong: content with a gap of a millionth
# fails: likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    k, n = int(np.sum(x)), len(x)

    def height(p):
        with np.errstate(all="ignore"):
            return (k * np.log(p) if k else 0.0) + ((n - k) * np.log(1 - p) if k < n else 0.0)

    goal, ends = height(k / n) - drop, []
    for edge in [0.0, 1.0]:
        outside, inside = edge, k / n
        if inside == edge:
            ends.append(edge)
            continue
        while abs(outside - inside) > 1e-6:
            middle = (outside + inside) / 2
            if height(middle) < goal:
                outside = middle
            else:
                inside = middle
        ends.append(inside)
    return ends


# %% wrong: one end only, and the other as far away from the estimate
# fails: likelihood_interval_of_few_tosses, likelihood_interval_at_the_edges, likelihood_interval_in_general
def likelihood_interval(x, drop=2.0):
    k, n = int(np.sum(x)), len(x)
    if k == 0:
        return 0.0, 1 - np.exp(-drop / n)

    def height(p):
        return k * np.log(p) + ((n - k) * np.log1p(-p) if k < n else 0.0)

    outside, inside = 0.0, k / n
    goal = height(inside) - drop
    for _ in range(100):
        middle = (outside + inside) / 2
        if height(middle) < goal:
            outside = middle
        else:
            inside = middle
    return inside, min(1.0, 2 * k / n - inside)
