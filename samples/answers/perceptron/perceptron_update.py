# %% right: as the equation says
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) <= 0:
        return w + s * x
    return w


# %% right: the two mistakes apart
def perceptron_update(x, y, w):
    score = float(np.dot(w, x))
    if y == 1 and score <= 0:
        return w + x
    if y == 0 and score >= 0:
        return w - x
    return w.copy()


# %% right: a loop over the features
def perceptron_update(x, y, w):
    sign = 1 if y == 1 else -1
    score = sum(w_d * x_d for w_d, x_d in zip(w, x, strict=True))
    step = sign if sign * score <= 0 else 0
    return [w_d + step * x_d for w_d, x_d in zip(w, x, strict=True)]


# %% right: the mistake as a factor
def perceptron_update(x, y, w):
    s = 2 * y - 1
    return w + (s * np.dot(x, w) <= 0) * s * x


# %% wrong: the label itself, so that class 0 never moves anything
# fails: perceptron_update_after_a_mistake, perceptron_update_in_general
def perceptron_update(x, y, w):
    if (x @ w >= 0) != (y == 1) or x @ w == 0:
        return w + y * x
    return w


# %% wrong: the label where its sign belongs, in the question whether it is a mistake
# fails: perceptron_update_leaves_what_is_right, perceptron_update_in_general
def perceptron_update(x, y, w):
    if y * (x @ w) <= 0:
        return w + (2 * y - 1) * x
    return w


# %% wrong: a move after every observation
# fails: perceptron_update_leaves_what_is_right, perceptron_update_in_general
def perceptron_update(x, y, w):
    return w + (2 * y - 1) * x


# %% wrong: the sign of the move turned round
# fails: perceptron_update_after_a_mistake, perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) <= 0:
        return w - s * x
    return w


# %% wrong: a score of 0 taken for right
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) < 0:
        return w + s * x
    return w


# %% wrong: works in place
# fails: perceptron_update_leaves_what_is_right, perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) <= 0:
        w += s * x
    return w


# %% wrong: seen minus predicted, which forgets a score of 0 in class 1
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    return w + (y - int(x @ w >= 0)) * x


# %% wrong: seen minus score, the step of linear regression
# fails: perceptron_update_after_a_mistake, perceptron_update_leaves_what_is_right, perceptron_update_in_general
def perceptron_update(x, y, w):
    return w + (y - x @ w) * x


# %% wrong: the rule printed in B, which does nothing for missed positives
# fails: perceptron_update_after_a_mistake, perceptron_update_in_general
def perceptron_update(x, y, w):
    if x @ w >= 0 and y == 0:
        return w - x
    return w


# %% wrong: returns nothing when there is nothing to do
# fails: perceptron_update_leaves_what_is_right, perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) <= 0:
        return w + s * x


# %% wrong: a score of 0 a mistake for weights of zero only
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    if s * (x @ w) < 0 or not np.any(w):
        return w + s * x
    return w


# %% wrong: a score of 0 found by np.isclose
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s, score = 2 * y - 1, x @ w
    if s * score < 0 or np.isclose(score, 0):
        return w + s * x
    return w


# %% wrong: new weights in an array of the old type
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    new = w.copy()
    if s * (x @ w) <= 0:
        new[:] = w + s * x
    return new


# %% wrong: a row of weights
# fails: perceptron_update_after_a_mistake, perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    return (w + (s * (x @ w) <= 0) * s * x)[None]


# %% wrong: the feature that is 1 taken for a bias that stays
# fails: perceptron_update_after_a_mistake, perceptron_update_in_general
def perceptron_update(x, y, w):
    sign = 2 * y - 1
    if sign * (x @ w) > 0:
        return w
    return w + sign * np.where(x == 1, 0, x)


# %% wrong: barely right taken for a mistake
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    return w + s * x if s * (x @ w) <= 1e-12 else w


# %% wrong: barely right, in proportion to the lengths, taken for a mistake
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    return w + s * x if s * (x @ w) <= 1e-14 * np.linalg.norm(x) * np.linalg.norm(w) else w


# %% wrong: barely wrong taken for right
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 2 * y - 1
    return w + s * x if s * (x @ w) <= -1e-14 or x @ w == 0 else w


# %% wrong: knows the label 1 of Python's own integers only
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 1 if y is 1 else -1
    return w + s * x if s * (x @ w) <= 0 else w


# %% right: with match
def perceptron_update(x, y, w):
    match (np.sign(x @ w), bool(y)):
        case (1, True) | (-1, False):
            return w
        case (_, True):
            return np.add(w, x)
        case _:
            return np.subtract(w, x)


# %% wrong: a score below a billionth taken for zero
# fails: perceptron_update_in_general
def perceptron_update(x, y, w):
    s = 1 if y == 1 else -1
    return w + s * x if s * (x @ w) <= 1e-9 else w * 1.0
