# %% right: as the equation says
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% right: a sum over the observations
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    gradient = np.zeros(len(w))
    for row, seen in zip(X, y):
        gradient += (np.dot(row, w) - seen) * row
    gradient = gradient / len(y) + l2 * np.asarray(w)
    return np.asarray(w) - step_size * gradient


# %% right: a mean of the rows, and the penalty as decay
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    errors = y - X @ w
    return (1 - step_size * l2) * w + step_size * np.mean(errors[:, None] * X, axis=0)


# %% wrong: uphill
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w + step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: the sum of the gradients
# fails: gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (X.T @ (X @ w - y) + l2 * w)


# %% wrong: the factor 2 of the square without the half
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (2 * X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: the update that document C prints
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * X.T @ y / (np.sum(X**2, axis=0) + l2)


# %% wrong: the penalty itself instead of its derivative
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 / 2 * np.sum(w**2))


# %% wrong: the penalty divided by the number of observations, too
# fails: gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (X.T @ (X @ w - y) + l2 * w) / len(y)


# %% wrong: changes the caller's weights
# fails: gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    w -= step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)
    return w


# %% wrong: the error not multiplied by the features
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - step_size * (np.mean(X @ w - y) + l2 * w)


# %% wrong: the gradient cut off at a thousand
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    gradient = X.T @ (X @ w - y) / len(y) + l2 * w
    return w - step_size * np.clip(gradient, -1000, 1000)


# %% wrong: another step size where nothing is said
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean
def gradient_step(X, y, w, step_size=0.01, l2=0.0):
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: a penalty where none is asked for
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean
def gradient_step(X, y, w, step_size=0.1, l2=0.01):
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: the bias goes free
# fails: gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    charged = np.array(w, dtype=float)
    charged[0] = 0
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * charged)


# %% wrong: new weights in an array of the old type
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    new = np.zeros_like(w)
    new[:] = w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)
    return new


# %% wrong: one weight after the other, each with the newest values
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    w = np.array(w, dtype=float)
    for j in range(len(w)):
        w[j] -= step_size * (X[:, j] @ (X @ w - y) / len(y) + l2 * w[j])
    return w


# %% wrong: the penalty of the weights after the step
# fails: gradient_step_of_one_observation, gradient_step_takes_the_mean, gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    moved = w - step_size * X.T @ (X @ w - y) / len(y)
    return moved - step_size * l2 * moved


# %% wrong: the bias goes free, where there is a column of ones
# fails: gradient_step_takes_the_mean
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    p = l2 * w
    if np.all(X[:, 0] == 1):
        p = p.copy()
        p[0] = 0
    return w - step_size * (X.T @ (X @ w - y) / len(y) + p)


# %% wrong: a millionth of a penalty where none is asked for
# fails: gradient_step_takes_the_mean
def gradient_step(X, y, w, step_size=0.1, l2=1e-6):
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: steps never longer than the gradient
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    return w - min(step_size, 1.0) * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: its own step size for one observation
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    if l2 == 0 and len(y) == 1:
        step_size = 0.1
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: data in the type of the numbers to predict
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    X = X.astype(y.dtype)
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: the numbers to predict in the type of the data
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    y = y.astype(X.dtype)
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)


# %% wrong: the transpose forgotten, where X is square
# fails: gradient_step_in_general
def gradient_step(X, y, w, step_size=0.1, l2=0.0):
    if X.shape[0] == X.shape[1]:
        return w - step_size * (X @ (X @ w - y) / len(y) + l2 * w)
    return w - step_size * (X.T @ (X @ w - y) / len(y) + l2 * w)
