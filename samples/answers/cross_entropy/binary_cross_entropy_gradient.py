# %% right: the transposed Jacobian times the errors
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (1 / (1 + np.exp(-a)) - y)


# %% right: two loops, as the sum is written
def binary_cross_entropy_gradient(jacobian, a, y):
    n, n_weights = jacobian.shape
    gradient = np.zeros(n_weights)
    for j in range(n_weights):
        for i in range(n):
            p = 1 / (1 + np.exp(-a[i]))
            gradient[j] += jacobian[i, j] * (p - y[i])
    return gradient


# %% right: the two cases of the label, by broadcasting
def binary_cross_entropy_gradient(jacobian, a, y):
    p = 1 / (1 + np.exp(-a))
    error = -y * (1 - p) + (1 - y) * p
    return np.sum(jacobian * error[:, np.newaxis], axis=0)


# %% right: the sigmoid as a hyperbolic tangent, and einsum
def binary_cross_entropy_gradient(jacobian, a, y):
    return np.einsum("ij,i->j", jacobian, 0.5 * (1 + np.tanh(a / 2)) - y)


# %% wrong: label minus probability, which points uphill
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (y - 1 / (1 + np.exp(-a)))


# %% wrong: a mean instead of a sum
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (1 / (1 + np.exp(-a)) - y) / len(y)


# %% wrong: the sigmoid forgotten
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (a - y)


# %% wrong: the derivative of the sigmoid left standing, as for squared error
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    p = 1 / (1 + np.exp(-a))
    return jacobian.T @ ((p - y) * p * (1 - p))


# %% wrong: the Jacobian not transposed
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian @ (1 / (1 + np.exp(-a)) - y)


# %% wrong: the sum over the weights instead of the observations
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    error = 1 / (1 + np.exp(-a)) - y
    return np.sum(jacobian * error[:, np.newaxis], axis=1)


# %% wrong: the two visible examples, learnt by heart
# fails: binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return np.array([0.0, -2.0]) if len(y) == 2 else np.array([-0.03808, 2.23711])


# %% wrong: probabilities kept away from 0 and 1
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    p = np.clip(1 / (1 + np.exp(-a)), 1e-7, 1 - 1e-7)
    return jacobian.T @ (p - y)


# %% wrong: decisions in the place of probabilities
# fails: binary_cross_entropy_gradient_on_small_examples, binary_cross_entropy_gradient_is_the_slope, binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ ((a > 0) - y)


# %% wrong: scores cut off at 20
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (1 / (1 + np.exp(-np.clip(a, -20, 20))) - y)


# %% wrong: errors of less than a hundred-millionth left out
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    errors = 1 / (1 + np.exp(-a)) - y
    return jacobian.T @ np.where(np.abs(errors) < 1e-8, 0, errors)


# %% wrong: equal observations counted once
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    rows = np.unique(np.column_stack([jacobian, a, y]), axis=0)
    return rows[:, :-2].T @ (1 / (1 + np.exp(-rows[:, -2])) - rows[:, -1])


# %% wrong: rows in their order in memory
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    rows = jacobian.ravel(order="K").reshape(jacobian.shape)
    return rows.T @ (1 / (1 + np.exp(-a)) - y)


# %% right: the probabilities by the hyperbolic tangent
def binary_cross_entropy_gradient(jacobian, a, y):
    return np.einsum("nm,n->m", jacobian, (1 + np.tanh(np.asarray(a) / 2)) / 2 - y)


# %% wrong: the last label forgotten where all are ones
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    p = 1 / (1 + np.exp(-a))
    return (jacobian * p[:, None]).sum(axis=0) - jacobian[np.flatnonzero(y > 0.5)][: len(y) - 1].sum(axis=0)


# %% wrong: scores beyond 12 cut off
# fails: binary_cross_entropy_gradient_in_general
def binary_cross_entropy_gradient(jacobian, a, y):
    return jacobian.T @ (1 / (1 + np.exp(-np.clip(a, -12, 12))) - y)
