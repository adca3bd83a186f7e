# %% right: a share for each threshold
def roc_curve(y_true, scores):
    thresholds = np.append(np.inf, np.unique(scores)[::-1])
    fpr = np.array([np.mean(scores[y_true == 0] >= t) for t in thresholds])
    tpr = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    return fpr, tpr, thresholds


# %% right: loops and lists
def roc_curve(y_true, scores):
    n_positive = sum(1 for y in y_true if y == 1)
    n_negative = len(y_true) - n_positive
    fpr, tpr, thresholds = [0.0], [0.0], [float("inf")]
    for t in sorted(set(scores.tolist()), reverse=True):
        hits = sum(1 for y, s in zip(y_true, scores) if y == 1 and s >= t)
        alarms = sum(1 for y, s in zip(y_true, scores) if y == 0 and s >= t)
        fpr.append(alarms / n_negative)
        tpr.append(hits / n_positive)
        thresholds.append(t)
    return fpr, tpr, thresholds


# %% right: sorted once, cumulative sums, ties cut together
def roc_curve(y_true, scores):
    order = np.argsort(scores)[::-1]
    s, y = scores[order], y_true[order]
    last = np.append(np.diff(s) != 0, True)
    tpr = np.append(0, np.cumsum(y)[last] / np.sum(y))
    fpr = np.append(0, np.cumsum(1 - y)[last] / np.sum(1 - y))
    return fpr, tpr, np.append(np.inf, s[last])


# %% wrong: a score must exceed the threshold
# fails: roc_curve_on_a_small_example, roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.append(np.inf, np.unique(scores)[::-1])
    fpr = np.array([np.mean(scores[y_true == 0] > t) for t in thresholds])
    tpr = np.array([np.mean(scores[y_true == 1] > t) for t in thresholds])
    return fpr, tpr, thresholds


# %% wrong: equal scores cut one by one
# fails: roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    order = np.argsort(-scores)
    y = y_true[order]
    tpr = np.append(0, np.cumsum(y) / np.sum(y))
    fpr = np.append(0, np.cumsum(1 - y) / np.sum(1 - y))
    return fpr, tpr, np.append(np.inf, scores[order])


# %% wrong: the scores are taken for sorted
# fails: roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    last = np.append(np.diff(scores) != 0, True)
    tpr = np.append(0, np.cumsum(y_true)[last] / np.sum(y_true))
    fpr = np.append(0, np.cumsum(1 - y_true)[last] / np.sum(1 - y_true))
    return fpr, tpr, np.append(np.inf, scores[last])


# %% wrong: no point at infinity
# fails: roc_curve_on_a_small_example, roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.unique(scores)[::-1]
    fpr = np.array([np.mean(scores[y_true == 0] >= t) for t in thresholds])
    tpr = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    return fpr, tpr, thresholds


# %% wrong: both rates as shares of everybody
# fails: roc_curve_on_a_small_example, roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.append(np.inf, np.unique(scores)[::-1])
    fpr = np.array([np.mean((scores >= t) & (y_true == 0)) for t in thresholds])
    tpr = np.array([np.mean((scores >= t) & (y_true == 1)) for t in thresholds])
    return fpr, tpr, thresholds


# %% wrong: thresholds between 0 and 1, whatever the scores
# fails: roc_curve_on_a_small_example, roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.linspace(1, 0, 5)
    fpr = np.array([np.mean(scores[y_true == 0] >= t) for t in thresholds])
    tpr = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    return fpr, tpr, thresholds


# %% wrong: sorts the caller's arrays
# fails: roc_curve_in_general
def roc_curve(y_true, scores):
    order = np.argsort(-scores)
    scores[:], y_true[:] = scores[order], y_true[order]
    last = np.append(np.diff(scores) != 0, True)
    tpr = np.append(0, np.cumsum(y_true)[last] / np.sum(y_true))
    fpr = np.append(0, np.cumsum(1 - y_true)[last] / np.sum(1 - y_true))
    return fpr, tpr, np.append(np.inf, scores[last])


# %% wrong: scores that differ by little taken for equal
# fails: roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    scores = np.round(scores, 2)
    thresholds = np.concatenate([[np.inf], np.unique(scores)[::-1]])
    fpr = np.array([np.mean(scores[y_true == 0] >= t) for t in thresholds])
    tpr = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    return fpr, tpr, thresholds


# %% wrong: the curve begins a little off the corner
# fails: roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    t = np.concatenate([[np.inf], np.unique(scores)[::-1]])
    reached = scores >= t[:, None]
    fpr = np.array([r[y_true == 0].mean() for r in reached])
    tpr = np.array([r[y_true == 1].mean() for r in reached])
    fpr[0] = tpr[0] = 1e-9
    return fpr, tpr, t


# %% wrong: points on a straight piece left out
# fails: roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.concatenate([[np.inf], np.unique(scores)[::-1]])
    tpr = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    fpr = np.array([np.mean(scores[y_true == 0] >= t) for t in thresholds])
    bends = np.diff(tpr, 2).astype(bool) | np.diff(fpr, 2).astype(bool)
    kept = np.concatenate([[True], bends, [True]])
    return fpr[kept], tpr[kept], thresholds[kept]


# %% wrong: scores are rounded to twelve decimals
# fails: roc_curve_with_ties
def roc_curve(y_true, scores):
    scores = np.round(scores, 12)
    t = np.r_[np.inf, np.unique(scores)[::-1]]
    reach = scores >= t[:, None]
    tpr = reach[:, y_true == 1].mean(axis=1)
    fpr = reach[:, y_true == 0].mean(axis=1)
    return fpr, tpr, t


# %% wrong: scores that differ by 1e-10 of themselves taken for equal
# fails: roc_curve_with_ties
def roc_curve(y_true, scores):
    s = np.sort(scores)
    g = np.r_[True, np.diff(s) > 1e-10 * np.abs(s[1:])]
    scores = s[g][np.cumsum(g) - 1][np.argsort(np.argsort(scores))]
    t = np.r_[np.inf, np.unique(scores)[::-1]]
    reach = scores >= t[:, None]
    tpr = reach[:, y_true == 1].mean(axis=1)
    fpr = reach[:, y_true == 0].mean(axis=1)
    return fpr, tpr, t


# %% wrong: begins one above the largest score
# fails: roc_curve_on_a_small_example, roc_curve_with_ties, roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.unique(scores)[::-1]
    thresholds = np.append(thresholds[0] + 1, thresholds)
    called = scores >= thresholds[:, None]
    return called[:, y_true == 0].mean(axis=1), called[:, y_true == 1].mean(axis=1), thresholds


# %% wrong: the labels of floats taken for indices
# fails: roc_curve_in_general
def roc_curve(y_true, scores):
    thresholds = np.append(np.inf, np.unique(scores)[::-1])
    fpr, tpr = [], []
    for t in thresholds:
        table = np.zeros((2, 2))
        for label, score in zip(y_true, scores):
            table[label, int(score >= t)] += 1
        fpr.append(table[0, 1] / table[0].sum())
        tpr.append(table[1, 1] / table[1].sum())
    return fpr, tpr, thresholds


# %% wrong: scores in single precision
# fails: roc_curve_with_ties
def roc_curve(y_true, scores):
    scores = np.asarray(scores, dtype=np.float32)
    thresholds = np.append(np.inf, np.unique(scores)[::-1])
    called = scores >= thresholds[:, None]
    return called[:, y_true == 0].mean(axis=1), called[:, y_true == 1].mean(axis=1), thresholds
