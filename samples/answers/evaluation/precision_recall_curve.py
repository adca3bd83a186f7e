# %% right: a share for each threshold
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    precision = [np.mean(y_true[scores >= t]) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(precision + [1.0]), np.array(recall + [0.0]), thresholds


# %% right: loops and lists
def precision_recall_curve(y_true, scores):
    precision, recall, thresholds = [], [], []
    for t in sorted(set(scores.tolist())):
        hits = sum(1 for y, s in zip(y_true, scores) if y == 1 and s >= t)
        called = sum(1 for s in scores if s >= t)
        precision.append(hits / called)
        recall.append(hits / sum(y_true))
        thresholds.append(t)
    return precision + [1], recall + [0], thresholds


# %% right: one table of comparisons
def precision_recall_curve(y_true, scores):
    thresholds = np.array(sorted(set(scores.tolist())))
    called = scores[None, :] >= thresholds[:, None]
    hits = called @ (y_true == 1).astype(int)
    precision = np.append(hits / called.sum(axis=1), 1)
    return precision, np.append(hits / np.sum(y_true == 1), 0), thresholds


# %% wrong: from high to low
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)[::-1]
    precision = [np.mean(y_true[scores >= t]) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(precision + [1.0]), np.array(recall + [0.0]), thresholds


# %% wrong: a score must exceed the threshold
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    precision = [np.sum(y_true[scores > t]) / max(np.sum(scores > t), 1) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] > t) for t in thresholds]
    return np.array(precision + [1.0]), np.array(recall + [0.0]), thresholds


# %% wrong: no closing point
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    precision = np.array([np.mean(y_true[scores >= t]) for t in thresholds])
    recall = np.array([np.mean(scores[y_true == 1] >= t) for t in thresholds])
    return precision, recall, thresholds


# %% wrong: recall first
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    precision = [np.mean(y_true[scores >= t]) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(recall + [0.0]), np.array(precision + [1.0]), thresholds


# %% wrong: closes with precision 0
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    precision = [np.mean(y_true[scores >= t]) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(precision + [0.0]), np.array(recall + [0.0]), thresholds


# %% wrong: every score a threshold, the equal ones too
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.sort(scores)
    precision = [np.mean(y_true[scores >= t]) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(precision + [1.0]), np.array(recall + [0.0]), thresholds


# %% wrong: the false positive rate in the place of the precision
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    fpr = [np.mean(scores[y_true == 0] >= t) for t in thresholds]
    recall = [np.mean(scores[y_true == 1] >= t) for t in thresholds]
    return np.array(fpr + [1.0]), np.array(recall + [0.0]), thresholds


# %% wrong: scores are rounded to six decimals
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    scores = np.round(scores, 6)
    t = np.unique(scores)
    reached = scores >= t[:, None]
    hits = (reached & (y_true == 1)).sum(axis=1)
    precision, recall = hits / reached.sum(axis=1), hits / y_true.sum()
    return np.append(precision, 1.0), np.append(recall, 0.0), t


# %% wrong: needs a negative
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    if y_true.all():
        raise ValueError("only one class")
    t = np.unique(scores)
    reached = scores >= t[:, None]
    hits = (reached & (y_true == 1)).sum(axis=1)
    precision, recall = hits / reached.sum(axis=1), hits / y_true.sum()
    return np.append(precision, 1.0), np.append(recall, 0.0), t


# %% wrong: scores are rounded to twelve decimals
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    scores = np.round(scores, 12)
    t = np.unique(scores)
    reach = scores >= t[:, None]
    hits = (reach & (y_true == 1)).sum(axis=1)
    precision = np.append(hits / reach.sum(axis=1), 1.0)
    recall = np.append(hits / np.sum(y_true == 1), 0.0)
    return precision, recall, t


# %% wrong: scores that differ by 1e-10 of themselves taken for equal
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    s = np.sort(scores)
    g = np.r_[True, np.diff(s) > 1e-10 * np.abs(s[1:])]
    scores = s[g][np.cumsum(g) - 1][np.argsort(np.argsort(scores))]
    t = np.unique(scores)
    reach = scores >= t[:, None]
    hits = (reach & (y_true == 1)).sum(axis=1)
    precision = np.append(hits / reach.sum(axis=1), 1.0)
    recall = np.append(hits / np.sum(y_true == 1), 0.0)
    return precision, recall, t


# %% wrong: labels must be integers
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    t = np.unique(scores)
    reach = scores >= t[:, None]
    hits = (reach & (y_true)).sum(axis=1)
    precision = np.append(hits / reach.sum(axis=1), 1.0)
    recall = np.append(hits / np.sum(y_true == 1), 0.0)
    return precision, recall, t


# %% wrong: precision that never falls
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    called = scores >= thresholds[:, None]
    hits = (called * y_true).sum(axis=1)
    precision = np.append(hits / called.sum(axis=1), 1.0)
    return np.maximum.accumulate(precision), np.append(hits / np.sum(y_true), 0.0), thresholds


# %% wrong: ends where everything is found
# fails: precision_recall_curve_on_a_small_example, precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    thresholds = np.unique(scores)
    called = scores >= thresholds[:, None]
    hits = (called * y_true).sum(axis=1)
    first = np.flatnonzero(hits == np.sum(y_true))[-1]
    precision = np.append(hits / called.sum(axis=1), 1.0)
    return precision[first:], np.append(hits / np.sum(y_true), 0.0)[first:], thresholds[first:]


# %% wrong: scores in single precision
# fails: precision_recall_curve_in_general
def precision_recall_curve(y_true, scores):
    scores = np.asarray(scores, dtype=np.float32)
    thresholds = np.unique(scores)
    called = scores >= thresholds[:, None]
    hits = (called * y_true).sum(axis=1)
    precision = np.append(hits / called.sum(axis=1), 1.0)
    return precision, np.append(hits / np.sum(y_true), 0.0), thresholds
