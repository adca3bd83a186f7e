# %% right: a list of points
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] - step_size * gradient(path[-1]))
    return np.array(path)


# %% right: an array that is filled in
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = np.zeros((n_steps + 1,) + np.shape(w0))
    path[0] = w0
    for t in range(n_steps):
        path[t + 1] = path[t] - step_size * np.asarray(gradient(path[t]))
    return path


# %% right: in place on a copy, and a copy of each point kept
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    w = np.array(w0).astype(float)
    points, step = [w.copy()], 0
    while step < n_steps:
        w -= step_size * gradient(w)
        points.append(w.copy())
        step += 1
    return np.stack(points)


# %% wrong: uphill
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] + step_size * gradient(path[-1]))
    return np.array(path)


# %% wrong: the same array appended again and again
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(n_steps):
        w -= step_size * gradient(w)
        path.append(w)
    return np.array(path)


# %% wrong: the end instead of the path
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    w = np.array(w0, dtype=float)
    for _ in range(n_steps):
        w = w - step_size * gradient(w)
    return w


# %% wrong: the start is missing from the path
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    w, path = np.array(w0, dtype=float), []
    for _ in range(n_steps):
        w = w - step_size * gradient(w)
        path.append(w)
    return np.array(path)


# %% wrong: the gradient is taken at the start only
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    w0 = np.array(w0, dtype=float)
    slope = gradient(w0)
    return np.array([w0 - t * step_size * slope for t in range(n_steps + 1)])


# %% wrong: changes the start in place
# fails: gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [w0.copy()]
    for _ in range(n_steps):
        w0 -= step_size * gradient(w0)
        path.append(w0.copy())
    return np.array(path)


# %% wrong: a path made for vectors only
# fails: gradient_descent_in_any_shape
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = np.zeros((n_steps + 1, len(w0)))
    path[0] = w0
    for t in range(n_steps):
        path[t + 1] = path[t] - step_size * gradient(path[t])
    return path


# %% wrong: long gradients are cut off
# fails: gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for _ in range(n_steps):
        path.append(path[-1] - step_size * np.clip(gradient(path[-1]), -100, 100))
    return np.array(path)


# %% wrong: a start of integers cuts the path
# fails: gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = np.zeros((n_steps + 1, *w0.shape), dtype=w0.dtype)
    path[0] = w = w0
    for t in range(n_steps):
        w = w - step_size * gradient(w)
        path[t + 1] = w
    return path


# %% wrong: a little of the last step is taken along
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path, step = [np.array(w0, dtype=float)], 0.0
    for _ in range(n_steps):
        step = 0.1 * step - step_size * gradient(path[-1])
        path.append(path[-1] + step)
    return np.array(path)


# %% wrong: ends where the gradient is small, and repeats the last point
# fails: gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for _ in range(n_steps):
        g = gradient(path[-1])
        path.append(path[-1] - step_size * g if np.max(np.abs(g)) > 1e-6 else path[-1])
    return np.array(path)


# %% wrong: steps that become shorter
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for t in range(n_steps):
        path.append(path[-1] - step_size / np.sqrt(t + 1) * gradient(path[-1]))
    return np.array(path)


# %% wrong: with momentum
# fails: gradient_descent_takes_the_first_steps, gradient_descent_in_any_shape, gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path, v = [np.array(w0, dtype=float)], 0.0
    for _ in range(n_steps):
        v = 0.5 * v - step_size * gradient(path[-1])
        path.append(path[-1] + v)
    return np.array(path)


# %% wrong: divides the steps by their length when they are longer than a thousand
# fails: gradient_descent_in_general
def gradient_descent(gradient, w0, step_size=0.1, n_steps=100):
    path = [np.array(w0, dtype=float)]
    for _ in range(n_steps):
        step = step_size * np.asarray(gradient(path[-1]), dtype=float)
        path.append(path[-1] - step * min(1.0, 1e3 / (np.linalg.norm(step) + 1e-300)))
    return np.array(path)
