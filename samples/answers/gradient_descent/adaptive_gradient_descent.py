# %% right: the four rules in order
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if np.isfinite(height) and height < lowest:
            fall, w, lowest = lowest - height, trial, height
            if fall < eps:
                break
            step_size *= 1.1
        else:
            step_size /= 2
    return w


# %% right: a while loop, the gradient taken once for each place, and an end when nothing moves
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w, eta, tried = np.asarray(w0).astype(float), step_size, 0
    here, slope, done = float(loss(w)), gradient(w), False
    while tried < max_steps and not done:
        tried += 1
        new = w - eta * slope
        there = float(loss(new))
        if np.array_equal(new, w):
            done = True
        elif there < here and there > -np.inf:
            done = here - there < eps
            w, here, slope, eta = new, there, gradient(new), eta * 1.1
        else:
            eta = eta * 0.5
    return w


# %% right: rejections first, with an explicit look for nan
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = 1.0 * np.array(w0)
    for _ in range(max_steps):
        before = loss(w)
        step = step_size * np.asarray(gradient(w))
        after = loss(w - step)
        if np.isnan(after) or np.isinf(after) or after >= before:
            step_size = step_size / 2
            if not np.any(step):
                return w
            continue
        w = w - step
        step_size = step_size + step_size / 10
        if before - after < eps:
            return w
    return w


# %% wrong: a rejected step ends the walk
# fails: adaptive_gradient_descent_tries_and_rejects, adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if not lowest - height >= eps:
            break
        w, lowest = trial, height
        step_size *= 1.1
    return w


# %% wrong: takes every step, and only then changes the step size
# fails: adaptive_gradient_descent_tries_and_rejects, adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(min(max_steps, 200)):
        w = w - step_size * gradient(w)
        height = loss(w)
        if height < lowest:
            step_size *= 1.1
        else:
            step_size /= 2
        if abs(lowest - height) < eps:
            break
        lowest = height
    return w


# %% wrong: the last small step is not taken
# fails: adaptive_gradient_descent_knows_when_to_stop
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if np.isfinite(height) and height < lowest:
            if lowest - height < eps:
                break
            w, lowest = trial, height
            step_size *= 1.1
        else:
            step_size /= 2
    return w


# %% wrong: a loss of nan is taken for a good one
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if height >= lowest:
            step_size /= 2
            continue
        fall, w, lowest = lowest - height, trial, height
        if fall < eps:
            break
        step_size *= 1.1
    return w


# %% wrong: the step size never grows
# fails: adaptive_gradient_descent_tries_and_rejects, adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if np.isfinite(height) and height < lowest:
            fall, w, lowest = lowest - height, trial, height
            if fall < eps:
                break
        else:
            step_size /= 2
    return w


# %% wrong: rejected tries are not counted
# fails: adaptive_gradient_descent_tries_and_rejects, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest, taken, tried = loss(w), 0, 0
    while taken < max_steps and tried < 1000:
        tried += 1
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if np.isfinite(height) and height < lowest:
            fall, w, lowest = lowest - height, trial, height
            taken += 1
            if fall < eps:
                break
            step_size *= 1.1
        else:
            step_size /= 2
    return w


# %% wrong: stops when the loss itself is small
# fails: adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    lowest = loss(w)
    for _ in range(min(max_steps, 500)):
        if lowest < eps:
            break
        trial = w - step_size * gradient(w)
        height = loss(trial)
        if np.isfinite(height) and height < lowest:
            w, lowest = trial, height
            step_size *= 1.1
        else:
            step_size /= 2
    return w


# %% wrong: gives up when the step size is below a millionth
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    height = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        new = loss(trial)
        if np.isfinite(new) and new < height:
            fall, w, height = height - new, trial, new
            step_size *= 1.1
            if fall < eps:
                break
        else:
            step_size /= 2
            if step_size < 1e-6:
                break
    return w


# %% wrong: a loss of minus infinity is taken for a good one
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    height = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        new = loss(trial)
        if new < height:
            fall, w, height = height - new, trial, new
            step_size *= 1.1
            if fall < eps:
                break
        else:
            step_size /= 2
    return w


# %% wrong: a fall that is just eps ends the walk
# fails: adaptive_gradient_descent_knows_when_to_stop
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    height = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        new = loss(trial)
        if np.isfinite(new) and new < height:
            fall, w, height = height - new, trial, new
            step_size *= 1.1
            if fall <= eps:
                break
        else:
            step_size /= 2
    return w


# %% wrong: an eps of its own if nothing is said
# fails: adaptive_gradient_descent_knows_when_to_stop
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-5, max_steps=10_000):
    w = np.array(w0, dtype=float)
    height = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        new = loss(trial)
        if np.isfinite(new) and new < height:
            fall, w, height = height - new, trial, new
            step_size *= 1.1
            if fall < eps:
                break
        else:
            step_size /= 2
    return w


# %% wrong: the last try is returned, rejected or not
# fails: adaptive_gradient_descent_tries_and_rejects, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = trial = np.array(w0, dtype=float)
    height = loss(w)
    for _ in range(max_steps):
        trial = w - step_size * gradient(w)
        there = loss(trial)
        if np.isfinite(there) and there < height:
            fall = height - there
            w, height, step_size = trial, there, 1.1 * step_size
            if fall < eps:
                break
        else:
            step_size /= 2
    return trial


# %% wrong: a small slope ends the walk
# fails: adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < eps or np.linalg.norm(gradient(w)) < 1e-6:
                break
        else:
            eta /= 2
    return w


# %% wrong: gives up when the step size is below 1e-10
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < eps:
                break
        else:
            eta /= 2
            if eta < 1e-10:
                break
    return w


# %% wrong: the step size never grows beyond 1
# fails: adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta = min(eta * 1.1, max(1.0, step_size))
            if fall < eps:
                break
        else:
            eta /= 2
    return w


# %% wrong: the step size never grows beyond a million
# fails: adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta = min(eta * 1.1, 1e6)
            if fall < eps:
                break
        else:
            eta /= 2
    return w


# %% wrong: a thousand steps if nothing is said
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=1000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < eps:
                break
        else:
            eta /= 2
    return w


# %% wrong: a hundred thousand steps if nothing is said
# fails: adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=100_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < eps:
                break
        else:
            eta /= 2
    return w


# %% wrong: a smaller eps if nothing is said
# fails: adaptive_gradient_descent_knows_when_to_stop
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-10, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < eps:
                break
        else:
            eta /= 2
    return w


# %% wrong: an eps of 1e-10 at least
# fails: adaptive_gradient_descent_knows_when_to_stop, adaptive_gradient_descent_in_general
def adaptive_gradient_descent(loss, gradient, w0, step_size=1.0, eps=1e-8, max_steps=10_000):
    w = np.array(w0, dtype=float)
    here = loss(w)
    eta = step_size
    for _ in range(max_steps):
        new = w - eta * gradient(w)
        there = loss(new)
        if np.isfinite(there) and there < here:
            fall = here - there
            w, here = new, there
            eta *= 1.1
            if fall < max(eps, 1e-10):
                break
        else:
            eta /= 2
    return w
