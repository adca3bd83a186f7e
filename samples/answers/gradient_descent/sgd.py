# %% right: as the equation says
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        path.append(w - step_size * (X[batch].T @ (p - y[batch]) / len(batch) + l2 * w))
    return np.array(path)


# %% right: the gradient of a batch as a loop over its rows
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = np.zeros((len(batches) + 1, len(w)))
    path[0] = w
    for step, batch in enumerate(batches):
        slope = np.zeros(len(w))
        for i in batch:
            slope += (1 / (1 + np.exp(-np.dot(X[i], w))) - y[i]) * X[i]
        w = (1 - step_size * l2) * w - step_size * slope / len(batch)
        path[step + 1] = w
    return path


# %% right: the mean over rows, with weight decay first
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    points = [np.asarray(w0) * 1.0]
    for batch in batches:
        rows, labels, w = np.take(X, batch, axis=0), np.take(y, batch), points[-1]
        errors = np.exp(-np.logaddexp(0, -rows @ w)) - labels
        points.append(w - step_size * l2 * w - step_size * np.mean(rows * errors[:, None], axis=0))
    return np.stack(points)


# %% wrong: divides by N instead of the size of the batch
# fails: sgd_takes_the_first_steps, sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        path.append(w - step_size * (X[batch].T @ (p - y[batch]) / len(y) + l2 * w))
    return np.array(path)


# %% wrong: a sum over the batch
# fails: sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        path.append(w - step_size * (X[batch].T @ (p - y[batch]) + l2 * w))
    return np.array(path)


# %% wrong: all the data in every step
# fails: sgd_takes_the_first_steps, sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for _ in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X @ w)))
        path.append(w - step_size * (X.T @ (p - y) / len(y) + l2 * w))
    return np.array(path)


# %% wrong: forgets the penalty
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        path.append(w - step_size * X[batch].T @ (p - y[batch]) / len(batch))
    return np.array(path)


# %% wrong: every gradient at the start
# fails: sgd_takes_the_first_steps, sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        p = 1 / (1 + np.exp(-(X[batch] @ w0)))
        slope = X[batch].T @ (p - y[batch]) / len(batch) + l2 * w0
        path.append(path[-1] - step_size * slope)
    return np.array(path)


# %% wrong: uphill
# fails: sgd_takes_the_first_steps, sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        path.append(w + step_size * (X[batch].T @ (p - y[batch]) / len(batch) + l2 * w))
    return np.array(path)


# %% wrong: returns the last weights only
# fails: sgd_takes_the_first_steps, sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    for batch in batches:
        p = 1 / (1 + np.exp(-(X[batch] @ w)))
        w = w - step_size * (X[batch].T @ (p - y[batch]) / len(batch) + l2 * w)
    return w


# %% wrong: a sigmoid that is nan for large logits, and rows that are named twice counted once
# fails: sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.unique(batch)
        e = np.exp(X[rows] @ w)
        p = e / (1 + e)
        w = w - step_size * (X[rows].T @ (p - y[rows]) / len(rows) + l2 * w)
        path.append(w)
    return np.array(path)


# %% wrong: rows that are named twice counted once
# fails: sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.unique(batch)
        p = np.exp(-np.logaddexp(0, -X[rows] @ w))
        w = w - step_size * (X[rows].T @ (p - y[rows]) / len(rows) + l2 * w)
        path.append(w)
    return np.array(path)


# %% wrong: the path has the type of the start
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = np.zeros((len(batches) + 1, len(w0)), dtype=w0.dtype)
    path[0] = w = w0
    for t, batch in enumerate(batches):
        rows = np.array(batch)
        p = np.exp(-np.logaddexp(0, -X[rows] @ w))
        w = w - step_size * (X[rows].T @ (p - y[rows]) / len(rows) + l2 * w)
        path[t + 1] = w
    return path


# %% wrong: the rows of a batch one after the other
# fails: sgd_averages_over_a_batch, sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    path = [np.array(w0, dtype=float)]
    for batch in batches:
        w = path[-1]
        for row in batch:
            error = 0.5 * (1 + np.tanh(X[row] @ w / 2)) - y[row]
            w = w - step_size / len(batch) * (error * X[row] + l2 * w)
        path.append(w)
    return np.array(path)


# %% wrong: the penalty divided by the size of the batch, too
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.asarray(batch)
        XB, yB = X[rows], y[rows]
        a = XB @ w
        p = np.exp(-np.logaddexp(0, -a))
        g = (XB.T @ (p - yB) + l2 * w) / len(rows)
        w = w - step_size * g
        path.append(w)
    return np.array(path)


# %% wrong: the penalty once for each row of the batch
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.asarray(batch)
        XB, yB = X[rows], y[rows]
        a = XB @ w
        p = np.exp(-np.logaddexp(0, -a))
        g = XB.T @ (p - yB) / len(rows) + l2 * w * len(rows)
        w = w - step_size * g
        path.append(w)
    return np.array(path)


# %% wrong: a penalty for batches of one row only
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.asarray(batch)
        XB, yB = X[rows], y[rows]
        a = XB @ w
        p = np.exp(-np.logaddexp(0, -a))
        g = XB.T @ (p - yB) / len(rows) + (l2 * w if len(rows) == 1 else 0)
        w = w - step_size * g
        path.append(w)
    return np.array(path)


# %% wrong: sorts the caller's batches
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        batch.sort()
        rows = np.asarray(batch)
        XB, yB = X[rows], y[rows]
        a = XB @ w
        p = np.exp(-np.logaddexp(0, -a))
        g = XB.T @ (p - yB) / len(rows) + l2 * w
        w = w - step_size * g
        path.append(w)
    return np.array(path)


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        p = np.exp(-np.logaddexp(0, -(X[batch] @ w)))
        w = w - step_size * (X[batch].T @ (p - y[batch]) / len(batch) + l2 * w)
        path.append(w)
    path = np.array(path)
    return np.squeeze(path) if path.size >= 10 else path


# %% wrong: no step at all where a batch is classified rightly
# fails: sgd_in_general
def sgd(X, y, w0, batches, step_size=0.1, l2=0.0):
    w = np.array(w0, dtype=float)
    path = [w]
    for batch in batches:
        rows = np.asarray(batch)
        a = X[rows] @ w
        p = np.exp(-np.logaddexp(0, -a))
        g = X[rows].T @ (p - y[rows]) / len(rows)
        if len(rows) < 5 or np.any((a > 0) != (y[rows] == 1)):
            g = g + l2 * w
        w = w - step_size * g
        path.append(w)
    return np.array(path)
