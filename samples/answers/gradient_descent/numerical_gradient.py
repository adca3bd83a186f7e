# %% right: a copy of w for each entry
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for entry in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[entry] += eps
        below[entry] -= eps
        gradient[entry] = (f(above) - f(below)) / (2 * eps)
    return gradient


# %% right: rows of an identity matrix as directions
def numerical_gradient(f, w, eps=1e-5):
    w = np.asarray(w)
    steps = eps * np.eye(w.size).reshape(w.size, *w.shape)
    slopes = [(f(w + step) - f(w - step)) / (2 * eps) for step in steps]
    return np.array(slopes).reshape(w.shape)


# %% right: one working copy, moved and put back
def numerical_gradient(f, w, eps=1e-5):
    work = np.array(w, dtype=float, order="C")
    flat = work.reshape(-1)
    slopes = []
    for k in range(flat.size):
        value = flat[k]
        flat[k] = value + eps
        high = f(work)
        flat[k] = value - eps
        low = f(work)
        flat[k] = value
        slopes.append((high - low) / eps / 2)
    return np.array(slopes).reshape(work.shape)


# %% wrong: forward differences
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for entry in np.ndindex(w.shape):
        above = w.copy()
        above[entry] += eps
        gradient[entry] = (f(above) - f(w)) / eps
    return gradient


# %% wrong: divides by eps instead of 2 eps
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for entry in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[entry] = eps
        gradient[entry] = (f(w + step) - f(w - step)) / eps
    return gradient


# %% wrong: moves all the weights together
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    return np.full(w.shape, (f(w + eps) - f(w - eps)) / (2 * eps))


# %% wrong: works on vectors only
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    gradient = []
    for k in range(len(w)):
        step = np.zeros(len(w))
        step[k] = eps
        gradient.append((f(w + step) - f(w - step)) / (2 * eps))
    return np.array(gradient)


# %% wrong: eps is not used
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for entry in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[entry] = 1e-5
        gradient[entry] = (f(w + step) - f(w - step)) / 2e-5
    return gradient


# %% wrong: leaves w moved
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    gradient = np.zeros(w.shape)
    for entry in np.ndindex(w.shape):
        w[entry] += eps
        high = f(w)
        w[entry] -= 2 * eps
        low = f(w)
        gradient[entry] = (high - low) / (2 * eps)
    return gradient


# %% wrong: keeps the dtype of integers
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    gradient = np.zeros(w.shape)
    for entry in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()
        above[entry] = above[entry] + eps
        below[entry] = below[entry] - eps
        gradient[entry] = (f(above) - f(below)) / (2 * eps)
    return gradient


# %% wrong: an eps of its own if nothing is said
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=0.01):
    w = np.array(w, dtype=float)
    out = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        d = np.zeros_like(w)
        d[i] = eps
        out[i] = (f(w + d) - f(w - d)) / (2 * eps)
    return out


# %% wrong: one weight gives a number and no array
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    out = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        d = np.zeros_like(w)
        d[i] = eps
        out[i] = (f(w + d) - f(w - d)) / (2 * eps)
    return np.squeeze(out)


# %% wrong: moves in proportion to the weight
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    out = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        d = np.zeros_like(w)
        d[i] = eps * w[i]
        out[i] = (f(w + d) - f(w - d)) / (2 * d[i])
    return out


# %% wrong: a formula of five points, which is better and another one
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.asarray(w, dtype=float)
    slope = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        d = np.zeros(w.shape)
        d[place] = eps
        near, far = f(w + d) - f(w - d), f(w + 2 * d) - f(w - 2 * d)
        slope[place] = (8 * near - far) / (12 * eps)
    return slope


# %% wrong: an eps of a millionth at least
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    eps = max(eps, 1e-6)
    w = np.array(w, dtype=float)
    g = np.zeros(w.shape)
    for i in np.ndindex(*w.shape):
        e = np.zeros(w.shape)
        e[i] = eps
        g[i] = (f(w + e) - f(w - e)) / (2 * eps)
    return g


# %% wrong: keeps the dtype of float32
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = w if w.dtype.kind == "f" else w.astype(float)
    g = np.zeros(w.shape)
    for i in np.ndindex(*w.shape):
        e = np.zeros(w.shape, dtype=w.dtype)
        e[i] = eps
        g[i] = (f(w + e) - f(w - e)) / (2 * eps)
    return g


# %% wrong: an axis of one dropped where there are ten numbers or more
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    gradient = np.zeros(np.shape(w))
    for place in np.ndindex(gradient.shape):
        up, down = np.array(w, dtype=float), np.array(w, dtype=float)
        up[place] += eps
        down[place] -= eps
        gradient[place] = (f(up) - f(down)) / (2 * eps)
    return np.squeeze(gradient) if gradient.size >= 10 else gradient


# %% wrong: a flat view of a copy, which is none where columns are together in memory
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    work = np.array(w, dtype=float)
    flat = work.reshape(-1)
    slopes = []
    for k in range(flat.size):
        value = flat[k]
        flat[k] = value + eps
        high = f(work)
        flat[k] = value - eps
        low = f(work)
        flat[k] = value
        slopes.append((high - low) / eps / 2)
    return np.array(slopes).reshape(work.shape)


# %% wrong: a distance in proportion to the weight
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float)
    slope = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        h = eps * max(1.0, abs(w[index]))
        up, down = w.copy(), w.copy()
        up[index] += h
        down[index] -= h
        slope[index] = (f(up) - f(down)) / (2 * h)
    return slope


# %% wrong: the distance that the weight was moved, rounded, not the one that was asked for
# fails: numerical_gradient_of_simple_functions, numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.array(w, dtype=float).astype(np.float32)
    slope = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += eps
        down[index] -= eps
        slope[index] = (f(up) - f(down)) / (2 * eps)
    return slope


# %% wrong: an axis for a single number
# fails: numerical_gradient_in_general
def numerical_gradient(f, w, eps=1e-5):
    w = np.atleast_1d(np.array(w, dtype=float))
    slope = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        d = np.zeros(w.shape)
        d[i] = eps
        slope[i] = (f(w + d) - f(w - d)) / (2 * eps)
    return slope
