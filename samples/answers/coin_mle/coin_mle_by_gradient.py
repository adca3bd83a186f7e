# %% right: as the equation says
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        p = 1 / (1 + np.exp(-theta))
        theta = theta + step_size * (np.mean(x) - p)
    return 1 / (1 + np.exp(-theta))


# %% right: the gradient as a mean over the tosses
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    import math

    def probability(theta):
        return 1 / (1 + math.exp(-theta))

    theta = 0.0
    for _ in range(n_steps):
        gradient = sum(toss - probability(theta) for toss in x) / len(x)
        theta += step_size * gradient
    return probability(theta)


# %% right: a while loop, and p kept up to date
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    share, theta, p, step = float(np.sum(x)) / len(x), 0.0, 0.5, 0
    while step < n_steps:
        theta += step_size * (share - p)
        p = np.exp(theta) / (1 + np.exp(theta))
        step += 1
    return p


# %% wrong: returns the log-odds
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        theta += step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
    return theta


# %% wrong: walks downhill
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        p = 1 / (1 + np.exp(-theta))
        theta = theta - step_size * (np.mean(x) - p)
        theta = np.clip(theta, -30, 30)
    return 1 / (1 + np.exp(-theta))


# %% wrong: a sum where the mean belongs
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        p = 1 / (1 + np.exp(-np.clip(theta, -500, 500)))
        theta = theta + step_size * np.sum(x - p)
    return 1 / (1 + np.exp(-np.clip(theta, -500, 500)))


# %% wrong: p is never brought up to date
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta, p = 0.0, 0.5
    for _ in range(n_steps):
        theta += step_size * (np.mean(x) - p)
    return 1 / (1 + np.exp(-theta))


# %% wrong: the formula instead of the walk
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    return np.mean(x)


# %% wrong: walks on p with the score, past the edge
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_in_general, coin_mle_by_gradient_arrives
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    p = 0.5
    for _ in range(n_steps):
        p = p + step_size * np.mean(x / p - (1 - x) / (1 - p))
    return p


# %% wrong: the step size is not used
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        theta += np.mean(x) - 1 / (1 + np.exp(-theta))
    return 1 / (1 + np.exp(-theta))


# %% wrong: the log-odds fenced in
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        theta = theta + step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
        theta = np.clip(theta, -5, 5)
    return 1 / (1 + np.exp(-theta))


# %% wrong: p kept between 0.001 and 0.999 on the way
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        p = np.clip(1 / (1 + np.exp(-theta)), 0.001, 0.999)
        theta = theta + step_size * (np.mean(x) - p)
    return np.clip(1 / (1 + np.exp(-theta)), 0.001, 0.999)


# %% wrong: nine hundred and ninety-nine steps where nothing is said
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=999, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        theta = theta + step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
    return 1 / (1 + np.exp(-theta))


# %% wrong: a tenth for the step size where nothing is said
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=0.1):
    theta = 0.0
    for _ in range(n_steps):
        theta = theta + step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
    return 1 / (1 + np.exp(-theta))


# %% wrong: stops when the steps become short
# fails: coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = 0.0
    for _ in range(n_steps):
        step = step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
        if abs(step) < 1e-3:
            break
        theta = theta + step
    return 1 / (1 + np.exp(-theta))


# %% wrong: an array with one bias
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_arrives, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta = np.zeros(1)
    for _ in range(n_steps):
        theta = theta + step_size * (np.mean(x) - 1 / (1 + np.exp(-theta)))
    return 1 / (1 + np.exp(-theta))


# %% wrong: walks on p, with the slope of the sigmoid
# fails: coin_mle_by_gradient_takes_the_first_steps, coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    p = 0.5
    for _ in range(n_steps):
        p += step_size * (np.mean(x) - p) * p * (1 - p)
    return p


# %% wrong: the formula instead of the walk, where there are many steps
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    if n_steps >= 1000 and 0 < m < 1:
        return m
    for _ in range(n_steps):
        t += step_size * (m - 1 / (1 + np.exp(-t)))
    return 1 / (1 + np.exp(-t))


# %% wrong: stops when a step is below a millionth
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(n_steps):
        d = step_size * (m - 1 / (1 + np.exp(-t)))
        t += d
        if abs(d) < 1e-6:
            break
    return 1 / (1 + np.exp(-t))


# %% wrong: stops where it is nearly level
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(n_steps):
        g = m - 1 / (1 + np.exp(-t))
        if abs(g) < 1e-8:
            break
        t += step_size * g
    return 1 / (1 + np.exp(-t))


# %% wrong: the log-odds between -30 and 30
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(n_steps):
        t = np.clip(t + step_size * (m - 1 / (1 + np.exp(-t))), -30, 30)
    return 1 / (1 + np.exp(-t))


# %% wrong: the log-odds between -500 and 500
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(n_steps):
        t = np.clip(t + step_size * (m - 1 / (1 + np.exp(-t))), -500, 500)
    return 1 / (1 + np.exp(-t))


# %% wrong: p kept away from the edges at the end
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(n_steps):
        t += step_size * (m - 1 / (1 + np.exp(-t)))
    return np.clip(1 / (1 + np.exp(-t)), 1e-12, 1 - 1e-12)


# %% wrong: never more than a thousand steps
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    for _ in range(min(n_steps, 1000)):
        t += step_size * (m - 1 / (1 + np.exp(-t)))
    return 1 / (1 + np.exp(-t))


# %% wrong: starts at the top, where there are many steps
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    if n_steps > 10 and 0 < m < 1:
        t = np.log(m / (1 - m))
    for k in range(n_steps):
        t += step_size * (m - 1 / (1 + np.exp(-t)))
    return 1 / (1 + np.exp(-t))


# %% wrong: the best place of the walk instead of the last
# fails: coin_mle_by_gradient_in_general
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    t, m = 0.0, np.mean(x)
    best = 0.5
    for k in range(n_steps):
        t += step_size * (m - 1 / (1 + np.exp(-t)))
        p = 1 / (1 + np.exp(-t))
        if abs(p - m) < abs(best - m):
            best = p
    return best


# %% right: with the hyperbolic tangent
def coin_mle_by_gradient(x, n_steps=1000, step_size=1.0):
    theta, p, seen = 0.0, 0.5, np.average(x)
    while n_steps > 0:
        theta = theta + step_size * (seen - p)
        p = 0.5 * (1 + np.tanh(theta / 2))
        n_steps -= 1
    return p
