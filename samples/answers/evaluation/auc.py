# %% right: widths times mean heights
def auc(x, y):
    return abs(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


# %% right: a loop over the pieces
def auc(x, y):
    area = 0.0
    for i in range(1, len(x)):
        area += abs(x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2
    return area


# %% right: numpy's own rule
def auc(x, y):
    return float(np.abs(np.trapezoid(y, x)))


# %% wrong: rectangles at the left height
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return np.sum(np.abs(np.diff(x)) * y[:-1])


# %% wrong: rectangles at the right height
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return np.sum(np.abs(np.diff(x)) * y[1:])


# %% wrong: negative from right to left
# fails: auc_in_general
def auc(x, y):
    return np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)


# %% wrong: the mean of the heights, as if the steps were even
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return np.mean(y)


# %% wrong: the half forgotten
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return np.sum(np.abs(np.diff(x)) * (y[1:] + y[:-1]))


# %% wrong: the area beside the curve, with x and y swapped
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return abs(np.trapezoid(x, y))


# %% wrong: sorts the coordinates and leaves the heights
# fails: auc_in_general
def auc(x, y):
    return np.trapezoid(y, np.sort(x))


# %% wrong: sorts the points from left to right
# fails: auc_in_general
def auc(x, y):
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    return np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)


# %% wrong: asks only the first step whether the curve falls
# fails: auc_in_general
def auc(x, y):
    if x[0] > x[1]:
        x, y = x[::-1], y[::-1]
    return np.trapezoid(y, x)


# %% wrong: turns the caller's arrays round
# fails: auc_in_general
def auc(x, y):
    if x[0] > x[-1]:
        x[:] = x[::-1].copy()
        y[:] = y[::-1].copy()
    return abs(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


# %% wrong: heights are taken for shares
# fails: auc_in_general
def auc(x, y):
    y = np.minimum(y, 1) if y.dtype.kind == "f" else y
    return abs(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


# %% wrong: one height for each coordinate
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    x, places = np.unique(x, return_index=True)
    y = y[places]
    return np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2)


# %% wrong: a division without a rest
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    return abs(np.sum(np.diff(x) * (y[1:] + y[:-1]) // 2))


# %% wrong: Simpson's rule
# fails: auc_of_small_curves, auc_in_general
def auc(x, y):
    from scipy.integrate import simpson

    return abs(float(simpson(y, x=x)))
